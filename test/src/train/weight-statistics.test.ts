import assert from "node:assert/strict";
import { test } from "node:test";
import { displaySymbol } from "../../../src/door.js";
import { NonFiniteError } from "../../../src/errors.js";
import { train } from "../../../src/index.js";
import * as nn from "../../../src/nn/index.js";
import { crossEntropy } from "../../../src/nn/losses/index.js";
import { adam, sgd } from "../../../src/optim/index.js";
import { memory } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { fit, history, resume, type StatisticsRecord, steps } from "../../../src/train/index.js";
import { plotOf, rendered, textOf } from "../display/bundles.js";
import { network, numbers, options, points } from "./small.js";

const plain = () => {
  const { validate, ...rest } = options();
  return rest;
};

function assertNear(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected)), `${what}: ${actual} ≠ ${expected}`);
}

test("norms, means, deviations, zeros and the update are those of the weights and gradients of the step", async () => {
  nn.seed(3);
  const net = nn.sequential(nn.input(2), nn.dense(6), nn.relu(), nn.dense(3));
  const data = points(10);
  const { x, y } = data.batch(Array.from({ length: 10 }, (_, index) => index));
  const variables = net.parameters.map(({ variable }) => variable);
  const before = variables.map((variable) => Array.from(variable.dataSync()));
  const { grads } = tf.variableGrads(
    () => crossEntropy()(net.forward(x, { training: true }), y) as tf.Scalar,
    variables,
  );
  const seen: StatisticsRecord[] = [];
  const observers = [{ onStatistics: (record: StatisticsRecord) => void seen.push(record) }];
  const run = await fit(net, data, {
    loss: "crossEntropy",
    optimizer: sgd(0.5),
    batchSize: 10,
    statistics: 1,
    observers,
  });
  assert.deepEqual([...run.history.statistics], seen);
  assert.deepEqual([seen.length, seen[0]!.step, seen[0]!.epoch], [1, 1, 1]);
  net.parameters.forEach(({ path, variable }, index) => {
    const { weight, gradient, updateRatio } = seen[0]!.weights[path]!;
    const slopes = Array.from(grads[variable.name]!.dataSync());
    const now = Array.from(variable.dataSync());
    for (const [moments, values] of [
      [weight, now],
      [gradient, slopes],
    ] as const) {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      assertNear(moments.norm, Math.hypot(...values), `${path} norm`);
      assertNear(moments.mean, mean, `${path} mean`);
      assertNear(moments.deviation, Math.sqrt(square), `${path} deviation`);
      assertNear(moments.zeros, values.filter((value) => value === 0).length / values.length, `${path} zeros`);
    }
    const moved = Math.hypot(...now.map((value, at) => value - before[index]![at]!));
    const size = Math.hypot(...before[index]!);
    if (size === 0) assert.equal(updateRatio, Number.POSITIVE_INFINITY, "a bias that was zero");
    else assertNear(updateRatio, moved / size, `${path} update`);
  });
});

test("every so many steps is looked at, and the training is the same, bit for bit", async () => {
  const [watched, blind] = [network(), network()];
  const run = await fit(watched, points(), { ...options(), statistics: 4 });
  await fit(blind, points(), options());
  assert.deepEqual(
    [...run.history.statistics].map(({ step }) => step),
    [1, 5, 9, 13],
  );
  assert.deepEqual(numbers(watched), numbers(blind));
  assert.deepEqual([...history(watched).steps.loss], [...history(blind).steps.loss]);
  assert.deepEqual(
    Object.keys(run.history.statistics.at(-1)!.weights),
    watched.parameters.map(({ path }) => path),
  );
});

test("clipping, parts of batches and frozen moving averages do not confuse it; a run that rests goes on looking", async () => {
  nn.seed(1);
  const net = nn.sequential(nn.input(2), nn.batchNorm(), nn.dense(3)) as nn.Model;
  const given = { ...plain(), clipNorm: 0.1, accumulate: 2, statistics: 2, optimizer: adam(0.01) };
  for await (const { step } of steps(net, points(), given)) if (step === 6) break;
  await resume(net);
  const all = [...history(net).statistics];
  assert.deepEqual(
    all.map(({ step }) => step),
    [1, 3, 5, 7, 9, 11, 13, 15],
  );
  assert.deepEqual(Object.keys(all[0]!.weights), [
    "layers.0.weight",
    "layers.0.bias",
    "layers.1.weight",
    "layers.1.bias",
  ]);
  const norm = Math.hypot(...Object.values(all[0]!.weights).map(({ gradient }) => gradient.norm));
  assertNear(norm, history(net).steps.gradientNorm[0]!, "all gradients together, before clipping");
});

test("looking leaves no tensor behind, also where the step fails", async () => {
  const net = network();
  const chosen = { ...plain(), epochs: 1, statistics: 1 };
  const bad = (prediction: tf.Tensor) => prediction.mean().sub(1e9).sqrt();
  const round = async () => {
    await fit(net, points(), chosen);
    await assert.rejects(fit(net, points(), { ...chosen, loss: bad }), NonFiniteError);
  };
  await round();
  const before = memory().tensors;
  await round();
  assert.equal(memory().tensors, before);
});

test("the statistics display themselves: a line a weight, on logarithmic axes", async () => {
  const net = network();
  await train.fit(net, points(), { ...options(), statistics: 3, quiet: true });
  const { statistics } = train.history(net);
  assert.ok(displaySymbol in statistics);
  const shown = await rendered(statistics as never);
  const plot = plotOf(shown);
  assert.equal(plot.data.length, 3 * 4);
  assert.deepEqual((plot.data[0] as { x: number[] }).x, [1, 4, 7, 10, 13]);
  assert.equal((plot.layout.yaxis as { type: string }).type, "log");
  assert.match(
    textOf(shown),
    /^weights and gradients: 4 weights, 5 looks, at step 13:\nlayers\.0\.weight\s+update ÷ weight/,
  );
  const nothing = await rendered(train.history(network()).statistics as never);
  assert.match(textOf(nothing), /nothing was recorded/);
  assert.match(
    JSON.stringify(plotOf(nothing).layout.title),
    /nothing was looked at: train\.fit\(…, \{ statistics: 50 \}\)/,
  );
  assert.deepEqual(plotOf(nothing).layout.yaxis, { visible: false });
});

test("how often is a whole number of steps", async () => {
  for (const statistics of [0, 1.5, true]) {
    const given = { ...options(), statistics } as Parameters<typeof fit>[2];
    await assert.rejects(fit(network(), points(), given), /fit: statistics: expected a whole number above 0/);
  }
});
