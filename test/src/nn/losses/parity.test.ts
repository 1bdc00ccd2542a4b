/** Every loss against PyTorch, Keras and others, forward and backward; test/fixtures/losses.py made the numbers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as losses from "../../../../src/nn/losses/index.js";
import { lossNames } from "../../../../src/nn/losses/names.js";
import { compile } from "../../../../src/runtime/index.js";
import * as tf from "../../../../src/runtime/tf.js";
import { assertClose, fill, tokens } from "../../../parity.js";
import { root } from "../../../root.js";
import { secondGradientError } from "../../runtime/differences.js";

interface Fixture {
  readonly items: Readonly<Record<string, string>>;
  readonly cases: Readonly<Record<string, { readonly value: readonly number[]; readonly gradient: readonly number[] }>>;
}

const fixture = JSON.parse(readFileSync(join(root, "test/fixtures/losses.json"), "utf8")) as Fixture;

interface Case {
  readonly loss: losses.KnownLoss;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  /** A kink lies near, or a gradient is not asked for. */
  readonly once?: true;
}

const values = fill("x", 3, 4).mul(4);
const numbers = fill("y", 3, 4);
const counts = tokens("counts", 6, 3, 4).toFloat();
const soft = fill("y", 3, 4).add(1).div(2);
const hard = tokens("yes", 2, 3, 4).toFloat();
const scores = fill("x", 3, 4, 6).mul(4);
const labels = tokens("y", 6, 3, 4);
const six = [1, 0.5, 2, 0, 1.5, 3];
const shares = fill("shares", 3, 4, 6).mul(3).softmax();
const pairs = fill("pairs", 5, 2, 6);
const three = fill("three", 5, 3, 6);
const same = tokens("same", 2, 5);
const speech = fill("speech", 3, 7, 5).mul(3);
const area = fill("area", 2, 3, 4, 2).mul(3);
const mask = tokens("mask", 2, 2, 3, 4, 2).toFloat();
const where = tokens("where", 2, 2, 3, 4);
const said = (...rows: number[][]) => tf.tensor2d(rows);

const all = { weight: six, ignoreIndex: 2, labelSmoothing: 0.2 };

