import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "../../../src/runtime/tf.js";

/** f, f', f'', … at `x`. */
function derivatives(f: (x: tf.Tensor) => tf.Tensor, x: number, count: number): number[] {
  const values: number[] = [];
  let of = f;
  for (let i = 0; i <= count; i++) {
    values.push(of(tf.scalar(x)).dataSync()[0] as number);
    of = tf.grad(of);
  }
  return values;
}

function near(got: readonly number[], expected: readonly number[]): void {
  got.forEach((value, i) => {
    const wanted = expected[i] as number;
    assert.ok(
      Math.abs(value - wanted) < 1e-5 * Math.max(1, Math.abs(wanted)),
      `derivative ${i}: ${value}, not ${wanted}`,
    );
  });
}

test("operations that save what they gave can be derived again and again", () => {
  const s = 1 / (1 + Math.exp(-0.3));
  near(derivatives(tf.sigmoid, 0.3, 3), [
    s,
    s * (1 - s),
    s * (1 - s) * (1 - 2 * s),
    s * (1 - s) * (1 - 6 * s + 6 * s * s),
  ]);
  near(derivatives(tf.exp, 0.3, 4), Array(5).fill(Math.exp(0.3)));
  near(derivatives(tf.sqrt, 4, 3), [2, 1 / 4, -1 / 32, 3 / 256]);
});

test("the fourth power has four derivatives", () => {
  near(
    derivatives((x) => tf.mul(tf.square(x), tf.square(x)), 2, 4),
    [16, 32, 48, 48, 24],
  );
});

test("a condition on the variable is no obstacle", () => {
  const f = (x: tf.Tensor) => tf.where(tf.less(x, 0), tf.neg(x), tf.square(x)).sum();
  assert.deepEqual(
    tf
      .grad(f)(tf.tensor1d([-2, 3]))
      .arraySync(),
    [-1, 6],
  );
});

test("what leads to the result over truth values only has the gradient 0, and what does not lead there none", () => {
  const x = tf.tensor1d([-1, 2]);
  const count = (x: tf.Tensor) => tf.cast(tf.greater(x, 0), "float32").sum();
  assert.deepEqual(tf.grad(count)(x).arraySync(), [0, 0]);
  assert.throws(() => tf.grad(() => tf.ones([2]).sum())(x), /Cannot compute gradient of y=f\(x\)/);
});

test("of an operation with many outputs, those that nobody uses need no gradient", () => {
  const f = (x: tf.Tensor) => tf.square(tf.split(x, 3)[1] as tf.Tensor).sum();
  assert.deepEqual(
    tf
      .grad(f)(tf.tensor1d([1, 2, 3]))
      .arraySync(),
    [0, 4, 0],
  );
});

test("a gradient that is handed on as it came stays the tensor of whoever made it", () => {
  const both = tf.customGrad((a, b) => ({
    value: tf.add(a as tf.Tensor, b as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [dy, dy],
  }));
  const dy = tf.tensor1d([1, 2]);
  const f = (a: tf.Tensor, b: tf.Tensor) => tf.add(both(a, b), tf.mul(a, b));
  const [da, db] = tf.grads(f)([tf.tensor1d([3, 4]), tf.tensor1d([5, 6])], dy) as [tf.Tensor, tf.Tensor];
  assert.deepEqual(
    [da.arraySync(), db.arraySync()],
    [
      [6, 14],
      [4, 10],
    ],
  );
  assert.deepEqual(dy.arraySync(), [1, 2]);
});

test("derivatives of any order leave no tensors behind", () => {
  const x = tf.tensor1d([0.1, 0.2]);
  const before = tf.memory().numTensors;
  const slope = (x: tf.Tensor) => tf.grad((x) => tf.softmax(tf.sigmoid(x)))(x);
  tf.tidy(() =>
    tf
      .grad((x) => tf.square(slope(x)))(x)
      .dataSync(),
  );
  assert.equal(tf.memory().numTensors, before);
});
