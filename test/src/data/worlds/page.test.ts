/** docs/worlds.md: its examples compile, run, and give what they say; its picture is what the worlds look like. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";
import ts from "typescript";
import { data } from "../../../../src/index.js";
import { root } from "../../../root.js";
import { compile } from "../../../types/compile.js";
import { sheet } from "./sheet.js";

const page = readFileSync(join(root, "docs/worlds.md"), "utf8");
/** The examples, which go on from each other. */
const example = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, text]) => text!).join("");

test("the examples compile", () => {
  const [result] = compile([example.replace('"nabla"', '"../../src/index.js"')], "");
  assert.deepEqual(result!.errors, []);
  assert.deepEqual(result!.any, []);
});

test("types know the shape of an example: sizes that were given, and defaults", () => {
  const lines = [
    "const a = data.worlds.roads().train.inputShape;",
    "const b = data.worlds.lesions({ size: 32, train: 10 }).test.inputShape;",
    "const c = data.worlds.facePairs({ people: 9 }).train.inputShape;",
    "const d = data.worlds.adding({ length: 7 }).train.inputShape;",
    "const e = data.worlds.toneWords({ signalToNoise: 3 }).train.inputShape;",
  ];
  const [good, bad] = compile(
    [lines.join("\n"), 'data.worlds.satelliteTiles({ targets: "masks" });'],
    'import { data } from "../../src/index.js";\n',
  );
  assert.deepEqual(good!.errors, []);
  assert.deepEqual(good!.types, {
    a: "readonly [64, 64, 3]",
    b: "readonly [32, 32, 3]",
    c: "readonly [2, 48, 48, 1]",
    d: "readonly [7, 2]",
    e: "readonly [4000]",
  });
  assert.match(bad!.errors[0]!.message, /"masks"/);
});

test("the examples run, and give what they say", async () => {
  const said = /^(.*); \/\/ → (.*)$/gm;
  const checks = [...example.matchAll(said)];
  assert.ok(checks.length >= 11);
  const typescript = example
    .replace(said, (_, expression, value) => `results.push([${expression}, ${value}]);`)
    .replace('"nabla"', JSON.stringify(pathToFileURL(join(root, "dist/src/index.js")).href));
  const whole = `export const results: [unknown, unknown][] = [];\n${typescript}`;
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const folder = mkdtempSync(join(tmpdir(), "nabla-worlds-"));
  try {
    const file = join(folder, "example.mjs");
    writeFileSync(file, ts.transpileModule(whole, { compilerOptions: options }).outputText);
    const { results } = (await import(pathToFileURL(file).href)) as { results: [unknown, unknown][] };
    assert.equal(results.length, checks.length);
    for (const [place, [got, expected]] of results.entries()) assert.deepEqual(got, expected, checks[place]![1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the page names every world", () => {
  const makers = Object.keys(data.worlds).filter((name) => /^[a-z]/.test(name) && !name.startsWith("lattice"));
  assert.equal(makers.length, 17);
  for (const name of makers) assert.ok(page.includes(`\`${name}\``), name);
});

test("docs/worlds.png is what write-sheet.ts makes", () => {
  const [there, here] = [readFileSync(join(root, "docs/worlds.png")), sheet()].map(pixelsOf) as [Buffer, Buffer];
  assert.equal(there.length, here.length);
  // Another Node may compute a sine with another last digit, and compress differently.
  const others = there.reduce((count, byte, at) => count + Number(byte !== here[at]), 0);
  assert.ok(others < there.length / 1000, `${others} bytes differ: node dist/test/src/data/worlds/write-sheet.js`);
});

/** The rows of a PNG of our own, with the filter before each. */
function pixelsOf(png: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const body = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(body);
  }
  return inflateSync(Buffer.concat(parts));
}