const cases: Readonly<Record<string, Case>> = {
  meanSquaredError: { loss: losses.meanSquaredError(), x: values, y: numbers },
  "meanSquaredError, a sum": { loss: losses.meanSquaredError({ reduction: "sum" }), x: values, y: numbers },
  "meanSquaredError, each": { loss: losses.meanSquaredError({ reduction: "none" }), x: values, y: numbers },
  meanAbsoluteError: { loss: losses.meanAbsoluteError(), x: values, y: numbers },
  huber: { loss: losses.huber(), x: values, y: numbers },
  "huber with delta": { loss: losses.huber({ delta: 0.7 }), x: values, y: numbers },
  smoothL1: { loss: losses.smoothL1(), x: values, y: numbers },
  "smoothL1 with beta": { loss: losses.smoothL1({ beta: 0.5 }), x: values, y: numbers },
  logCosh: { loss: losses.logCosh(), x: values, y: numbers },
  "logCosh of large errors": { loss: losses.logCosh(), x: values.mul(100), y: numbers },
  quantile: { loss: losses.quantile(), x: values, y: numbers },
  "quantile at 0.9": { loss: losses.quantile({ at: 0.9 }), x: values, y: numbers },
  "quantile at several": { loss: losses.quantile({ at: [0.1, 0.3, 0.5, 0.9] }), x: values, y: fill("y", 3, 1) },
  poissonNll: { loss: losses.poissonNll(), x: values, y: counts },
  "poissonNll in full": { loss: losses.poissonNll({ full: true }), x: values, y: counts },
  "poissonNll of rates": { loss: losses.poissonNll({ logInput: false }), x: values.abs(), y: counts },
  gaussianNll: { loss: losses.gaussianNll(), x: values, y: fill("y", 3, 2) },
  "gaussianNll in full": { loss: losses.gaussianNll({ full: true }), x: values, y: fill("y", 3, 2) },
  "gaussianNll of variances": {
    loss: losses.gaussianNll({ logVariance: false }),
    x: values.abs().add(0.1),
    y: fill("y", 3, 2),
  },
  binaryCrossEntropy: { loss: losses.binaryCrossEntropy(), x: values, y: soft },
  "binaryCrossEntropy of large logits": { loss: losses.binaryCrossEntropy(), x: values.mul(100), y: soft },
  "binaryCrossEntropy with posWeight": { loss: losses.binaryCrossEntropy({ posWeight: 3 }), x: values, y: soft },
  "binaryCrossEntropy with four of them": {
    loss: losses.binaryCrossEntropy({ posWeight: [1, 0.5, 2, 4] }),
    x: values,
    y: soft,
  },
  focal: { loss: losses.focal(), x: values, y: hard },
  "focal with alpha": { loss: losses.focal({ alpha: 0.25 }), x: values, y: hard },
  "focal with gamma": { loss: losses.focal({ gamma: 0.5 }), x: values, y: hard },
  hinge: { loss: losses.hinge(), x: values, y: hard },
  "hinge squared": { loss: losses.hinge({ squared: true }), x: values, y: hard.mul(2).sub(1) },
  crossEntropy: { loss: losses.crossEntropy(), x: scores, y: labels },
  "crossEntropy, a sum": { loss: losses.crossEntropy({ reduction: "sum" }), x: scores, y: labels },
  "crossEntropy, each": { loss: losses.crossEntropy({ reduction: "none" }), x: scores, y: labels },
  "crossEntropy with smoothing": { loss: losses.crossEntropy({ labelSmoothing: 0.1 }), x: scores, y: labels },
  "crossEntropy with weights": { loss: losses.crossEntropy({ weight: six }), x: scores, y: labels },
  "crossEntropy with ignoreIndex": { loss: losses.crossEntropy({ ignoreIndex: 2 }), x: scores, y: labels },
  "crossEntropy with all of them": { loss: losses.crossEntropy(all), x: scores, y: labels },
  "crossEntropy with all of them, a sum": {
    loss: losses.crossEntropy({ ...all, reduction: "sum" }),
    x: scores,
    y: labels,
  },
  "crossEntropy of distributions": { loss: losses.crossEntropy(), x: scores, y: shares },
  "crossEntropy of distributions with smoothing and weights": {
    loss: losses.crossEntropy({ weight: six, labelSmoothing: 0.1 }),
    x: scores,
    y: shares,
  },
  perplexity: { loss: losses.perplexity(), x: scores, y: labels },
  "perplexity with ignoreIndex": { loss: losses.perplexity({ ignoreIndex: 2 }), x: scores, y: labels },
  "focal of classes": { loss: losses.focal(), x: scores, y: labels },
  "focal of classes with alpha": { loss: losses.focal({ alpha: six, gamma: 3 }), x: scores, y: labels },
  klDivergence: { loss: losses.klDivergence(), x: scores, y: shares },
  "klDivergence with logTarget": { loss: losses.klDivergence({ logTarget: true }), x: scores, y: shares.log() },
  multiMargin: { loss: losses.multiMargin(), x: scores, y: labels },
  "multiMargin with p, margin and weights": {
    loss: losses.multiMargin({ p: 2, margin: 0.5, weight: six }),
    x: scores,
    y: labels,
  },
  cosineEmbedding: { loss: losses.cosineEmbedding(), x: pairs, y: same },
  "cosineEmbedding with margin": { loss: losses.cosineEmbedding({ margin: -0.5 }), x: pairs, y: same.mul(2).sub(1) },
  contrastive: { loss: losses.contrastive(), x: pairs, y: same },
  "contrastive with margin": { loss: losses.contrastive({ margin: 3 }), x: pairs, y: same.reshape([5, 1]) },
  infoNce: { loss: losses.infoNce(), x: pairs, y: same },
  "infoNce one way": { loss: losses.infoNce({ temperature: 0.5, symmetric: false }), x: pairs, y: same },
  ntXent: { loss: losses.ntXent(), x: pairs, y: same },
  "ntXent with temperature": { loss: losses.ntXent({ temperature: 0.1 }), x: pairs, y: same },
  triplet: { loss: losses.triplet(), x: three, y: same },
  "triplet with margin and p": { loss: losses.triplet({ margin: 3, p: 1 }), x: three, y: same },
  "triplet with swap": { loss: losses.triplet({ margin: 2, swap: true }), x: three, y: same },
  ctc: { loss: losses.ctc(), x: speech, y: said([1, 2, 3, 4], [2, 2, 1, -1], [3, -1, -1, -1]) },
  "ctc with lengths of inputs": {
    loss: losses.ctc({ withInputLengths: true }),
    x: speech,
    y: said([7, 1, 2, 3, 4], [5, 2, 2, 1, -1], [2, 3, -1, -1, -1]),
  },
  "ctc without any label": {
    loss: losses.ctc({ withInputLengths: true }),
    x: speech,
    y: said([7, 1, 2, 3, 4], [5, -1, -1, -1, -1], [1, 3, -1, -1, -1]),
  },
  "ctc with the blank last": {
    loss: losses.ctc({ blank: 4 }),
    x: speech,
    y: said([0, 1, 2, 3], [1, 1, 0, -1], [2, -1, -1, -1]),
  },
  "ctc with the blank between": {
    loss: losses.ctc({ blank: 2 }),
    x: speech,
    y: said([0, 1, 3, 4], [1, 1, 0, -1], [3, -1, -1, -1]),
  },
  dice: { loss: losses.dice(), x: area, y: mask },
  "dice with smooth": { loss: losses.dice({ smooth: 1 }), x: area, y: mask },
  iou: { loss: losses.iou(), x: area, y: mask },
  "iou with smooth": { loss: losses.iou({ smooth: 0.5 }), x: area, y: mask },
  "dice of classes": { loss: losses.dice(), x: area, y: where },
  "iou of classes": { loss: losses.iou(), x: area, y: where },
};

