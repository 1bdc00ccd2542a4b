/** What happens to gradients between the loss and the optimizer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import { NonFiniteError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import type { Loss } from "../../../src/nn/losses/loss.js";
import { loss } from "../../../src/nn/losses/names.js";
import { sgd } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { type FitOptions, fit } from "../../../src/train/index.js";
import { assertClose } from "../../parity.js";
import { points } from "./small.js";

const crossEntropy = loss("crossEntropy");
const options = { loss: "crossEntropy", batchSize: 10, maxSteps: 3, metrics: ["accuracy"] } as const;

/** Without dropout, which draws other numbers for each part of a batch. */
function makeNet(): nn.Model<[2], [3]> {
  nn.seed(4);
  return nn.sequential(nn.input(2), nn.dense(8), nn.tanh(), nn.dense(3));
}

async function trained(more: Partial<FitOptions>, net = makeNet()) {
  const run = await fit(net, points(30), { ...options, optimizer: sgd(0.5), ...more } as FitOptions);
  return { run, weights: net.parameters.map(({ variable }) => Array.from(variable.dataSync())) };
}

function assertAlike(a: readonly number[][], b: readonly number[][], tolerance: number): void {
  a.forEach((values, index) => {
    assertClose(tf.tensor1d(values), b[index]!, tolerance, `parameter ${index}`);
  });
}

test("the norm of the gradients is told of each step, and is that of all parameters together", async () => {
  const net = makeNet();
  const whole = points(10);
  const { x, y } = whole.batch(Array.from({ length: 10 }, (_, index) => index));
  const variables = net.parameters.map(({ variable }) => variable);
  const { grads } = tf.variableGrads(() => crossEntropy(net.forward(x, { training: true }), y) as tf.Scalar, variables);
  const values = Object.values(grads).flatMap((gradient) => Array.from(gradient.dataSync()));
  const run = await fit(net, whole, { ...options, optimizer: sgd(0.5), maxSteps: 1 });
  const norm = run.history.steps.at(-1)!.gradientNorm;
  assert.ok(Math.abs(norm - Math.hypot(...values)) < 1e-5 * norm, `${norm}`);
});

test("clipNorm scales a step down to that norm, and leaves smaller ones alone", async () => {
  const before = makeNet().parameters.map(({ variable }) => Array.from(variable.dataSync()));
  const moved = (weights: readonly number[][]) =>
    Math.hypot(...weights.flatMap((values, index) => values.map((value, place) => value - before[index]![place]!)));
  const clipped = await trained({ clipNorm: 0.01, maxSteps: 1 });
  assert.ok(Math.abs(moved(clipped.weights) - 0.5 * 0.01) < 1e-6, `${moved(clipped.weights)}`);
  assert.ok(clipped.run.history.steps.at(-1)!.gradientNorm > 0.05, "the norm told is the one before");
  const [plain, loose] = [await trained({}), await trained({ clipNorm: 1000 })];
  assertAlike(loose.weights, plain.weights, 1e-6);
});

test("accumulate makes the step of the whole batch out of parts, the last one smaller too", async () => {
  const whole = await trained({});
  for (const accumulate of [2, 3, 10, 50]) {
    const parts = await trained({ accumulate });
    assertAlike(parts.weights, whole.weights, 1e-5);
    const [mine, its] = [parts.run.history.steps, whole.run.history.steps];
    assertClose(tf.tensor1d(Array.from(mine.loss)), Array.from(its.loss), 1e-5, "losses");
    assertClose(tf.tensor1d(Array.from(mine.metrics.accuracy!)), Array.from(its.metrics.accuracy!), 1e-6, "accuracies");
  }
});

test("the moving averages of batchNorm take in the mean over the parts", async () => {
  const net = nn.sequential(nn.input(2), nn.batchNorm({ momentum: 0.5 }), nn.dense(3));
  const data = fromArrays(
    tf.tensor2d([
      [0, 0],
      [2, 4],
      [4, 8],
      [10, 20],
    ]),
    Int32Array.of(0, 1, 2, 0),
    { classes: 3 },
  );
  await fit(net, data, { ...options, optimizer: sgd(0), batchSize: 4, accumulate: 2, maxSteps: 1 });
  const mean = Array.from(nn.weights(net).get("layers.0.movingMean")!.dataSync());
  assert.deepEqual(mean, [2, 4]);
});

test("a step compiled by XLA learns the same", async () => {
  const [plain, fused] = [await trained({}), await trained({ jit: "xla", clipNorm: 1000 })];
  assertAlike(fused.weights, plain.weights, 1e-5);
});

test("an LSTM, whose steps TensorFlow has as one operation that XLA lacks, learns the same with XLA", async () => {
  const learn = async (more: Partial<FitOptions>) => {
    nn.seed(5);
    const net = nn.sequential(nn.input(4, 3), nn.lstm(5), nn.dense(2));
    const data = fromArrays(
      tf.randomNormal([12, 4, 3], 0, 1, "float32", 6),
      Int32Array.from({ length: 12 }, (_, i) => i % 2),
      {
        classes: 2,
      },
    );
    await fit(net, data, { ...options, optimizer: sgd(0.5), ...more } as FitOptions);
    return net.parameters.map(({ variable }) => Array.from(variable.dataSync()));
  };
  assertAlike(await learn({ jit: "xla" }), await learn({}), 1e-5);
});

test("bad options for gradients are refused", async () => {
  for (const [more, words] of [
    [{ clipNorm: 0 }, /fit: clipNorm: expected a number above 0, got 0/],
    [{ accumulate: 1.5 }, /fit: accumulate: expected a whole number above 0, got 1.5/],
    [{ jit: "xls" as never }, /fit: jit: expected "xla", got "xls"/],
  ] as const) {
    await assert.rejects(trained(more), (error: Error) => error instanceof ValueError && words.test(error.message));
  }
});

test("in float16 a run learns about the same, small gradients included", async () => {
  const tiny: Loss = (prediction, target) => crossEntropy(prediction, target).mul(1e-6);
  const [exact, mixed] = await Promise.all([
    trained({ loss: tiny, optimizer: sgd(5e5) }),
    trained({ loss: tiny, optimizer: sgd(5e5), precision: "mixed-fp16" }),
  ]);
  assertAlike(mixed.weights, exact.weights, 5e-3);
  assert.notDeepEqual(mixed.weights, exact.weights, "something was computed in fewer bits");
});

test("in float16 a step that overflows is made again with a smaller scale, and NaN stays an error", async () => {
  const huge: Loss = (prediction, target) => crossEntropy(prediction, target).mul(1e3);
  const [exact, mixed] = [
    await trained({ loss: huge, optimizer: sgd(5e-4) }),
    await trained({ loss: huge, optimizer: sgd(5e-4), precision: "mixed-fp16" }),
  ];
  assertAlike(mixed.weights, exact.weights, 5e-3);
  const nowhere: Loss = (prediction) => prediction.mean().sub(1e9).sqrt();
  await assert.rejects(trained({ loss: nowhere, precision: "mixed-fp16" }), NonFiniteError);
});
