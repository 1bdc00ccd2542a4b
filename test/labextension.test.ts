import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "dist", "labextension");

function build(): void {
  const run = spawnSync(process.execPath, [join(root, "labextension", "build.mjs")], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
}

test("the extension builds from npm's packages into a folder that JupyterLab can load, and only when it must", () => {
  build();
  const { name, jupyterlab } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  assert.equal(name, "nabla-figures");
  assert.equal(jupyterlab._build.extension, "./extension", "a normal plugin, so that it can register a second time");
  const entry = join(folder, jupyterlab._build.load);
  const first = statSync(entry).mtimeMs;
  build();
  assert.equal(statSync(entry).mtimeMs, first);
});
