import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loaderWith } from "../../../src/runtime/packages.js";

const folder = mkdtempSync(join(tmpdir(), "nabla-packages-"));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, code: string): string {
  writeFileSync(join(folder, name), code);
  return join(folder, name);
}

test("packages are replaced in a file and in those that it names relatively, others are Node's own", () => {
  write("part.js", "exports.version = require('util').version; exports.sep = require('path').sep;");
  const main = write("main.js", "exports.part = require('./part'); exports.here = __dirname;");
  const load = loaderWith(new Map([["util", { version: "replaced" }]]));
  assert.deepEqual({ ...(load(main) as object) }, { part: { version: "replaced", sep: "/" }, here: folder });
});

test("a file is run once, and may name itself in a circle", () => {
  write("a.js", "exports.runs = (globalThis.runs = (globalThis.runs ?? 0) + 1); exports.b = require('./b');");
  const b = write("b.js", "exports.a = require('./a');");
  const load = loaderWith(new Map());
  const first = load(b) as { a: { runs: number; b: unknown } };
  assert.equal(load(b), first);
  assert.equal(first.a.b, first);
  assert.equal(first.a.runs, 1);
});
