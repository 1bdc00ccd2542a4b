import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { ValueError } from "../../../../src/errors.js";
import * as tf from "../../../../src/runtime/tf.js";
import { gradientError, hostReads, random, secondGradientError } from "../differences.js";

/** Indices for an axis of that size; what they are does not matter, that some repeat does. */
function someIndices(shape: number[], size: number): tf.Tensor {
  const count = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Int32Array.from({ length: count }, (_, i) => (i * i + 1) % size),
    shape,
    "int32",
  );
}

/** Shapes of x and indices, axis, batch dimensions. */
const cases: readonly (readonly [number[], number[], number, number])[] = [
  [[4], [], 0, 0],
  [[4, 3], [5], 0, 0],
  [[4, 3], [2, 5], 1, 0],
  [[2, 4, 3], [2, 3], -1, 0],
  [[2, 4, 3], [2, 5], 1, 1],
  [[2, 4, 3], [2, 5, 2], 2, 1],
  [[2, 3, 4, 2], [2, 3, 5], -1, 2],
  [[2, 3, 2], [2, 3], 2, 2],
];

test("the first and second derivative of gather agree with differences, along any axis and with any number of batch dimensions", () => {
  for (const [shape, indexShape, axis, batchDims] of cases) {
    const x = random(shape, 7);
    const indices = someIndices(indexShape, shape.at(axis) as number);
    const f = (x: tf.Tensor) => tf.square(tf.gather(x, indices, axis, batchDims));
    const name = JSON.stringify([shape, indexShape, axis, batchDims]);
    assert.ok(gradientError(f, x) < 1e-4, `first: ${name}`);
    assert.ok(secondGradientError(f, x) < 1e-4, `second: ${name}`);
  }
});

test("neither gather nor its gradient reads anything on the host", () => {
  const x = tf.mul(tf.ones([4, 3]), 2);
  const indices = tf.add(tf.tensor1d([0, 1, 1], "int32"), tf.scalar(1, "int32"));
  assert.equal(
    hostReads(() => tf.grad((x) => tf.gather(x, indices).square().sum())(x)),
    0,
  );
  assert.equal(
    hostReads(() => x.dataSync()),
    1,
  );
});

test("an index out of range is an error that says which range it is", () => {
  assert.throws(
    () => tf.gather(tf.ones([2, 3]), [0, 1, 3], 1),
    (error: Error) => {
      assert.ok(error instanceof ValueError);
      assert.match(error.message, /^gather: expected indices from 0 to 2 for axis 1 of \[2, 3\], got 3\./);
      return true;
    },
  );
});

test("gradients of our own stay when tfjs's umbrella package is loaded later, until they are taken away", () => {
  const ours = tf.getGradient("GatherV2");
  createRequire(import.meta.url)("@tensorflow/tfjs");
  assert.equal(tf.getGradient("GatherV2"), ours);
  tf.unregisterGradient("GatherV2");
  const another = { ...ours };
  tf.registerGradient(another);
  assert.equal(tf.getGradient("GatherV2"), another);
  tf.registerGradient(ours);
});
