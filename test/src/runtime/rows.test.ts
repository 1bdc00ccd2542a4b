import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, overwriteRows } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";

/** tfjs's own function of the same values is the oracle. */
function expected(matrix: tf.Tensor, places: tf.Tensor, values: tf.Tensor): number[][] {
  return tf.tidy(() => tf.tensorScatterUpdate(matrix, places.expandDims(1), values).arraySync() as number[][]);
}

const places = tf.tensor1d([3, 0], "int32");
const values = tf.tensor2d([
  [10, 20],
  [30, 40],
]);
const fresh = () => tf.range(0, 8).reshape([4, 2]);

test("rows are overwritten, the others stay", () => {
  const wanted = expected(fresh(), places, values);
  assert.deepEqual(overwriteRows(fresh(), places, values).arraySync(), wanted);
});

test("in a compiled function, one run after the other on what the last one left", () => {
  const step = compile((matrix: tf.Tensor, at: tf.Tensor, value: tf.Tensor) => overwriteRows(matrix, at, value));
  let matrix: tf.Tensor = fresh();
  let wanted: tf.Tensor = fresh();
  for (const row of [1, 2, 3, 1]) {
    const at = tf.tensor1d([row], "int32");
    const value = tf.fill([1, 2], row * 7);
    wanted = tf.tensor(expected(wanted, at, value));
    matrix = step(matrix, at, value);
    assert.deepEqual(matrix.arraySync(), wanted.arraySync());
  }
});
