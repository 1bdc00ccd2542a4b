import assert from "node:assert/strict";
import type { Debugger } from "node:inspector";
import { test } from "node:test";
import { Cells, urlOf } from "../../../kernel/debug/cells.js";
import { Scripts } from "../../../kernel/debug/scripts.js";

const map = '{"version":3,"sources":[],"names":[],"mappings":""}';

function parsed(scriptId: string, url: string): Debugger.ScriptParsedEventDataType {
  return { scriptId, url } as Debugger.ScriptParsedEventDataType;
}

test("of ten thousand cells that run while a debugger is attached, the latest are remembered, and all files", () => {
  const cells = new Cells();
  const scripts = new Scripts(cells);
  scripts.parsed(parsed("file", "file:///tmp/helper.mjs"));
  for (let count = 1; count <= 10_000; count++) {
    cells.ran({ cell: count, count, code: `let n = ${count};`, js: "", map });
    scripts.parsed(parsed(String(count), urlOf(count)));
  }
  assert.equal(scripts.get("1"), undefined);
  assert.equal(scripts.get("10000")?.count, 10_000);
  assert.equal(scripts.get("9000")?.count, 9000);
  assert.deepEqual(scripts.files(), ["/tmp/helper.mjs"]);
});

test("of texts that a front end shows again and again, the latest are remembered", () => {
  const cells = new Cells();
  const text = (index: number): string => `// ${index}${" ".repeat(100_000)}`;
  const paths = Array.from({ length: 200 }, (_, index) => cells.dump(text(index)));
  assert.equal(cells.text(paths[0]!), undefined);
  for (const index of [150, 199]) assert.equal(cells.text(paths[index]!), text(index));
  const whole = "x".repeat(9_000_000);
  assert.equal(cells.text(cells.dump(whole)), whole);
});
