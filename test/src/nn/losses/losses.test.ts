/** What losses do beside computing what others compute: parity.test.ts has that. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError, ShapeError, ValueError } from "../../../../src/errors.js";
import * as losses from "../../../../src/nn/losses/index.js";
import { loss, lossNames } from "../../../../src/nn/losses/names.js";
import { metric } from "../../../../src/nn/metrics/names.js";
import { compile } from "../../../../src/runtime/index.js";
import * as tf from "../../../../src/runtime/tf.js";
import { assertClose, fill } from "../../../parity.js";

test("crossEntropy names a label that is no class", () => {
  const labels = tf.tensor1d([1, 7], "int32");
  assert.throws(
    () => loss("crossEntropy")(tf.zeros([2, 3]), labels),
    new DataError({
      what: "crossEntropy",
      expected: "class indices from 0 to 2 (3 classes)",
      got: "7 at position 1",
      hint: "Classes count from 0.",
    }),
  );
  // What is compiled cannot be read: TensorFlow says it.
  const compiled = compile((scores: tf.Tensor, wanted: tf.Tensor) => loss("crossEntropy")(scores, wanted));
  assert.throws(() => compiled(tf.zeros([2, 3]), labels), /label value of 7 .* outside .*\[0, 3\)/);
});

test("every loss names what it cannot judge by its own name", () => {
  const scores = tf.ones([4, 3]);
  for (const name of lossNames) {
    const judge = loss(name);
    const whole = tf.ones([4, 3], "int32");
    const cases: readonly (readonly [unknown, unknown, RegExp])[] = [
      [whole, scores, /: expected predictions of float32, got int32\. Put \.toFloat\(\) behind them\.$/],
      [scores.greater(0), scores, /: expected predictions of float32, got bool/],
      [[[1, 2, 3]], scores, /: expected predictions as a tensor, got \[\[1, 2, 3\]\]\. tf\.tensor/],
      [scores, [1, 2], /: expected targets as a tensor, got \[1, 2\]/],
      [tf.zeros([0, 3]), tf.zeros([0, 3]), /: expected at least one example, got \[0, 3\]|: expected predictions \[/],
    ];
    for (const [prediction, target, words] of cases) {
      assert.throws(
        () => judge(prediction as tf.Tensor, target as tf.Tensor),
        (error: Error) => error.message.startsWith(name) && words.test(error.message),
        `${name} ${words}`,
      );
    }
  }
  const labels = tf.tensor1d([0, 3, 1, 2], "int32");
  for (const name of ["crossEntropy", "focal", "multiMargin", "perplexity", "dice", "iou"] as const) {
    assert.throws(
      () => loss(name)(scores, labels),
      /: expected class indices from 0 to 2 .*, got 3 at position 1/,
      name,
    );
  }
  const one = tf.tensor1d([0, 1], "int32");
  assert.throws(
    () => loss("crossEntropy")(tf.zeros([2, 1]), one),
    /\(1 class\), got 1 .* one score is for binaryCrossEntropy/,
  );
});

test("a loss refuses targets of another shape instead of broadcasting them", () => {
  assert.throws(
    () => loss("meanSquaredError")(tf.zeros([4, 1]), tf.zeros([4])),
    new ShapeError({ what: "meanSquaredError", expected: "targets [4, 1], like the predictions", got: "[4]" }),
  );
  assert.throws(() => loss("crossEntropy")(tf.zeros([4, 3]), tf.zeros([4, 2], "int32")), ShapeError);
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

test("crossEntropy of positions that are all ignored is 0, and so is its gradient", () => {
  const ignoring = losses.crossEntropy({ ignoreIndex: -100 });
  const labels = tf.tensor1d([-100, -100], "int32");
  const { value, grad } = tf.valueAndGrad((x) => ignoring(x, labels))(tf.ones([2, 3]));
  assert.equal(value.dataSync()[0], 0);
  assert.ok(grad.dataSync().every((slope) => slope === 0));
});

test("CTC of labels that do not fit into the time is infinite, and teaches nothing about the others' rows", () => {
  const loss = losses.ctc({ reduction: "none" });
  const labels = tf.tensor2d([
    [1, 1],
    [2, -1],
  ]);
  const logits = tf.ones([2, 2, 3]);
  const value = loss(logits, labels).dataSync();
  assert.equal(value[0], Number.POSITIVE_INFINITY);
  assert.ok(value[1]! > 0 && value[1]! < 10);
});

test("CTC of a hopeless label is finite, and pushes as hard as it can", () => {
  const loss = losses.ctc();
  const { value, grad } = tf.valueAndGrad((x) => loss(x, tf.tensor2d([[1]])))(tf.tensor3d([[[200, 0, 0]]]));
  assert.ok(value.dataSync()[0]! > 79 && value.dataSync()[0]! < 201);
  assertClose(grad, [1, -1, 0], 1e-6);
});

test("CTC of labels that end with the input, in padding as wide as may be, is infinite where they need more", () => {
  const loss = losses.ctc({ withInputLengths: true, reduction: "none" });
  const labels = tf.tensor2d([
    [2, 1, 1, -1, -1],
    [3, 1, 1, -1, -1],
    [2, 1, 2, -1, -1],
  ]);
  const values = Array.from(loss(tf.zeros([3, 3, 3]), labels).dataSync());
  assert.equal(values[0], Number.POSITIVE_INFINITY);
  // One way each: 1 blank 1 of 27, and 1 2 of 9.
  assertClose(tf.tensor1d(values.slice(1)), [Math.log(27), Math.log(9)], 1e-5);
});

test("CTC says the same without TensorFlow's own operation", () => {
  const logits = fill("speech", 3, 7, 5).mul(3);
  const labels = tf.tensor2d([
    [7, 1, 2, 3, 4],
    [5, -1, -1, -1, -1],
    [1, 3, -1, -1, -1],
  ]);
  const loss = losses.ctc({ withInputLengths: true, reduction: "none" });
  const fused = compile((x: tf.Tensor, y: tf.Tensor) => loss(x, y))(logits, labels);
  const parts = compile((x: tf.Tensor, y: tf.Tensor) => loss(x, y), { jit: "xla" })(logits, labels);
  assertClose(parts, Array.from(fused.dataSync()), 1e-5);
});

test("shapes that do not belong together are named", () => {
  const cases: readonly (readonly [losses.KnownLoss, number[], number[], RegExp])[] = [
    [
      losses.focal(),
      [4, 3],
      [4, 2],
      /focal: expected targets \[4\] \(class indices\) for logits \[4, 3\], or one value each/,
    ],
    [losses.multiMargin(), [4, 3], [4, 3], /multiMargin: expected targets \[4\]/],
    [
      losses.gaussianNll(),
      [4, 3],
      [4, 1],
      /gaussianNll: expected predictions \[\.\.\., 2 n\] .*, got \[4, 3\] and \[4, 1\]/,
    ],
    [losses.quantile({ at: [0.1, 0.9] }), [4, 3], [4], /quantile: expected predictions \[\.\.\., 2\]/],
    [losses.triplet(), [4, 2, 8], [4], /triplet: expected predictions \[batch, 3, features\]: 3 embeddings/],
    [losses.contrastive(), [4, 2, 8], [3], /contrastive: expected targets \[4\], 1 where the two are alike, got \[3\]/],
    [losses.infoNce(), [4, 8], [4], /infoNce: expected predictions \[batch, 2, features\]/],
    [losses.ctc(), [4, 7, 3], [4], /ctc: expected predictions \[batch, time, classes\] and targets \[batch, labels\]/],
    [losses.dice(), [4, 5, 5, 2], [4, 5, 6], /dice: expected targets \[4, 5, 5\]/],
  ];
  for (const [loss, prediction, target, message] of cases) {
    assert.throws(
      () => loss(tf.zeros(prediction), tf.zeros(target)),
      (error: unknown) => error instanceof ShapeError && message.test(error.message),
      `${message}`,
    );
  }
});

test("options that are none are refused", () => {
  const cases: readonly (readonly [() => unknown, RegExp])[] = [
    [
      () => losses.huber({ dleta: 1 } as object),
      /huber: expected options delta, reduction, got 'dleta'\. Did you mean 'delta'\?/,
    ],
    [
      () => losses.perplexity({ reduction: "sum" } as object),
      /perplexity: expected options ignoreIndex, got 'reduction'/,
    ],
    [() => losses.huber({ delta: 0 }), /huber: delta: expected a number above 0, got 0/],
    [
      () => losses.huber({ reduction: "men" as never }),
      /huber: reduction: expected "mean" or .* Did you mean 'mean'\?/,
    ],
    [
      () => losses.crossEntropy({ labelSmoothing: 1 }),
      /crossEntropy: labelSmoothing: expected a number from 0 to below 1, got 1/,
    ],
    [
      () => losses.crossEntropy({ weight: [1, -1] }),
      /crossEntropy: weight: expected a list of numbers from 0, one a class/,
    ],
    [() => losses.crossEntropy({ weight: [] }), /crossEntropy: weight: expected a list/],
    [() => losses.crossEntropy({ ignoreIndex: 0.5 }), /crossEntropy: ignoreIndex: expected a whole number, got 0\.5/],
    [() => losses.binaryCrossEntropy({ posWeight: -1 }), /binaryCrossEntropy: posWeight: expected a number from 0/],
    [
      () => losses.binaryCrossEntropy({ posWeight: [-1] }),
      /binaryCrossEntropy: posWeight: expected a list of numbers from 0/,
    ],
    [() => losses.hinge({ squared: 1 as never }), /hinge: squared: expected true or false, got 1/],
    [() => losses.ctc({ withInputLengths: [5] as never }), /ctc: withInputLengths: expected true or false/],
    [() => losses.focal({ alpha: 2 }), /focal: alpha: expected a number from 0 to 1, got 2/],
    [() => losses.focal({ gamma: -1 }), /focal: gamma: expected a number from 0/],
    [() => losses.quantile({ at: 1 }), /quantile: at: expected a number between 0 and 1, or a list of them, got 1/],
    [() => losses.quantile({ at: [] }), /quantile: at: expected/],
    [() => losses.multiMargin({ p: 3 as never }), /multiMargin: p: expected 1 or 2, got 3/],
    [() => losses.cosineEmbedding({ margin: 1 }), /cosineEmbedding: margin: expected a number from -1 to below 1/],
    [() => losses.triplet({ p: 0 as never }), /triplet: p: expected 1 or 2/],
    [() => losses.ctc({ blank: -1 }), /ctc: blank: expected a class index from 0, got -1/],
    [() => losses.infoNce({ temperature: 0 }), /infoNce: temperature: expected a number above 0/],
    [() => losses.dice({ smooth: -1 }), /dice: smooth: expected a number above 0/],
  ];
  for (const [make, message] of cases) {
    assert.throws(make, (error: unknown) => error instanceof ValueError && message.test(error.message), `${message}`);
  }
  const weighed = losses.crossEntropy({ weight: [1, 2] });
  assert.throws(
    () => weighed(tf.zeros([2, 3]), tf.tensor1d([0, 1], "int32")),
    /weight: expected 3 numbers, one a class, got 2/,
  );
  assert.throws(
    () => losses.ctc({ blank: 3 })(tf.zeros([1, 2, 3]), tf.zeros([1, 1])),
    /ctc: blank: expected a class index below 3/,
  );
  assert.throws(
    () => losses.focal({ alpha: 0.2 })(tf.zeros([2, 3]), tf.tensor1d([0, 1], "int32")),
    /a list, one number a class/,
  );
  assert.throws(
    () => losses.focal({ alpha: [1, 2, 3] })(tf.zeros([2, 3]), tf.zeros([2, 3])),
    /one number for targets of 0 and 1/,
  );
});

test("no class is ignored among distributions", () => {
  const ignoring = losses.crossEntropy({ ignoreIndex: 0 });
  assert.throws(
    () => ignoring(tf.zeros([2, 3]), tf.ones([2, 3])),
    /crossEntropy: ignoreIndex: expected class indices as targets with it, got distributions/,
  );
});
