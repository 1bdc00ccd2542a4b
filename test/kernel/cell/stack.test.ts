import assert from "node:assert/strict";
import { test } from "node:test";
import { codeOf, fileOf, rememberSource } from "../../../kernel/cell/stack.js";

test("the texts of the latest cells are kept for code frames, those of old ones are let go", () => {
  const emitted = (count: number) => ({ cell: count, count, js: "", map: "{}", code: `cell ${count}` });
  for (let count = 1; count <= 1500; count++) rememberSource(emitted(count));
  assert.equal(codeOf(fileOf(1)), undefined);
  assert.equal(codeOf(fileOf(1500)), "cell 1500");
  rememberSource({ ...emitted(600), code: "run again" });
  rememberSource(emitted(1501));
  assert.equal(codeOf(fileOf(600)), "run again");
});
