import assert from "node:assert/strict";
import { test } from "node:test";
import { codePointOffset, readCode, utf16Offset } from "../../../kernel/protocol/code.js";

test("cursor positions are converted around characters outside the basic plane", () => {
  const text = "a∇😀b👩‍🚀";
  assert.equal(utf16Offset(text, 2), 2);
  assert.equal(utf16Offset(text, 3), 4);
  assert.equal(utf16Offset(text, 4), 5);
  for (let count = 0; count <= [...text].length; count++) {
    assert.equal(codePointOffset(text, utf16Offset(text, count)), count);
  }
});

test("positions outside the text are clamped, and none means the end", () => {
  assert.equal(utf16Offset("😀", 9), 2);
  assert.equal(utf16Offset("😀", -1), 0);
  assert.equal(codePointOffset("😀", 9), 1);
  assert.deepEqual(readCode({ code: "😀x" }), { code: "😀x", offset: 3, level: 0 });
  assert.equal(readCode({ cursor_pos: 1 }), undefined);
});
