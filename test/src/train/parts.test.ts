/** Large batches that are learned from a part at a time: nothing but time and memory may tell. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dataset, fromArrays } from "../../../src/data/index.js";
import { NonFiniteError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { loss } from "../../../src/nn/losses/names.js";
import type { Model } from "../../../src/nn/module.js";
import { sgd } from "../../../src/optim/index.js";
import { compiles } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { type FitOptions, fit } from "../../../src/train/index.js";
import { learningLength } from "../../../src/train/step/halves.js";
import { fill } from "../../parity.js";

const crossEntropy = loss("crossEntropy");
const compiled = { skip: compiles() ? false : "nothing is compiled without TensorFlow" };

const size = 100;
const images = pictures((index) => index % 3);

function pictures(target: (index: number) => number, value?: (index: number) => number): Dataset {
  const x = Array.from({ length: size }, (_, index) => {
    const one = fill(`image ${index}`, 24, 24, 4);
    return (value === undefined ? one : one.mul(value(index))).arraySync() as number[][][];
  });
  return fromArrays(
    x,
    Array.from({ length: size }, (_, index) => target(index)),
    { classes: 3 },
  ) as Dataset;
}

/** Some 110 million operations an example. */
function convolutional(activation: nn.Layer = nn.relu() as nn.Layer): Model {
  nn.seed(3);
  const layers = [nn.conv2d(128, 3), nn.relu(), nn.conv2d(96, 3), activation, nn.globalAveragePool2d(), nn.dense(3)];
  return nn.sequential(nn.input(24, 24, 4), ...(layers as nn.Layer[])) as Model;
}

/** What a run of one step over all examples tells, and the weights after it. */
async function learned(model: Model, options: FitOptions = {}, dataset = images) {
  const run = await fit(model, dataset, {
    loss: "crossEntropy",
    optimizer: sgd(0.1),
    batchSize: size,
    seed: 4,
    ...options,
  });
  const { loss: told, gradientNorm, metrics } = run.history.steps.at(0)!;
  const weights = model.parameters.map(({ variable }) => Array.from(variable.dataSync()));
  return { numbers: [told, gradientNorm, ...Object.values(metrics)], weights, history: run.history };
}

/** The same with the batch in one piece: a function of the user's asks for it. */
async function whole(options: FitOptions = {}, dataset = images) {
  const model = convolutional(nn.lambda((x) => x.relu(), { output: "same" }) as nn.Layer);
  assert.equal(learningLength(model, crossEntropy, size), size);
  return learned(model, options, dataset);
}

function assertClose(ours: readonly number[], theirs: readonly number[], what: string): void {
  assert.equal(ours.length, theirs.length, what);
  ours.forEach((value, index) => {
    const other = theirs[index]!;
    assert.ok(
      Math.abs(value - other) <= 3e-4 * Math.max(1e-2, Math.abs(other)),
      `${what} ${index}: ${value}, not ${other}`,
    );
  });
}

for (const [what, options] of [
  ["a step", {}],
  [
    "a step with metrics that are added up and metrics of rows",
    { metrics: ["accuracy", nn.metrics.f1(), nn.metrics.rocAuc()] },
  ],
  [
    "a step with weighed classes and examples",
    { classWeight: [1, 4, 0.5], sampleWeight: Array.from({ length: size }, (_, index) => (index % 5) / 2) },
  ],
  ["a step with a loss that ignores a class", { loss: nn.losses.crossEntropy({ ignoreIndex: 2 }) }],
  ["a step with clipped gradients", { clipNorm: 0.01 }],
] as const satisfies readonly (readonly [string, FitOptions])[]) {
  test(`${what} made in parts comes to the same as one over the whole batch`, compiled, async () => {
    const model = convolutional();
    assert.equal(learningLength(model, crossEntropy, size), 34, "three parts, the last one smaller");
    const [ours, theirs] = [await learned(model, options), await whole(options)];
    assertClose(ours.numbers, theirs.numbers, "numbers");
    for (const [index, values] of ours.weights.entries())
      assertClose(values, theirs.weights[index]!, `weight ${index}`);
  });
}

test("the same parts give the same bytes", compiled, async () => {
  const [one, other] = [await learned(convolutional()), await learned(convolutional())];
  assert.deepEqual(one.weights, other.weights);
  assert.deepEqual(one.numbers, other.numbers);
});

test("statistics of gradients are those of the whole batch", compiled, async () => {
  const [ours, theirs] = [await learned(convolutional(), { statistics: 1 }), await whole({ statistics: 1 })];
  const norms = ({ history }: typeof ours) =>
    [...history.statistics].flatMap(({ weights }) => Object.values(weights).map(({ gradient }) => gradient.norm));
  assertClose(norms(ours), norms(theirs), "norms");
});

test("a number that is not finite in one of the parts leaves the weights as they were", compiled, async () => {
  const model = convolutional();
  const before = model.parameters.map(({ variable }) => Array.from(variable.dataSync()));
  const broken = pictures(
    (index) => index % 3,
    (index) => (index === 30 ? 1e38 : 1),
  );
  await assert.rejects(learned(model, {}, broken), NonFiniteError);
  assert.deepEqual(
    model.parameters.map(({ variable }) => Array.from(variable.dataSync())),
    before,
  );
});

test("training in parts leaves no tensor behind", compiled, async () => {
  const model = convolutional();
  const train = () => fit(model, images, { loss: "crossEntropy", optimizer: sgd(0.1), batchSize: size });
  await train();
  const tensors = tf.memory().numTensors;
  await train();
  assert.equal(tf.memory().numTensors, tensors);
});
