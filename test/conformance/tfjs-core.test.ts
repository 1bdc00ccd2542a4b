import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { build } from "esbuild";
import { findRuntime } from "../../src/runtime/location.js";
import { root } from "../root.js";
import { knownFailures } from "./known-failures.js";
import type { Result } from "./run-specs.js";

const here = join(root, "dist/test/conformance");
const bundle = join(here, "bundle.mjs");
const output = join(here, "results.json");
const specFolder = join(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-core/package.json")), "dist");
const reasons = new Map(knownFailures.flatMap(({ reason, specs }) => specs.map((spec) => [spec, reason] as const)));

let results: readonly Result[] = [];

function isKnown(result: Result): boolean {
  return reasons.has(result.name);
}

before(
  async () => {
    await build({
      entryPoints: [join(here, "run-specs.js")],
      outfile: bundle,
      bundle: true,
      // tfjs-core's package file says that its specs have no side effects.
      ignoreAnnotations: true,
      platform: "node",
      format: "esm",
      mainFields: ["module", "main"],
      external: ["koffi", "jasmine-core", "jasmine-core/*", "node-fetch"],
      banner: { js: 'import { createRequire as make } from "node:module"; const require = make(import.meta.url);' },
    });
    const run = spawnSync(process.execPath, [bundle, output], { encoding: "utf8", maxBuffer: 2 ** 28 });
    assert.equal(run.status, 0, run.stderr.slice(-2000));
    results = JSON.parse(readFileSync(output, "utf8"));
  },
  { timeout: 300_000 },
);

test("every published spec of tfjs-core passes on TensorFlow, except those that are known to fail", () => {
  assert.ok(findRuntime(), "TensorFlow's libraries are needed: npx nabla setup");
  const files = readdirSync(specFolder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith("_test.js"),
  );
  const count = (status: string) => results.filter((result) => result.status === status).length;
  const failed = results.filter(({ status }) => status === "failed");
  console.log(
    `tfjs-core: ${files.length} spec files, ${results.length - count("pending")} specs run, ${count("passed")} passed, ` +
      `${failed.filter(isKnown).length} known to fail, ${count("pending")} switched off by tfjs-core`,
  );
  const surprises = failed.filter((result) => !isKnown(result)).map(({ name, messages }) => `${name}: ${messages[0]}`);
  assert.deepEqual(surprises, []);
  assert.ok(count("passed") > 4100, `only ${count("passed")} specs passed`);
});

test("every spec that is known to fail still exists and still fails", () => {
  const failed = new Set(results.filter(({ status }) => status === "failed").map(({ name }) => name));
  assert.deepEqual(
    [...reasons.keys()].filter((name) => !failed.has(name)),
    [],
  );
});

test("every spec file took part", () => {
  const imports = readFileSync(join(specFolder, "tests.js"), "utf8");
  const files = readdirSync(specFolder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith("_test.js"),
  );
  assert.deepEqual(
    files.filter((file) => !imports.includes(`'./${file.replace(/\.js$/, "")}'`)),
    [],
  );
});
