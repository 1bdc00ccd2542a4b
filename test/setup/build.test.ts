import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../root.js";
import { temporary } from "./killing.js";

function build(project: string, ...before: string[]): { code: number | null; err: string } {
  const { status, stderr } = spawnSync(process.execPath, [...before, join(project, "bin", "build.cjs")], {
    encoding: "utf8",
  });
  return { code: status, err: stderr };
}

test("it compiles when a source changed, not otherwise, and sweeps what has no source any more", (context) => {
  const project = temporary(context);
  for (const folder of ["bin", "src", "test"]) mkdirSync(join(project, folder));
  copyFileSync(join(root, "bin", "build.cjs"), join(project, "bin", "build.cjs"));
  copyFileSync(join(root, "tsconfig.json"), join(project, "tsconfig.json"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  writeFileSync(join(project, "src", "one.ts"), "export const one: number = 1;\n");
  writeFileSync(join(project, "test", "old.test.ts"), "export const old = true;\n");
  assert.match(build(project).err, /packages are not installed\. Run `npm ci`/);

  symlinkSync(join(root, "node_modules"), join(project, "node_modules"), "junction");
  const first = build(project);
  assert.equal(first.code, 0, first.err);
  assert.match(first.err, /compiling/);
  assert.ok(existsSync(join(project, "dist/src/one.js")) && existsSync(join(project, "dist/test/old.test.js")));
  assert.deepEqual(build(project), { code: 0, err: "" });

  writeFileSync(join(project, "src", "one.ts"), "export const one: string = 1;\n");
  const wrong = build(project);
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /src.one\.ts.*TS2322/);
  assert.equal(build(project).code, 1, "a failed compile must not count as done");

  writeFileSync(join(project, "src", "one.ts"), "export const one: number = 2;\n");
  rmSync(join(project, "test", "old.test.ts"));
  assert.equal(build(project).code, 0);
  assert.ok(!existsSync(join(project, "dist/test/old.test.js")) && existsSync(join(project, "dist/src/one.d.ts")));
});

test("a Node that is too old gets one message", (context) => {
  const pretend = join(temporary(context), "old.cjs");
  writeFileSync(
    pretend,
    'Object.defineProperty(process.versions, "node", { value: "18.20.4" }); Object.defineProperty(process, "version", { value: "v18.20.4" });',
  );
  const { code, err } = build(root, "--require", pretend);
  assert.equal(code, 1);
  assert.equal(
    err,
    "nabla: expected Node 20.12 or newer, got v18.20.4. Install it from https://nodejs.org and try again.\n",
  );
});
