/** Every metric against scikit-learn, sacrebleu and torchmetrics, in batches; test/fixtures/metrics.py made the numbers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as metrics from "../../../../src/nn/metrics/index.js";
import { metricNames } from "../../../../src/nn/metrics/names.js";
import * as tf from "../../../../src/runtime/tf.js";
import { wholeTally } from "../../../../src/train/tally.js";
import { assertClose, fill, tokens } from "../../../parity.js";
import { root } from "../../../root.js";

interface Fixture {
  readonly items: Readonly<Record<string, string>>;
  readonly texts: readonly (readonly [hypothesis: string, references: readonly string[]])[];
  readonly cases: Readonly<Record<string, readonly number[]>>;
}

const fixture = JSON.parse(readFileSync(join(root, "test/fixtures/metrics.json"), "utf8")) as Fixture;

type Case = readonly [metric: metrics.KnownMetric, prediction: tf.Tensor, target: tf.Tensor];

const hot = (labels: tf.Tensor, classes: number) => tf.oneHot(labels as tf.Tensor1D, classes).toFloat();
const labels = tokens("labels", 4, 40);
const scores = fill("scores", 40, 4).mul(2).add(hot(labels, 4).mul(1.5));
const few = tokens("few", 3, 40);
const five = fill("five", 40, 5).mul(2).add(hot(few, 5));
const yes = tokens("yes", 2, 50);
const logits = fill("logits", 50).mul(3).add(yes.toFloat()).expandDims(1);
const column = yes.expandDims(1).toFloat();
const tied = tokens("tied", 7, 50).toFloat().div(2).sub(1.5).expandDims(1);
const two = fill("two", 50, 2).mul(2);
const many = tokens("many", 2, 40, 3).toFloat();
const each = fill("each", 40, 3).mul(2).add(many);
const truth = fill("truth", 30, 3);
const guess = truth.add(fill("noise", 30, 3).mul(0.3));
const far = (x: tf.Tensor) => x.mul(4).round().div(4).add(1000);
const sentences = () => {
  const rows = tokens("sentences", 5, 6, 12).add(tf.scalar(2, "int32")).arraySync() as number[][];
  return rows.map((row, index) => row.map((token, at) => (at === 9 || (at === 5 && index > 1) ? 1 : token)));
};
const wanted = tf.tensor2d(sentences(), [6, 12], "int32");
const said = tf.where(tokens("right", 4, 6, 12).greater(0), wanted, tf.zerosLike(wanted));

const classMetrics = { precision: metrics.precision, recall: metrics.recall, f1: metrics.f1, iou: metrics.iou };

const cases: Readonly<Record<string, Case>> = {
  accuracy: [metrics.accuracy(), scores, labels],
  "accuracy with ignoreIndex": [metrics.accuracy({ ignoreIndex: 2 }), scores, labels],
  "topKAccuracy with k": [metrics.topKAccuracy({ k: 2 }), scores, labels],
  binaryAccuracy: [metrics.binaryAccuracy(), logits, column],
  "binaryAccuracy with threshold": [metrics.binaryAccuracy({ threshold: 0.8 }), logits, column],
  ...Object.fromEntries(
    Object.entries(classMetrics).flatMap(([name, metric]): [string, Case][] => [
      [name, [metric(), scores, labels]],
      [`${name}, micro`, [metric({ average: "micro" }), scores, labels]],
      [`${name}, weighted`, [metric({ average: "weighted" }), scores, hot(labels, 4)]],
      [`${name}, none`, [metric({ average: "none" }), scores, labels]],
      [`${name} with classes that never are`, [metric(), five, few]],
      [`${name} with ignoreIndex`, [metric({ ignoreIndex: 2 }), scores, labels]],
      [`${name} of yes and no`, [metric(), logits, column]],
      [`${name}, multilabel`, [metric({ multilabel: true }), each, many]],
      [`${name}, multilabel, micro`, [metric({ multilabel: true, average: "micro" }), each, many]],
    ]),
  ),
  specificity: [metrics.specificity(), scores, labels],
  "specificity, micro": [metrics.specificity({ average: "micro" }), scores, labels],
  "specificity, weighted": [metrics.specificity({ average: "weighted" }), scores, labels],
  "specificity, none": [metrics.specificity({ average: "none" }), scores, labels],
  "specificity of yes and no": [metrics.specificity(), logits, yes],
  confusionMatrix: [metrics.confusionMatrix(), scores, labels],
  "confusionMatrix with classes that never are": [metrics.confusionMatrix(), five, few],
  "confusionMatrix of yes and no": [metrics.confusionMatrix(), logits, column],
  matthews: [metrics.matthews(), scores, labels],
  "matthews of yes and no": [metrics.matthews(), logits, column],
  cohenKappa: [metrics.cohenKappa(), scores, labels],
  "cohenKappa, linear": [metrics.cohenKappa({ weights: "linear" }), scores, labels],
  "cohenKappa, quadratic": [metrics.cohenKappa({ weights: "quadratic" }), scores, labels],
  rocAuc: [metrics.rocAuc(), scores, labels],
  "rocAuc, weighted": [metrics.rocAuc({ average: "weighted" }), scores, labels],
  "rocAuc, none": [metrics.rocAuc({ average: "none" }), scores, labels],
  "rocAuc of yes and no": [metrics.rocAuc(), logits, column],
  "rocAuc with ties": [metrics.rocAuc(), tied, yes],
  "rocAuc of two classes": [metrics.rocAuc(), two, yes],
  "rocAuc, multilabel": [metrics.rocAuc({ multilabel: true }), each, many],
  averagePrecision: [metrics.averagePrecision(), scores, labels],
  "averagePrecision, weighted": [metrics.averagePrecision({ average: "weighted" }), scores, hot(labels, 4)],
  "averagePrecision, none": [metrics.averagePrecision({ average: "none" }), scores, labels],
  "averagePrecision of yes and no": [metrics.averagePrecision(), logits, column],
  "averagePrecision with ties": [metrics.averagePrecision(), tied, column],
  expectedCalibrationError: [metrics.expectedCalibrationError(), scores, labels],
  "expectedCalibrationError with bins": [metrics.expectedCalibrationError({ bins: 5 }), scores, labels],
  "expectedCalibrationError of yes and no": [metrics.expectedCalibrationError(), logits, column],
  brier: [metrics.brier(), scores, labels],
  "brier of yes and no": [metrics.brier(), logits, column],
  perplexity: [metrics.perplexity(), scores, labels],
  "perplexity with ignoreIndex": [metrics.perplexity({ ignoreIndex: 2 }), scores, labels],
  meanSquaredError: [metrics.meanSquaredError(), guess, truth],
  meanAbsoluteError: [metrics.meanAbsoluteError(), guess, truth],
  rootMeanSquaredError: [metrics.rootMeanSquaredError(), guess, truth],
  r2: [metrics.r2(), guess, truth],
  "r2 far from zero": [metrics.r2(), far(guess), far(truth)],
  bleu: [metrics.bleu({ end: 1, padding: 0 }), hot(said, 7), wanted],
  "bleu of all tokens": [metrics.bleu(), hot(said, 7), wanted],
};

const { texts } = fixture;
const small = { lowercase: true };
const scoresOfTexts: Readonly<Record<string, () => number>> = {
  bleuScore: () =>
    metrics.bleuScore(
      texts.map(([one]) => one),
      texts.map(([, several]) => several),
    ),
  "bleuScore of one reference": () =>
    metrics.bleuScore(
      texts.map(([one]) => one),
      texts.map(([, [first]]) => [first!]),
    ),
  "bleuScore in small letters": () =>
    metrics.bleuScore([texts[0]![0].toUpperCase()], [["The cat is on the mat."]], small),
  "bleuScore with smoothing": () => metrics.bleuScore([texts[1]![0]], [[texts[1]![1][1]!]]),
  "bleuScore without smoothing": () => metrics.bleuScore([texts[1]![0]], [[texts[1]![1][1]!]], { smoothing: "none" }),
  "bleuScore of nothing in common": () => metrics.bleuScore(["a b c d"], [["e f g h"]]),
  "bleuScore of what is short": () => metrics.bleuScore([texts.at(-1)![0]], [[texts.at(-1)![1][0]!]]),
};

const of = (name: string): string => name.split(/[ ,]/)[0]!;

test("every metric was held against another library, and every case is tested here", () => {
  const known = [...metricNames, "bleuScore"].sort();
  assert.deepEqual(Object.keys(metrics).sort(), [...known, "streaming"].sort());
  assert.deepEqual(Object.keys(fixture.items).sort(), known);
  const tested = [...Object.keys(cases), ...Object.keys(scoresOfTexts)];
  assert.deepEqual(tested.sort(), Object.keys(fixture.cases).sort());
  for (const [name, [metric]] of Object.entries(cases)) assert.equal(metric.name, of(name));
});

for (const [name, [metric, prediction, target]] of Object.entries(cases)) {
  test(`${name}: ${fixture.items[of(name)]} says the same, of one batch and of several together`, () => {
    const expected = fixture.cases[name]!;
    assertClose(metric(prediction, target), expected, 1e-5, "in one batch");
    const tally = wholeTally({ name: "m", given: metric, metric }, undefined);
    const size = prediction.shape[0]!;
    for (let from = 0; from < size; from += 17) {
      const count = Math.min(17, size - from);
      const part = (tensor: tf.Tensor) => tensor.slice([from], [count]);
      const state = metric.state(part(prediction), part(target));
      const gathered = state.map((tensor) => ({ shape: tensor.shape, values: tensor.dataSync() }));
      tally.add(gathered, count);
    }
    assertClose(tf.tensor1d(Object.values(tally.values)), expected, 1e-5, "in batches");
  });
}

for (const [name, score] of Object.entries(scoresOfTexts)) {
  test(`${name} is sacrebleu's`, () => {
    assertClose(tf.scalar(score()), fixture.cases[name]!, 1e-5);
  });
}
