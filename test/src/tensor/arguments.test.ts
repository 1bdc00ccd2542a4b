import assert from "node:assert/strict";
import { test } from "node:test";
import { checkOptions, oneOf, show } from "../../../src/tensor/arguments.js";

test("unknown names and options are refused with what is known", () => {
  assert.throws(
    () => oneOf("loss", "mse", ["meanSquaredError"]),
    /^ValueError: loss: expected "meanSquaredError", got "mse"\. Did you mean 'meanSquaredError'\?$/,
  );
  assert.throws(() => checkOptions("fit", { epoch: 1 }, ["epochs"]), /got 'epoch'\. Did you mean 'epochs'\?$/);
  assert.throws(() => checkOptions("fit", null as never, ["epochs"]), /expected options \{ epochs \}, got null/);
  checkOptions("fit", {}, ["epochs"]);
});

test("values are shown as they were written", () => {
  assert.equal(show([1, "a", null, undefined, new Map()]), '[1, "a", null, undefined, Map]');
  assert.equal(
    show(() => 1),
    "a function",
  );
});
