/** What metrics do beside computing what others compute: parity.test.ts has that. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError, ShapeError, ValueError } from "../../../../src/errors.js";
import * as metrics from "../../../../src/nn/metrics/index.js";
import { asKnown } from "../../../../src/nn/metrics/metric.js";
import { metric, metricNames } from "../../../../src/nn/metrics/names.js";
import { tokenize13a } from "../../../../src/nn/metrics/tokenize-13a.js";
import { compile } from "../../../../src/runtime/index.js";
import * as tf from "../../../../src/runtime/tf.js";
import { assertClose, fill, tokens } from "../../../parity.js";

test("means over positions can stand in a compiled function", () => {
  const accuracy = compile((x: tf.Tensor, y: tf.Tensor) => metrics.accuracy()(x, y));
  const [x, y] = [fill("x", 20, 4), tokens("y", 4, 20)];
  assertClose(accuracy(x, y), Array.from(metrics.accuracy()(x, y).dataSync()), 1e-6);
});

test("the state of every metric can be compiled, and is what it is without", () => {
  const [x, y] = [fill("x", 20, 4), tokens("y", 4, 20)];
  for (const name of ["f1", "confusionMatrix", "rocAuc", "expectedCalibrationError", "perplexity", "brier"] as const) {
    const measure = asKnown(metric(name));
    const state = compile((x: tf.Tensor, y: tf.Tensor) => measure.state(x, y));
    const plain = measure.state(x, y);
    state(x, y).forEach((tensor, index) => {
      assert.deepEqual(tensor.shape, plain[index]!.shape, name);
      assertClose(tensor, Array.from(plain[index]!.dataSync()), 1e-6, name);
    });
  }
});

test("what says nothing is NaN or 0, as scikit-learn has it", () => {
  const alike = tf.tensor1d([1, 1], "int32");
  assert.ok(
    Number.isNaN(
      metrics
        .rocAuc()(tf.ones([2, 1]), alike)
        .dataSync()[0],
    ),
  );
  assert.ok(
    Number.isNaN(
      metrics
        .averagePrecision()(tf.ones([2, 1]), tf.zeros([2], "int32"))
        .dataSync()[0],
    ),
  );
  assert.equal(
    metrics
      .precision()(tf.ones([2, 1]).neg(), alike)
      .dataSync()[0],
    0,
  );
  assert.equal(
    metrics
      .matthews()(tf.ones([2, 1]), alike)
      .dataSync()[0],
    0,
  );
  assert.equal(
    metrics
      .r2()(tf.ones([3, 1]), tf.ones([3, 1]))
      .dataSync()[0],
    1,
  );
  assert.equal(
    metrics
      .r2()(tf.zeros([3, 1]), tf.ones([3, 1]))
      .dataSync()[0],
    0,
  );
});

test("a mean of no positions is NaN, of a batch as of a data set", () => {
  const ignoring = metrics.accuracy({ ignoreIndex: 0 });
  const [scores, labels] = [tf.ones([2, 3]), tf.zeros([2], "int32")];
  assert.ok(Number.isNaN(ignoring(scores, labels).dataSync()[0]));
  const [totals] = ignoring.state(scores, labels);
  assert.ok(Number.isNaN(ignoring.result([{ shape: totals!.shape, values: totals!.dataSync() }])));
});

test("a data set of nothing has no number to it, and is no error", () => {
  for (const name of [
    "accuracy",
    "expectedCalibrationError",
    "rocAuc",
    "brier",
    "perplexity",
    "topKAccuracy",
  ] as const) {
    const value = metric(name)(tf.zeros([0, 3]), tf.zeros([0], "int32"));
    assert.ok(Number.isNaN(value.dataSync()[0]), name);
  }
  assert.equal(
    metrics
      .f1()(tf.zeros([0, 3]), tf.zeros([0], "int32"))
      .dataSync()[0],
    0,
  );
  const table = metrics.confusionMatrix()(tf.zeros([0, 3]), tf.zeros([0], "int32"));
  assert.deepEqual([table.shape, table.sum().dataSync()[0]], [[3, 3], 0]);
});

test("scores that are not finite have no order", () => {
  const labels = tf.tensor1d([0, 1], "int32");
  assert.throws(
    () => metrics.rocAuc()(tf.tensor2d([[Number.NaN], [1]]), labels),
    (error: unknown) =>
      error instanceof DataError && /rocAuc: expected finite predictions, got NaN/.test(error.message),
  );
});

test("labels that are no class are an error, not left out", () => {
  const cases: readonly (readonly [metrics.KnownMetric, number[], RegExp])[] = [
    [metrics.f1(), [0, 3], /f1: expected class indices from 0 to 2 \(3 classes\), got 3 at position 1\. Classes count/],
    [metrics.confusionMatrix(), [3, 3], /confusionMatrix: expected class indices .* got 3 at position 0/],
    [metrics.cohenKappa(), [0, 3], /cohenKappa: expected class indices/],
    [metrics.rocAuc(), [0, 3], /rocAuc: expected labels/],
    [metrics.averagePrecision(), [-1, 0], /averagePrecision: expected labels/],
  ];
  for (const [metric, labels, message] of cases) {
    assert.throws(
      () => metric(tf.zeros([2, 3]), tf.tensor1d(labels, "int32")),
      (error: unknown) => error instanceof DataError && message.test(error.message),
      `${message}`,
    );
  }
  // What is compiled cannot be read, and is found out at the end.
  const { state, result } = metrics.f1();
  const gathered = compile(state)(tf.zeros([2, 3]), tf.tensor1d([0, 3], "int32")).map((tensor) => {
    return { shape: tensor.shape, values: tensor.dataSync() };
  });
  assert.throws(() => result(gathered), /f1: expected labels that are classes of the scores, got 1 of 2 that are none/);
  const ignoring = metrics.f1({ ignoreIndex: -1 });
  const scores = tf.tensor2d([
    [2, 1, 0],
    [2, 1, 0],
  ]);
  assert.equal(ignoring(scores, tf.tensor1d([-1, 0], "int32")).dataSync()[0], 1);
});

test("scores that are NaN are never right, and a table of classes has no place for them", () => {
  const lost = [Number.NaN, Number.NaN, Number.NaN];
  const scores = tf.tensor2d([lost, [0, 1, 2]]);
  const labels = tf.tensor1d([0, 2], "int32");
  const values = {
    accuracy: metrics.accuracy(),
    topKAccuracy: metrics.topKAccuracy({ k: 1 }),
    recall: metrics.recall({ average: "micro" }),
  };
  for (const [name, metric] of Object.entries(values)) assert.equal(metric(scores, labels).dataSync()[0], 0.5, name);
  const one = tf.tensor2d([[Number.NaN], [1]]);
  assert.equal(
    metrics
      .binaryAccuracy()(one, tf.tensor2d([[0], [1]]))
      .dataSync()[0],
    0.5,
  );
  assert.equal(
    metrics
      .accuracy()(one, tf.tensor1d([0, 1], "int32"))
      .dataSync()[0],
    0.5,
  );
  for (const metric of [metrics.expectedCalibrationError(), metrics.brier(), metrics.perplexity()]) {
    assert.ok(Number.isNaN(metric(scores, labels).dataSync()[0]), metric.name);
  }
  for (const metric of [metrics.confusionMatrix(), metrics.cohenKappa(), metrics.matthews()]) {
    assert.throws(
      () => metric(scores, labels),
      (error: unknown) => error instanceof DataError && /scores that are numbers, got 1 of 2/.test(error.message),
      metric.name,
    );
  }
});

test("a target behind classes that are ruled out by −∞, or that is no class, is not among the highest", () => {
  const top = metrics.topKAccuracy({ k: 1 });
  const ruled = tf.tensor2d([[Number.NEGATIVE_INFINITY, 1, 2]]);
  assert.equal(top(ruled, tf.tensor1d([1], "int32")).dataSync()[0], 0);
  assert.equal(top(ruled, tf.tensor1d([2], "int32")).dataSync()[0], 1);
  const wide = metrics.topKAccuracy({ k: 5 });
  const seven = tf.tensor1d([7], "int32");
  const compiled = compile((scores: tf.Tensor, wanted: tf.Tensor) => wide(scores, wanted));
  assert.equal(compiled(ruled, seven).dataSync()[0], 0);
  assert.throws(() => wide(ruled, seven), /^DataError: topKAccuracy: expected class indices from 0 to 2/);
});

test("every metric names predictions that are none by its own name", () => {
  for (const name of metricNames) {
    const judge = metric(name);
    const whole = tf.ones([4, 3], "int32");
    for (const [prediction, words] of [
      [whole, /expected predictions of float32, got int32/],
      [[1, 2], /expected predictions as a tensor, got \[1, 2\]/],
    ] as const) {
      assert.throws(
        () => judge(prediction as tf.Tensor, whole),
        (error: Error) => error.message.startsWith(`${name}: `) && words.test(error.message),
        name,
      );
    }
  }
});

test("BLEU of texts is that of what decode makes of tokens", () => {
  const words = ["", "the", "cat", "sat", "on", "mat", "."];
  const decode = (tokens: readonly number[]) => tokens.map((token) => words[token]).join(" ");
  const wanted = tf.tensor2d([[1, 2, 3, 4, 1, 5, 6]], [1, 7], "int32");
  const said = tf.tensor2d([[1, 2, 3, 4, 1, 2, 6]], [1, 7], "int32");
  const score = metrics.bleu({ decode })(tf.oneHot(said as never, 7).toFloat(), wanted);
  const expected = metrics.bleuScore(["the cat sat on the cat ."], [["the cat sat on the mat ."]]);
  assert.ok(expected > 50 && expected < 100);
  assertClose(score, [expected], 1e-5);
});

test("texts are split at marks, but not at points and commas of numbers", () => {
  assert.deepEqual(tokenize13a("It's 3.5, not 1,000-2: (a/b)&quot;"), [
    "It's",
    "3.5",
    ",",
    "not",
    "1,000",
    "-",
    "2",
    ":",
    "(",
    "a",
    "/",
    "b",
    ")",
    '"',
  ]);
});

test("what does not belong together, and options that are none, are named", () => {
  const shapes: readonly (readonly [metrics.KnownMetric, number[], number[], RegExp])[] = [
    [metrics.f1(), [4, 3], [4, 2], /f1: expected targets \[4\] \(class indices\) for scores \[4, 3\], got \[4, 2\]/],
    [metrics.f1({ multilabel: true }), [4, 3], [4], /f1: expected targets \[4, 3\], 0 or 1 for each label, got \[4\]/],
    [metrics.rocAuc(), [4, 3], [3], /rocAuc: expected targets \[4\] \(class indices\) for logits \[4, 3\]/],
    [metrics.bleu(), [4, 3], [4, 3], /bleu: expected logits \[batch, time, vocab\] and tokens \[batch, time\]/],
    [metrics.topKAccuracy(), [4, 3], [4, 3], /topKAccuracy: expected targets \[4\]/],
    [metrics.r2(), [4, 1], [4], /r2: expected targets \[4, 1\], like the predictions/],
  ];
  for (const [metric, prediction, target, message] of shapes) {
    assert.throws(
      () => metric(tf.zeros(prediction), tf.zeros(target)),
      (error: unknown) => error instanceof ShapeError && message.test(error.message),
      `${message}`,
    );
  }
  const options: readonly (readonly [() => unknown, RegExp])[] = [
    [
      () => metrics.f1({ avrage: "micro" } as object),
      /f1: expected options .* got 'avrage'\. Did you mean 'average'\?/,
    ],
    [() => metrics.f1({ average: "mikro" as never }), /f1: average: .* got "mikro"\. Did you mean 'micro'\?/],
    [() => metrics.rocAuc({ average: "micro" as never }), /rocAuc: average: expected "macro" or "weighted" or "none"/],
    [() => metrics.topKAccuracy({ k: 0 }), /topKAccuracy: k: expected a whole number above 0, got 0/],
    [() => metrics.binaryAccuracy({ threshold: 1 }), /binaryAccuracy: threshold: expected a number between 0 and 1/],
    [() => metrics.expectedCalibrationError({ bins: 0 }), /bins: expected a whole number above 0/],
    [() => metrics.cohenKappa({ weights: "cubic" as never }), /cohenKappa: weights: expected "none" or "linear"/],
    [() => metrics.bleu({ smoothing: "floor" as never }), /bleu: smoothing: expected "exp" or "none"/],
    [() => metrics.accuracy({ ignoreIndex: 1.5 }), /accuracy: ignoreIndex: expected a whole number, got 1\.5/],
  ];
  for (const [make, message] of options) {
    assert.throws(make, (error: unknown) => error instanceof ValueError && message.test(error.message), `${message}`);
  }
  const empty = /bleuScore: expected a list of references for each hypothesis, and at least one, got 0 hypotheses/;
  assert.throws(
    () => metrics.bleuScore([], []),
    (error: unknown) => error instanceof DataError && empty.test(error.message),
  );
});
