import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance, nearest } from "../../setup/suggest.js";

test("a slip of the finger is one edit", () => {
  assert.equal(editDistance("start", "start"), 0);
  assert.equal(editDistance("strat", "start"), 1);
  assert.equal(editDistance("stat", "start"), 1);
  assert.equal(editDistance("sttart", "start"), 1);
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("", "abc"), 3);
});

test("the nearest candidate is suggested, and none when all are far", () => {
  assert.equal(nearest("--cdua", ["--cpu", "--cuda"]), "--cuda");
  assert.equal(nearest("doctr", ["start", "doctor", "demo"]), "doctor");
  assert.equal(nearest("frobnicate", ["start", "doctor", "demo"]), undefined);
  assert.equal(nearest("x", []), undefined);
});
