import assert from "node:assert/strict";
import { test } from "node:test";
import { createHistory } from "../../kernel/history.js";
import { readHistory } from "../../kernel/protocol/history.js";

const history = createHistory();
for (const [line, input] of ["let a = 1", "a", "let b = 2", "a", "f(x?)"].entries()) history.add(line + 1, input);
history.answer(4, "1");
const find = (content: object): unknown => {
  const request = readHistory(content as Record<string, unknown>);
  return request && history.find(request);
};

test("tail gives the newest entries, oldest first, with outputs when asked", () => {
  assert.deepEqual(find({ hist_access_type: "tail", n: 2 }), [
    [1, 4, "a"],
    [1, 5, "f(x?)"],
  ]);
  assert.deepEqual(find({ hist_access_type: "tail", n: 2, output: true }), [
    [1, 4, ["a", "1"]],
    [1, 5, ["f(x?)", null]],
  ]);
});

test("range gives lines of this session, its end excluded", () => {
  assert.deepEqual(find({ hist_access_type: "range", session: 0, start: 2, stop: 4 }), [
    [1, 2, "a"],
    [1, 3, "let b = 2"],
  ]);
  assert.deepEqual(find({ hist_access_type: "range", session: -1, start: 0 }), []);
});

test("search matches whole texts by * and ?, once each when unique", () => {
  assert.deepEqual(find({ hist_access_type: "search", pattern: "let*" }), [
    [1, 1, "let a = 1"],
    [1, 3, "let b = 2"],
  ]);
  assert.deepEqual(find({ hist_access_type: "search", pattern: "a", unique: true }), [[1, 4, "a"]]);
  assert.deepEqual(find({ hist_access_type: "search", pattern: "f(x?)" }), [[1, 5, "f(x?)"]]);
  assert.deepEqual(find({ hist_access_type: "search", pattern: "*", n: 1 }), [[1, 5, "f(x?)"]]);
});

test("an access type that does not exist is not a request", () => {
  assert.equal(find({ hist_access_type: "everything" }), undefined);
});