const of = (name: string): string => name.split(/[ ,]/)[0]!;

test("every loss was held against another library, and every case is tested here", () => {
  assert.deepEqual(Object.keys(losses).sort(), [...lossNames].sort());
  assert.deepEqual(Object.keys(fixture.items).sort(), [...lossNames].sort());
  assert.deepEqual(Object.keys(cases).sort(), Object.keys(fixture.cases).sort());
  assert.deepEqual([...new Set(Object.keys(cases).map(of))].sort(), [...lossNames].sort());
  for (const [name, { loss }] of Object.entries(cases)) assert.equal(loss.name, of(name));
});

/** The loss as a scalar: a list is weighed as the other side weighed it. */
function whole({ loss, y }: Case, x: tf.Tensor): tf.Scalar {
  const value = loss(x, y);
  return (value.rank === 0 ? value : value.mul(fill("probe", ...value.shape)).sum()) as tf.Scalar;
}

for (const [name, each] of Object.entries(cases)) {
  test(`${name}: ${fixture.items[of(name)]} computes the same, and its gradient; compiled, too`, () => {
    const expected = fixture.cases[name]!;
    assertClose(each.loss(each.x, each.y), expected.value, 1e-5, "value");
    assertClose(tf.grad((x) => whole(each, x))(each.x), expected.gradient, 1e-4, "gradient");
    const step = compile((x: tf.Tensor, y: tf.Tensor) => tf.valueAndGrad((x) => whole({ ...each, y }, x))(x));
    step(each.x, each.y);
    assertClose(step(each.x, each.y).grad, expected.gradient, 1e-4, "gradient of the compiled step");
  });
}

test("gradients have gradients, which differences confirm", () => {
  const smooth = [
    "meanSquaredError",
    "logCosh",
    "poissonNll",
    "gaussianNll",
    "binaryCrossEntropy with posWeight",
    "focal",
    "focal of classes",
    "crossEntropy with all of them",
    "crossEntropy of distributions",
    "perplexity",
    "klDivergence",
    "infoNce one way",
    "ntXent",
    "ctc with lengths of inputs",
    "dice",
    "iou of classes",
  ];
  for (const name of smooth) {
    const each = cases[name]!;
    const error = secondGradientError((x) => whole(each, x), each.x.div(2));
    assert.ok(error < 2e-3, `${name}: ${error}`);
  }
});
