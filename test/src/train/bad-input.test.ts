import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dataset, fromArrays, mnist } from "../../../src/data/index.js";
import { DataError, type NablaError, ShapeError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { adam } from "../../../src/optim/index.js";
import { memory } from "../../../src/runtime/index.js";
import { evaluate, type FitOptions, fit, history } from "../../../src/train/index.js";

import { handmade, network, numbers, options, points } from "./small.js";

type Kind = new (...args: never[]) => NablaError;

const values = fromArrays(
  [
    [1, 2],
    [3, 4],
  ],
  [0.5, 0.25],
);
const tokens = () => nn.gpt({ vocab: 5, context: 2, width: 4, heads: 1, layers: 1 });
const classifier = () => network() as nn.Model;
const chosen = options();

const cases: readonly (readonly [string, Kind, RegExp, () => nn.Model, unknown, object])[] = [
  [
    "an empty data set",
    DataError,
    /fit: handmade: expected at least one example, got an empty/,
    classifier,
    handmade([], []),
    {},
  ],
  [
    "an empty validation set",
    DataError,
    /fit: validate: handmade: expected at least one/,
    classifier,
    points(),
    { validate: handmade([], []) },
  ],
  [
    "a label too large",
    DataError,
    /fit: handmade: expected class indices from 0 to 2 \(3 classes\), got 3 at example 1/,
    classifier,
    handmade(
      [
        [1, 2],
        [3, 4],
      ],
      [0, 3],
    ),
    {},
  ],
  ["a negative label", DataError, /got -1 at example 0/, classifier, handmade([[1, 2]], [-1]), {}],
  [
    "a token outside the vocabulary",
    DataError,
    /fit: your data: .* 0 to 4 .* got 6 at example 1, position 0/,
    tokens,
    fromArrays(
      [Int32Array.of(1, 2), Int32Array.of(3, 4)],
      [
        [2, 3],
        [6, 0],
      ],
      { classes: 7 },
    ),
    {},
  ],
  [
    "a validation label too large",
    DataError,
    /fit: validate: handmade: .* got 5 at example 0/,
    classifier,
    points(),
    { validate: handmade([[1, 2]], [5]) },
  ],
  [
    "inputs of another shape",
    ShapeError,
    /fit: expected examples of shape \[2\], which sequential takes, got \[1\] from your data/,
    classifier,
    fromArrays([1, 2], [0, 1], { classes: 2 }),
    {},
  ],
  [
    "numbers where tokens are due",
    DataError,
    /fit: expected tokens \(int32\), which gpt takes, got float32 inputs/,
    tokens,
    fromArrays([[1, 2]], [[0, 1]], { classes: 5 }),
    {},
  ],
  [
    "values where classes are due",
    DataError,
    /fit: expected one class index an example for crossEntropy, got 1 value\. .*classes/,
    classifier,
    values,
    {},
  ],
  [
    "classes where values are due",
    DataError,
    /expected targets of shape \[3\] for meanSquaredError, .* got class indices/,
    classifier,
    points(),
    { loss: "meanSquaredError" },
  ],
  [
    "values of another width",
    DataError,
    /expected targets of shape \[3\] .* got 1 values an example/,
    classifier,
    values,
    { loss: "meanSquaredError" },
  ],
  ["no model", ValueError, /fit: expected a model, got undefined/, () => undefined as never, points(), {}],
  [
    "a promise of a data set",
    ValueError,
    /fit: expected a data set, got Promise. Put await before it/,
    classifier,
    mnist(),
    {},
  ],
  ["a list instead of a data set", ValueError, /fit: expected a data set, got \[1, 2\]/, classifier, [1, 2], {}],
  [
    "an unknown option",
    ValueError,
    /got 'batchsize'. Did you mean 'batchSize'\?/,
    classifier,
    points(),
    { batchsize: 3 },
  ],
  [
    "an unknown loss",
    ValueError,
    /fit: loss: expected .*got "crossentropy". Did you mean 'crossEntropy'\?/,
    classifier,
    points(),
    { loss: "crossentropy" },
  ],
  [
    "a loss that is none",
    ValueError,
    /fit: loss: expected "crossEntropy" or .*got 3/,
    classifier,
    points(),
    { loss: 3 },
  ],
  [
    "an unknown metric",
    ValueError,
    /fit: metrics: expected "accuracy" or .* got "acuracy". Did you mean 'accuracy'\?/,
    classifier,
    points(),
    { metrics: ["acuracy"] },
  ],
  [
    "a metric without a list",
    ValueError,
    /fit: metrics: expected a list like \["accuracy"\], got "accuracy"/,
    classifier,
    points(),
    { metrics: "accuracy" },
  ],
  [
    "an unknown optimizer",
    ValueError,
    /fit: optimizer: expected "sgd" or "adam" or "adamW", or an optimizer, got "Adam". Did you mean 'adam'/,
    classifier,
    points(),
    { optimizer: "Adam" },
  ],
  [
    "an optimizer that was not called",
    ValueError,
    /fit: optimizer: .*got a function. Others come with a learning rate: optim\.rmsProp\(1e-3\)/,
    classifier,
    points(),
    { optimizer: adam },
  ],
  ...[0, -1, 2.5, Number.NaN, Infinity, "3"].flatMap((bad) =>
    (["epochs", "batchSize", "maxSteps"] as const).map(
      (name) =>
        [
          `${name} ${bad}`,
          ValueError,
          new RegExp(`fit: ${name}: expected a whole number above 0`),
          classifier,
          points(),
          { [name]: bad },
        ] as const,
    ),
  ),
  [
    "a seed that is no number",
    ValueError,
    /fit: seed: expected a number from 0/,
    classifier,
    points(),
    { seed: Number.NaN },
  ],
];

for (const [what, kind, message, make, data, change] of cases) {
  test(`${what}: a ${kind.name} before anything is changed`, async () => {
    const net = make();
    const before = net === undefined ? [] : numbers(net);
    const tensors = memory().tensors;
    let started = false;
    const onStart = () => {
      started = true;
    };
    const given = { ...chosen, validate: undefined, observers: [{ onStart }], ...change };
    await assert.rejects(fit(net, data as Dataset, given as unknown as FitOptions), (error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, message);
      return true;
    });
    assert.equal(started, false);
    assert.equal(memory().tensors, tensors);
    if (net === undefined) return;
    assert.deepEqual(numbers(net), before);
    assert.equal(history(net).steps.length, 0);
  });
}

test("a model without weights cannot be trained", async () => {
  const net = nn.sequential(nn.input(3), nn.relu());
  const data = fromArrays([[1, 2, 3]], [0], { classes: 3 });
  await assert.rejects(fit(net, data, { loss: "crossEntropy", optimizer: "sgd" }), /a model with weights to train/);
});

test("evaluate refuses what fit refuses", async () => {
  const net = classifier();
  await assert.rejects(evaluate(net, handmade([], [])), DataError);
  await assert.rejects(evaluate(net, handmade([[1, 2]], [7])), DataError);
  await assert.rejects(evaluate(net, points(), { batchSize: 0 }), ValueError);
  await assert.rejects(evaluate(net, points(), { batchsize: 1 } as object), /Did you mean 'batchSize'/);
  await assert.rejects(evaluate(net, fromArrays([1], [0], { classes: 1 })), ShapeError);
});

test("a data set of another shape is an error of types, too", () => {
  const check = () => {
    const net = nn.sequential(nn.input(28, 28, 1), nn.flatten(), nn.dense(10));
    // @ts-expect-error [number] is not [28, 28, 1]
    void fit(net, points(), chosen);
  };
  assert.equal(typeof check, "function");
});
