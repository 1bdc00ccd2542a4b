import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../root.js";

const folder = join(root, "setup", "locks");
const locks = readdirSync(folder).filter((name) => name.endsWith(".lock"));

test("every pinned Python package has hashes, and no lock names a registry", () => {
  assert.deepEqual(locks.sort(), ["requirements.lock", "tensorflow-cpu.lock", "tensorflow-cuda.lock"]);
  for (const name of locks) {
    const text = readFileSync(join(folder, name), "utf8");
    assert.doesNotMatch(text, /:\/\/|index-url|find-links/, name);
    const pins = text.split(/^(?=[\w.-]+==)/m).slice(1);
    assert.ok(pins.length > 0);
    for (const pin of pins) assert.match(pin, /--hash=sha256:[0-9a-f]{64}/, `${name}: ${pin.split("\n")[0]}`);
  }
});

test("what the issue's user gets is pinned", () => {
  const text = readFileSync(join(folder, "requirements.lock"), "utf8");
  for (const pin of ["jupyterlab==4.6.6 ", "nbclient==", "nbconvert==", "pip=="])
    assert.ok(text.includes(`\n${pin}`), pin);
});

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

test("npm's lock file has a hash for every package, none of a registry's addresses, and all platforms", () => {
  const text = readFileSync(join(root, "package-lock.json"), "utf8");
  const packages = JSON.parse(text).packages as Readonly<Record<string, Locked>>;
  const names = Object.keys(packages).filter((name) => name !== "");
  assert.deepEqual(
    names.filter((name) => packages[name]?.resolved !== undefined),
    [],
  );
  assert.deepEqual(
    names.filter((name) => !packages[name]?.integrity && !packages[name]?.link),
    [],
  );
  // npm ci refuses a lock file that lacks a package for some other platform than the one it was written on.
  const missing = names.flatMap((name) =>
    Object.keys(packages[name]?.optionalDependencies ?? {})
      .filter((wanted) => !packages[`node_modules/${wanted}`] && !packages[`${name}/node_modules/${wanted}`])
      .map((wanted) => `${name} → ${wanted}`),
  );
  assert.deepEqual(missing, []);
});
