import assert from "node:assert/strict";
import { test } from "node:test";
import { breakables } from "../../../kernel/language/breakable.js";

/** Where breakpoints may stand: `line:column`, with `!` where something else begins within. */
function places(code: string): string[] {
  return breakables(code).map(({ line, column, simple }) => `${line}:${column}${simple ? "" : "!"}`);
}

test("statements, bodies of arrows and initial values may have breakpoints, what vanishes may not", () => {
  assert.deepEqual(places("let a;\nlet b = 1;\nif (b) {\n  f(() => b);\n}"), ["1:0", "2:0!", "3:2!", "3:10"]);
  assert.deepEqual(places("type T = 1;\ndeclare const d: T;\nimport 'x';\nclass C {\n  p = 1;\n  q;\n}"), [
    "3:0!",
    "4:2",
  ]);
});

test("casts and elements are both read, as the text has the one or the other", () => {
  assert.deepEqual(places("const a = <number>b;\nf();"), ["0:0", "1:0"]);
  assert.deepEqual(places("const a = <b>text</b>;\nf();"), ["0:0", "1:0"]);
});
