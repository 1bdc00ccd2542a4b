import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findPython, lookAt } from "../../setup/python.js";
import { temporary } from "./killing.js";

/** A program that answers as a Python of that kind would. */
function pretend(folder: string, name: string, version: string, missing: readonly string[] = [], bits = 64): string {
  const file = join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho '${JSON.stringify({ file, version, missing, bits })}'\n`);
  chmodSync(file, 0o755);
  return file;
}

test("the real Python tells its path and version", async () => {
  const python = await findPython();
  assert.match(python.version, /^3\.1[0-4]\.\d+$/);
  assert.equal((await lookAt(python.file))?.version, python.version);
});

test("Pythons that will not do are passed over, on the path and among pyenv's and uv's", async (context) => {
  const folder = temporary(context);
  const path = join(folder, "bin");
  pretend(path, "python3", "3.9.18");
  pretend(path, "python", "2.7.18");
  pretend(path, "python3.12", "3.12.1", ["ensurepip"]);
  const good = pretend(path, "python3.11", "3.11.7");
  assert.deepEqual(await findPython({ PATH: path, HOME: folder }), { file: good, version: "3.11.7" });

  const old = join(folder, "old");
  pretend(old, "python3", "3.9.18");
  const pyenv = pretend(join(folder, ".pyenv/versions/3.13.0/bin"), "python3", "3.13.0");
  assert.equal((await findPython({ PATH: old, HOME: folder })).file, pyenv);
  const uv = pretend(join(folder, ".local/share/uv/python/cpython-3.14/bin"), "python3", "3.14.0");
  assert.equal((await findPython({ PATH: old, HOME: folder })).file, uv);
});

test("NABLA_PYTHON is the only one that is looked at", async (context) => {
  const folder = temporary(context);
  const named = pretend(folder, "my python", "3.10.2");
  assert.equal((await findPython({ NABLA_PYTHON: named, PATH: process.env.PATH })).file, named);
  await assert.rejects(
    findPython({ NABLA_PYTHON: join(folder, "none"), PATH: process.env.PATH }),
    /none, which does not run/,
  );
});

test("a missing venv module is one message, with the package that brings it", async (context) => {
  const python = pretend(temporary(context), "python3", "3.11.2", ["ensurepip"]);
  await assert.rejects(findPython({ NABLA_PYTHON: python }), {
    name: "SetupProblem",
    message:
      /expected Python 3\.10 to 3\.14 with its venv module, got .*3\.11\.2 has no ensurepip module\. Install .*venv.*NABLA_PYTHON/,
  });
});

test("a Python that is too old, or of 32 bits, is named with the way out", async (context) => {
  const folder = temporary(context);
  const old = pretend(folder, "old", "3.8.18");
  await assert.rejects(
    findPython({ NABLA_PYTHON: old }),
    /got only .*3\.8\.18, which is not one of these\. Install one/,
  );
  const small = pretend(folder, "small", "3.12.0", [], 32);
  await assert.rejects(findPython({ NABLA_PYTHON: small }), /which is a 32-bit build/);
});
