/** Class and sample weights against Keras 3.15; test/fixtures/weighing.py made the numbers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ArrayDataset, fromArrays } from "../../../src/data/index.js";
import { ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { sgd } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { evaluate, type FitOptions, fit } from "../../../src/train/index.js";
import { assertClose, fill, fillWeights, tokens } from "../../parity.js";
import { root } from "../../root.js";
import { network, points } from "./small.js";

interface Expected {
  readonly losses: readonly number[];
  readonly weight: readonly number[];
  readonly bias: readonly number[];
  /** After training, with the sample weights. */
  readonly evaluated: number;
}

const fixture = JSON.parse(readFileSync(join(root, "test/fixtures/weighing.json"), "utf8")) as {
  readonly cases: Readonly<Record<string, Expected>>;
};

const samples = Array.from(fill("samples", 10).abs().mul(3).dataSync());
const labels = tokens("y", 3, 10);
const classWeight = { 0: 1, b: 3, 2: 0.5 };
const x = fill("x", 10, 2);

/** What is trained, on what, how. */
type Case = readonly [data: () => ArrayDataset, outputs: number, options: Omit<FitOptions, "optimizer">];

const cases: Readonly<Record<string, Case>> = {
  classes: [() => fromArrays(x, labels, { classes: ["a", "b", "c"] }), 3, { loss: "crossEntropy", classWeight }],
  samples: [() => fromArrays(x, labels, { classes: 3 }), 3, { loss: "crossEntropy", sampleWeight: samples }],
  "one-hot rows": [
    () => fromArrays(x, tf.oneHot(labels as tf.Tensor1D, 3)),
    3,
    { loss: nn.losses.crossEntropy(), classWeight: [1, 3, 0.5] },
  ],
  "yes and no": [
    () => fromArrays(x, tokens("yes", 2, 10).reshape([10, 1]).toFloat()),
    1,
    { loss: "binaryCrossEntropy", classWeight: { 1: 4 } },
  ],
  values: [() => fromArrays(x, fill("values", 10, 2)), 2, { loss: "meanSquaredError", sampleWeight: samples }],
  positions: [
    () => fromArrays(fill("x", 10, 4, 2), tokens("y", 3, 10, 4), { classes: 3 }),
    3,
    { loss: "crossEntropy", sampleWeight: samples },
  ],
};

test("every case that Keras was asked about is tested here", () => {
  assert.deepEqual(Object.keys(cases).sort(), Object.keys(fixture.cases).sort());
});

for (const [name, [data, outputs, options]] of Object.entries(cases)) {
  test(`weights of ${name} train as Keras's do, whole and in parts, and evaluate as they do`, async () => {
    const expected = fixture.cases[name]!;
    for (const accumulate of [1, 3]) {
      const dataset = data();
      const net = nn.sequential(nn.input(...dataset.inputShape), nn.dense(outputs));
      fillWeights(net);
      const run = await fit(net, dataset, { ...options, optimizer: sgd(0.5), epochs: 3, batchSize: 10, accumulate });
      assertClose(tf.tensor1d(run.epochs.map(({ loss }) => loss)), expected.losses, 1e-5, "losses");
      const trained = nn.weights(net);
      assertClose(trained.get("layers.0.weight")!, expected.weight, 1e-5, "weight");
      assertClose(trained.get("layers.0.bias")!, expected.bias, 1e-5, "bias");
      const { sampleWeight } = options;
      const chosen = { loss: options.loss!, batchSize: 4, ...(sampleWeight !== undefined && { sampleWeight }) };
      const { loss } = await evaluate(net, dataset, chosen);
      assertClose(tf.scalar(loss), [expected.evaluated], 1e-5, "evaluated");
    }
  });
}

test("classes of weight 0 teach nothing, and validation is not weighed", async () => {
  const [net, other] = [network(), network()];
  const options = { loss: "crossEntropy", optimizer: sgd(0.1), validate: points(7, 1) } as const;
  const before = net.parameters.map(({ variable }) => Array.from(variable.dataSync()));
  const run = await fit(net, points(), { ...options, classWeight: { a: 0, b: 0, c: 0 } });
  assert.deepEqual(
    net.parameters.map(({ variable }) => Array.from(variable.dataSync())),
    before,
  );
  const { loss } = await evaluate(other, points(7, 1), { loss: "crossEntropy" });
  assert.ok(Math.abs(run.epochs[0]!.validation!.loss - loss) < 1e-6);
});

const mine = (prediction: tf.Tensor, target: tf.Tensor) => nn.losses.crossEntropy()(prediction, target);

const refused: readonly (readonly [string, Partial<FitOptions>, RegExp])[] = [
  [
    "a function of the user's, which gives one number",
    { loss: mine, classWeight: { a: 1 } },
    /^ValueError: fit: classWeight: expected a loss of nn\.losses, .* got the function mine, .*Take one like/,
  ],
  ["the same for samples", { loss: mine, sampleWeight: [] }, /fit: sampleWeight: expected a loss of nn\.losses/],
  ["a class that is not there", { classWeight: { 3: 1 } }, /classes from 0 to 2, or their names, got '3'/],
  ["a mistyped class", { classWeight: { A: 1 } }, /got 'A'\. Did you mean 'a'\?/],
  ["too few classes", { classWeight: [1, 2] }, /expected 3 numbers, one a class, got 2/],
  ["a negative weight", { classWeight: { b: -1 } }, /expected numbers from 0, got -1 for b/],
  ["a weight that is NaN", { classWeight: [1, Number.NaN, 1] }, /expected numbers from 0, got NaN for 1/],
  ["no weights at all", { classWeight: 2 as never }, /expected a number for each class, like .* got 2/],
  ["too few samples", { sampleWeight: [1, 2] }, /expected 23 numbers, one an example of points, got 2/],
  [
    "a negative sample",
    { sampleWeight: Float32Array.from({ length: 23 }, (_, i) => 3 - i) },
    /expected numbers from 0, got -1 for example 4/,
  ],
];

for (const [what, options, message] of refused) {
  test(`${what}: a ValueError before anything is changed`, async () => {
    const run = fit(network(), points(), { loss: "crossEntropy", optimizer: "sgd", ...options });
    await assert.rejects(run, (error: Error) => error instanceof ValueError && message.test(String(error)));
  });
}

test("weights of classes need classes", async () => {
  const line = fromArrays([1, 2, 3], [1, 2, 3]);
  const net = nn.sequential(nn.input(1), nn.dense(1));
  const run = fit(net, line, { loss: "meanSquaredError", optimizer: "sgd", classWeight: [1] });
  await assert.rejects(run, /fit: classWeight: expected a loss of classes, got meanSquaredError\. Weigh examples by/);
});
