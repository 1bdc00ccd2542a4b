/** Losses against PyTorch 2.13; test/fixtures/parity.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError, ValueError } from "../../../src/errors.js";
import { type LossName, loss, lossNames } from "../../../src/nn/losses.js";
import { metric } from "../../../src/nn/metrics.js";
import * as tf from "../../../src/runtime/tf.js";
import { assertClose, fill, parity, tokens } from "../../parity.js";
import { secondGradientError } from "../runtime/differences.js";

const targets: Record<LossName, () => tf.Tensor> = {
  crossEntropy: () => tokens("y", 6, 3, 4),
  binaryCrossEntropy: () => fill("y", 3, 4).add(1).div(2),
  meanSquaredError: () => fill("y", 3, 4),
  meanAbsoluteError: () => fill("y", 3, 4),
};

for (const name of lossNames) {
  test(`${name} is PyTorch's, and so is its gradient`, () => {
    const shape = name === "crossEntropy" ? [3, 4, 6] : [3, 4];
    const x = fill("x", ...shape).mul(4);
    const { value, grad } = tf.valueAndGrad((p) => loss(name)(p, targets[name]()))(x);
    assert.equal(value.rank, 0);
    assertClose(value, [parity.losses[name]!.value], 1e-5, "value");
    assertClose(grad, parity.losses[name]!.gradient, 1e-5, "gradient");
  });
}

test("crossEntropy stays exact where the right class is hopeless", () => {
  const value = loss("crossEntropy")(tf.tensor2d([[1000, 0]]), tf.tensor1d([1], "int32"));
  assert.equal(value.dataSync()[0], 1000);
});

test("the gradient of each loss has a gradient, which differences confirm", () => {
  for (const name of lossNames) {
    // Away from |x − y| = 0, where the mean absolute error has a kink.
    const x = name === "crossEntropy" ? fill("x", 3, 4, 6) : fill("y", 3, 4).add(1).div(2).add(0.5);
    const error = secondGradientError((p) => loss(name)(p, targets[name]()), x);
    assert.ok(error < 1e-3, `${name}: ${error}`);
  }
});

test("crossEntropy names a label that is no class", () => {
  const labels = tf.tensor1d([1, 7], "int32");
  assert.throws(() => loss("crossEntropy")(tf.zeros([2, 3]), labels), /label value of 7 .* outside .*\[0, 3\)/);
});

test("a loss refuses targets of another shape instead of broadcasting them", () => {
  assert.throws(
    () => loss("meanSquaredError")(tf.zeros([4, 1]), tf.zeros([4])),
    new ShapeError({ what: "meanSquaredError", expected: "targets [4, 1], like the predictions", got: "[4]" }),
  );
  assert.throws(() => loss("crossEntropy")(tf.zeros([4, 3]), tf.zeros([4, 3], "int32")), ShapeError);
  assert.throws(() => metric("accuracy")(tf.zeros([4, 3]), tf.zeros([3], "int32")), ShapeError);
});

test("an unknown loss is answered with the nearest name", () => {
  assert.throws(
    () => loss("crossEntropie" as never),
    (error: unknown) => error instanceof ValueError && /Did you mean 'crossEntropy'\?/.test(error.message),
  );
});

test("accuracy is the share of positions whose highest score is the target", () => {
  const scores = tf.tensor3d([0.1, 0.9, 0.8, 0.2, 0.3, 0.7, 0.6, 0.4], [2, 2, 2]);
  const value = metric("accuracy")(scores, tf.tensor2d([1, 0, 1, 1], [2, 2], "int32"));
  assert.equal(value.dataSync()[0], 0.75);
});

test("a function is its own loss and its own metric", () => {
  const mine = (p: tf.Tensor, t: tf.Tensor) => p.sub(t).max();
  assert.equal(loss(mine), mine);
  assert.equal(metric(mine), mine);
});
