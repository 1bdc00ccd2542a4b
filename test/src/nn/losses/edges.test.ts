/** Losses at the edges of numbers: zeros, what is nearly sure, what is hopeless, other kinds of numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as losses from "../../../../src/nn/losses/index.js";
import { loss } from "../../../../src/nn/losses/names.js";
import * as tf from "../../../../src/runtime/tf.js";
import { assertClose } from "../../../parity.js";

test("crossEntropy stays exact where the right class is hopeless", () => {
  const value = loss("crossEntropy")(tf.tensor2d([[1000, 0]]), tf.tensor1d([1], "int32"));
  assert.equal(value.dataSync()[0], 1000);
});

test("a variance below the least one still learns, and large logarithms of variances stay finite", () => {
  for (const [logVariance, small] of [
    [false, 1e-9],
    [true, -30],
  ] as const) {
    const loss = losses.gaussianNll({ logVariance });
    const slope = tf
      .grad((x) => loss(x, tf.tensor2d([[1]])))(tf.tensor2d([[0, small]]))
      .dataSync();
    assert.ok(Number.isFinite(slope[1]!) && slope[1]! < -1e5, `it has to grow, as with torch: ${slope[1]}`);
  }
  const far = losses
    .gaussianNll()(tf.tensor2d([[0, 200]]), tf.tensor2d([[1]]))
    .dataSync()[0]!;
  assert.ok(Math.abs(far - 100) < 1e-3, `${far}`);
});

/** The slopes of a loss by differences of its values, a number at a time. */
function differences(loss: losses.KnownLoss, x: tf.Tensor, y: tf.Tensor, step: number): number[] {
  const shift = (index: number, by: number) => {
    const values = x.dataSync().slice();
    values[index]! += by;
    return loss(tf.tensor(values, x.shape), y).dataSync()[0]!;
  };
  return Array.from({ length: x.size }, (_, index) => (shift(index, step) - shift(index, -step)) / (2 * step));
}

test("logits that are exactly 0, as a head of zeros gives, have the slope that differences have", () => {
  const [zeros, answers] = [tf.zeros([1, 4]), tf.tensor2d([[0, 1, 0.3, 1]])];
  const smooth = {
    binaryCrossEntropy: losses.binaryCrossEntropy(),
    weighed: losses.binaryCrossEntropy({ posWeight: [1, 2, 3, 0] }),
    focal: losses.focal({ alpha: 0.25 }),
    logCosh: losses.logCosh(),
    huber: losses.huber({ delta: 2 }),
    klDivergence: losses.klDivergence(),
    poissonNll: losses.poissonNll(),
  };
  for (const [name, loss] of Object.entries(smooth)) {
    const slopes = tf.grad((x) => loss(x, answers))(zeros);
    assertClose(slopes, differences(loss, zeros, answers, 0.01), 1e-4, name);
  }
});

test("answers that are nearly sure keep the digits of what is left", () => {
  const sure = tf.tensor2d([[-15, 15, -20, 20]]);
  const answers = tf.tensor2d([[0, 1, 0, 1]]);
  for (const [posWeight, scale] of [
    [1, [1, 1, 1, 1]],
    [3, [1, 3, 1, 3]],
  ] as const) {
    const values = losses.binaryCrossEntropy({ posWeight, reduction: "none" })(sure, answers).dataSync();
    scale.forEach((times, index) => {
      const expected = times * Math.log1p(Math.exp(-Math.abs(sure.dataSync()[index]!)));
      assert.ok(Math.abs(values[index]! / expected - 1) < 1e-5, `${values[index]} for ${expected}`);
    });
  }
  const small = losses
    .logCosh({ reduction: "none" })(tf.tensor2d([[1e-4, -1e-3]]), tf.zeros([1, 2]))
    .dataSync();
  assert.ok(Math.abs(small[0]! / 5e-9 - 1) < 1e-2 && Math.abs(small[1]! / 5e-7 - 1) < 1e-3, `${small}`);
});

test("an embedding of zeros has a slope that one can clip", () => {
  const pairs = tf.tensor3d([
    [
      [0, 0],
      [1, 2],
    ],
    [
      [1, 0],
      [0, 2],
    ],
  ]);
  for (const loss of [losses.cosineEmbedding(), losses.infoNce(), losses.ntXent()]) {
    const slopes = Array.from(
      tf
        .grad((x) => loss(x, tf.ones([2])))(pairs)
        .dataSync(),
    );
    assert.ok(
      slopes.every((slope) => Math.abs(slope) < 1e7),
      `${loss.name}: ${slopes}`,
    );
  }
});

test("targets may be whole numbers, or true and false", () => {
  const logits = tf.tensor2d([[0.5, -1]]);
  for (const make of [losses.binaryCrossEntropy, losses.focal, losses.hinge, losses.meanSquaredError, losses.dice]) {
    const [expected] = make()(logits, tf.tensor2d([[1, 0]])).dataSync();
    for (const dtype of ["int32", "bool"] as const) {
      assertClose(make()(logits, tf.tensor2d([[1, 0]], [1, 2], dtype)), [expected!], 1e-6, `${make.name} of ${dtype}`);
    }
  }
});

test("a class that cannot be has no part in a divergence, also as a logarithm", () => {
  const logits = tf.tensor2d([[0, 0]]);
  const value = losses.klDivergence()(logits, tf.tensor2d([[1, 0]]));
  assertClose(value, [Math.LN2], 1e-6);
  const logarithms = tf.tensor2d([[0, Number.NEGATIVE_INFINITY]]);
  assertClose(losses.klDivergence({ logTarget: true })(logits, logarithms), [Math.LN2], 1e-6);
});
