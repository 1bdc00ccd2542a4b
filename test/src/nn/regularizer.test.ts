/** What weights cost, against Keras 3.15; test/fixtures/initializers.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import * as nn from "../../../src/nn/index.js";
import { sgd } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { evaluate, type FitOptions, fit } from "../../../src/train/index.js";
import { assertRefused, type Fixture, readFixture } from "../../layer-parity.js";
import { assertClose, fill } from "../../parity.js";

interface Regularizers extends Fixture {
  readonly regularizers: Readonly<Record<string, { readonly cost: number; readonly gradient: readonly number[] }>>;
}

const oracle = readFixture<Regularizers>("initializers");
const made: Readonly<Record<string, nn.Regularizer>> = {
  l1: nn.l1(0.02),
  l2: nn.l2(0.03),
  l1l2: nn.l1l2({ l1: 0.02, l2: 0.03 }),
};

const x = [
  [1, 2],
  [3, -1],
  [0.5, 0],
  [-2, 1],
];
const data = fromArrays(x, [[1], [0], [2], [-1]]);
const options = { loss: "meanSquaredError", batchSize: 4, epochs: 1 } as const;

function model(regularizer?: nn.Regularizer): nn.Model<[2], [1]> {
  nn.seed(1);
  return nn.sequential(nn.input(2), nn.dense(3, { ...(regularizer && { regularizer }) }), nn.tanh(), nn.dense(1));
}

const numbers = (of: nn.Model) => of.parameters.map(({ variable }) => Array.from(variable.dataSync()));

async function step(net: nn.Model<[2], [1]>, more: Partial<FitOptions> = {}) {
  const run = await fit(net, data, { ...options, optimizer: sgd(0.1), ...more });
  return { loss: run.history.steps.loss[0]!, weights: numbers(net), norm: run.history.steps.gradientNorm[0]! };
}

test("every regularizer is one that Keras was asked about", () => {
  const names = Object.keys(oracle.items).filter((name) => !name.startsWith("init."));
  assert.deepEqual(names.sort(), Object.keys(made).sort());
});

for (const [name, { cost, gradient }] of Object.entries(oracle.regularizers)) {
  test(`${name} costs what ${oracle.items[name]} costs, and its gradient`, () => {
    const w = fill("w", 4, 3);
    assertClose(made[name]!(w), [cost], 1e-5, "cost");
    assertClose(tf.grad((w) => made[name]!(w))(w), gradient, 1e-5, "gradient");
  });
}

test("the cost is a part of the loss that is told, in training, validation and evaluate", async () => {
  const [plain, costly] = [model(), model(nn.l2(0.1))];
  const cost = nn.l2(0.1)(costly.parameters[0]!.variable).dataSync()[0]!;
  const missed = (await evaluate(plain, data, { loss: "meanSquaredError" })).loss;
  const whole = (await evaluate(costly, data, { loss: "meanSquaredError" })).loss;
  assert.ok(Math.abs(whole - missed - cost) < 1e-5, `${whole}, ${missed} + ${cost}`);
  const run = await fit(costly, data, { ...options, optimizer: sgd(0), validate: data });
  assert.ok(Math.abs(run.history.steps.loss[0]! - whole) < 1e-5);
  assert.ok(Math.abs(run.epochs[0]!.validation!.loss - whole) < 1e-5);
});

test("a step moves the weight by the gradient of the cost, too, and no other", async () => {
  const before = numbers(model());
  const [plain, costly] = [await step(model()), await step(model(nn.l1l2({ l1: 0.3, l2: 0.2 })))];
  const extra = before[0]!.map((w) => 0.3 * Math.sign(w) + 0.4 * w);
  extra.forEach((gradient, index) => {
    const moved = plain.weights[0]![index]! - costly.weights[0]![index]!;
    assert.ok(Math.abs(moved - 0.1 * gradient) < 1e-5, `${moved}, expected ${0.1 * gradient}`);
  });
  assert.deepEqual(costly.weights.slice(1), plain.weights.slice(1));
  assert.ok(Math.abs(costly.norm - plain.norm) > 1e-3, "the norm is that of the whole gradient");
});

test("a batch in parts, loss scaling and bias make no difference to it", async () => {
  const whole = await step(model(nn.l2(0.1)));
  const parts = await step(model(nn.l2(0.1)), { accumulate: 2 });
  assert.ok(Math.abs(whole.loss - parts.loss) < 1e-5);
  whole.weights.forEach((values, index) => {
    assertClose(tf.tensor1d(values), parts.weights[index]!, 1e-5);
  });
  const loss = nn.losses.meanSquaredError({ reduction: "sum" });
  const [sum, sums] = [await step(model(nn.l2(0.1)), { loss }), await step(model(nn.l2(0.1)), { loss, accumulate: 2 })];
  assert.ok(Math.abs(sum.loss - sums.loss) < 1e-4, `${sum.loss}, ${sums.loss}`);
  const half = await step(model(nn.l2(0.1)), { precision: "mixed-fp16" });
  assert.ok(Math.abs(whole.loss - half.loss) < 0.02 * whole.loss);
});

test("every layer with a kernel takes a regularizer, recurrent ones two", () => {
  const regularizer = nn.l2(0.5);
  const named = (layer: nn.Layer) =>
    nn
      .sequential(nn.input(6, 4), layer)
      .parameters.filter((one) => one.regularizer !== undefined)
      .map(({ path }) => path.replace("layers.0.", ""));
  assert.deepEqual(named(nn.dense(2, { regularizer })), ["weight"]);
  assert.deepEqual(named(nn.conv1d(2, 3, { regularizer })), ["weight"]);
  assert.deepEqual(named(nn.conv1dTranspose(2, 3, { regularizer })), ["weight"]);
  assert.deepEqual(named(nn.prelu({ regularizer })), ["weight"]);
  assert.deepEqual(named(nn.lstm(2, { regularizer })), ["weight"]);
  assert.deepEqual(named(nn.gru(2, { regularizer, recurrentRegularizer: nn.l1() })), ["weight", "recurrentWeight"]);
  assert.deepEqual(named(nn.bidirectional(nn.rnn(2, { recurrentRegularizer: nn.l1() }))), [
    "forward.recurrentWeight",
    "backward.recurrentWeight",
  ]);
  const [table] = nn.sequential(nn.input(6), nn.embedding(5, 2, { regularizer })).parameters;
  assert.equal(table!.regularizer, regularizer);
});

test("a frozen weight costs nothing, as in Keras", async () => {
  const net = model(nn.l2(0.1));
  const whole = (await evaluate(net, data, { loss: "meanSquaredError" })).loss;
  nn.freeze(net, "layers.0.weight");
  const missed = (await evaluate(model(), data, { loss: "meanSquaredError" })).loss;
  const frozen = (await evaluate(net, data, { loss: "meanSquaredError" })).loss;
  assert.ok(Math.abs(frozen - missed) < 1e-6);
  nn.unfreeze(net);
  const again = (await evaluate(net, data, { loss: "meanSquaredError" })).loss;
  assert.ok(Math.abs(again - whole) < 1e-6 && whole - missed > 1e-3);
});

test("a function of the user's own is a regularizer, and must give one number", async () => {
  const own = (weight: tf.Tensor) => weight.square().sum().sub(1).square().mul(0.5);
  const costly = await step(model(own));
  const missed = await step(model());
  const cost = own(model().parameters[0]!.variable).dataSync()[0]!;
  assert.ok(Math.abs(costly.loss - missed.loss - cost) < 1e-5);
  await assert.rejects(
    step(model((weight) => weight.square())),
    /^ShapeError: regularizer of layers\.0\.weight: expected one number, got \[2, 3\]\. End it with \.sum\(\)\.$/,
  );
});

test("what cannot be is refused, in words that help", () => {
  assertRefused([
    [() => nn.l1(-1), /^ValueError: l1: rate: expected a number from 0, got -1\.$/],
    [() => nn.l2("a" as never), /^ValueError: l2: rate: expected a number from 0, got "a"\.$/],
    [() => nn.l1l2({ l3: 1 } as never), /^ValueError: l1l2: expected options l1, l2, got 'l3'\. Did you mean 'l1'\?$/],
    [() => nn.l1l2({ l2: -1 }), /^ValueError: l1l2: l2: /],
    [
      () => nn.dense(2, { regularizer: nn.l2 as never }),
      /dense: regularizer: .*, got l2 itself\. Write nn\.l2\(1e-4\)\.$/,
    ],
    [
      () => nn.dense(2, { regularizer: 0.01 as never }),
      /^ValueError: dense: regularizer: expected a regularizer, got 0\.01\./,
    ],
    [() => nn.dense(2, { regulariser: nn.l2() } as never), /Did you mean 'regularizer'\?$/],
  ]);
});
