import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { nodeOptions } from "../../kernel/node-options.js";
import { root } from "../root.js";
import { temporary } from "./killing.js";

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function nabla(args: readonly string[], env: NodeJS.ProcessEnv = {}): Said {
  const nabla = join(root, "bin", "nabla.cjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [nabla, ...args], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

test("a mistyped command or option is named, with the nearest one that exists", () => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["strat"], /command: expected start, setup, .*got strat\. Did you mean start\?/],
    [["setup", "--cdua"], /setup option: expected --cpu, --cuda, got --cdua\. Did you mean --cuda\?/],
    [["start", "--no-browsr"], /got --no-browsr\. Did you mean --no-browser\?/],
    [["setup", "--constructor"], /setup option: expected --cpu, --cuda, got --constructor/],
    [["start", "--port"], /start: expected a value after --port, got none/],
    [["setup", "--cpu", "--cuda"], /setup: expected one of --cpu, --cuda, got both/],
    [["doctor", "please"], /doctor: expected options only, got please/],
    [["install"], /install: expected one of --user, --sys-prefix, --prefix DIR, got none/],
    [["frobnicate"], /got frobnicate\. `npx nabla help` lists them all/],
  ];
  for (const [args, message] of cases) {
    const { code, err } = nabla(args);
    assert.equal(code, 1);
    assert.match(err, message);
    assert.equal(err.trim().split("\n").length, 1, err);
  }
});

test("help names every command, and a command explains itself", () => {
  const { code, out } = nabla(["help"]);
  assert.equal(code, 0);
  for (const name of ["start", "setup", "install", "uninstall", "doctor", "demo"])
    assert.match(out, new RegExp(`nabla ${name}`));
  assert.match(nabla(["install", "--help"]).out, /nabla install --user \| --sys-prefix \| --prefix DIR/);
});

test("install puts kernel and extension where a Jupyter with that prefix looks, and uninstall takes them out", (context) => {
  const prefix = join(temporary(context), "a prefix");
  const { code, out, err } = nabla(["install", "--prefix", prefix], { NABLA_HOME: "moved/cache" });
  assert.equal(code, 0, err);
  const kernel = join(prefix, "share/jupyter/kernels/nabla");
  const extension = join(prefix, "share/jupyter/labextensions/nabla-figures");
  assert.ok(out.includes(kernel) && out.includes(extension), out);
  assert.deepEqual(readdirSync(kernel).sort(), ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]);
  assert.deepEqual(JSON.parse(readFileSync(join(kernel, "kernel.json"), "utf8")), {
    argv: [
      ...["/bin/sh", join(root, "kernel/supervisor.sh")],
      ...[process.execPath, ...nodeOptions, join(root, "dist/kernel/main.js"), "{connection_file}"],
    ],
    display_name: "TypeScript (Nabla)",
    language: "typescript",
    interrupt_mode: "message",
    env: { NABLA_HOME: resolve("moved/cache") },
    metadata: { debugger: true },
  });
  for (const file of ["kernel/supervisor.sh", "dist/kernel/main.js", "dist/kernel/last-words.js"]) {
    assert.ok(existsSync(join(root, file)), file);
  }
  const manifest = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));
  assert.ok(existsSync(join(extension, manifest.jupyterlab._build.load)));

  assert.equal(nabla(["uninstall", "--prefix", prefix]).code, 0);
  assert.ok(!existsSync(kernel) && !existsSync(extension));
});

test("install --user goes to Jupyter's own data folder, and leaves other kernels alone", (context) => {
  const data = join(temporary(context), "jupyter data");
  mkdirSync(join(data, "kernels", "python3"), { recursive: true });
  assert.equal(nabla(["install", "--user"], { JUPYTER_DATA_DIR: data }).code, 0);
  assert.equal(nabla(["install", "--user"], { JUPYTER_DATA_DIR: data }).code, 0);
  assert.deepEqual(readdirSync(join(data, "kernels")).sort(), ["nabla", "python3"]);
  assert.deepEqual(readdirSync(join(data, "labextensions")), ["nabla-figures"]);
});

test("install into a folder that cannot be made is one message", (context) => {
  const file = join(temporary(context), "file");
  writeFileSync(file, "");
  const { code, err } = nabla(["install", "--prefix", file]);
  assert.equal(code, 1);
  assert.match(err, /install: expected to write into .*, got a file in its place/);
});
