import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { fromArrays, mnist } from "../../../src/data/index.js";
import * as nn from "../../../src/nn/index.js";
import { loss } from "../../../src/nn/losses/names.js";
import { adam, sgd } from "../../../src/optim/index.js";
import { memory } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { evaluate, fit, history } from "../../../src/train/index.js";
import { network, numbers, options, points, watched } from "./small.js";

test("an MLP learns 1,000 real digits to more than 85 % on digits it has not seen", async () => {
  const digits = await mnist({ train: 1000, test: 500 });
  nn.seed(1);
  const net = nn.sequential(nn.input(28, 28, 1), nn.flatten(), nn.dense(32), nn.relu(), nn.dense(10));
  const run = await fit(net, digits.train, {
    loss: "crossEntropy",
    optimizer: adam(3e-3),
    epochs: 5,
    validate: digits.test,
  });
  assert.equal(run.steps, 5 * 32);
  assert.deepEqual(
    run.epochs.map(({ epoch, step }) => [epoch, step]),
    [
      [1, 32],
      [2, 64],
      [3, 96],
      [4, 128],
      [5, 160],
    ],
  );
  const accuracy = run.epochs.at(-1)?.validation?.metrics.accuracy ?? 0;
  assert.ok(accuracy > 0.85, `accuracy ${accuracy}`);
  const score = await evaluate(net, digits.test);
  assert.ok(Math.abs(score.accuracy! - accuracy) < 1e-6, "evaluate agrees with the validation of fit");
});

test("where nobody says a loss or an optimizer, the data says which, and Adam moves the weights", async () => {
  const run = await fit(network(), points());
  assert.equal(run.plan.loss, "crossEntropy");
  assert.equal(run.plan.optimizer, "adam(0.001)");
  const said = await fit(network(), points(), { loss: "crossEntropy", optimizer: adam(0.001) });
  assert.deepEqual(numbers(run.model), numbers(said.model));
  const line = fromArrays([[0], [1], [2]], [[1], [3], [5]]);
  assert.equal((await fit(nn.sequential(nn.input(1), nn.dense(1)), line)).plan.loss, "meanSquaredError");
});

test("a step is what gradient descent says: weights move by rate × gradient of the mean loss over the batch", async () => {
  const data = points(5);
  nn.seed(2);
  const net = nn.sequential(nn.input(2), nn.dense(3));
  const { x, y } = data.batch([0, 1, 2, 3, 4]);
  const variables = net.parameters.map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(() => loss("crossEntropy")(net.forward(x), y) as tf.Scalar, variables);
  const expected = variables.flatMap((variable) => {
    const gradient = grads[variable.name]!.dataSync();
    return Array.from(variable.dataSync(), (weight, i) => weight - 0.5 * gradient[i]!);
  });
  const run = await fit(net, data, { loss: "crossEntropy", optimizer: sgd(0.5), batchSize: 5 });
  assert.ok(Math.abs(run.history.steps.loss[0]! - value.dataSync()[0]!) < 1e-6);
  numbers(net).forEach((weight, i) => {
    assert.ok(Math.abs(weight - expected[i]!) < 1e-6, `weight ${i}`);
  });
});

test("every epoch sees every example once, in another order, and the last batch is kept", async () => {
  const data = points();
  const seen: number[][] = [];
  const seenData = watched(data, (indices) => {
    seen.push([...indices]);
  });
  await fit(network(), seenData, { ...options(), epochs: 2 });
  const epochs = [seen.slice(0, 5), seen.slice(5)];
  assert.deepEqual(
    seen.map((batch) => batch.length),
    [5, 5, 5, 5, 3, 5, 5, 5, 5, 3],
  );
  for (const epoch of epochs) {
    assert.deepEqual(
      epoch.flat().sort((a, b) => a - b),
      Array.from({ length: 23 }, (_, i) => i),
    );
  }
  assert.notDeepEqual(epochs[0], epochs[1]);
});

test("the same seeds give the same weights, bit for bit; another order gives others", async () => {
  const [first, again, other] = [network(), network(), network()];
  await fit(first, points(), options());
  await fit(again, points(), options());
  await fit(other, points(), { ...options(), seed: 4 });
  assert.deepEqual(numbers(first), numbers(again));
  assert.notDeepEqual(numbers(first), numbers(other));
});

test("calling fit again with the same optimizer trains on as one longer run would", async () => {
  const [parts, whole] = [network(), network()];
  const chosen = options();
  await fit(parts, points(), { ...chosen, epochs: 1 });
  const second = await fit(parts, points(), { ...chosen, epochs: 2 });
  await fit(whole, points(), options());
  assert.deepEqual(numbers(parts), numbers(whole));
  assert.deepEqual(history(parts).steps.loss, history(whole).steps.loss);
  assert.deepEqual(
    second.epochs.map(({ epoch }) => epoch),
    [2, 3],
  );
  assert.deepEqual([second.plan.firstStep, second.plan.lastStep, second.steps], [5, 15, 10]);
});

test("an epoch's means weigh the batches by their sizes", async () => {
  const run = await fit(network(), points(), { ...options(), epochs: 1 });
  const sizes = [5, 5, 5, 5, 3];
  const mean = (values: Float64Array) => sizes.reduce((sum, size, i) => sum + (size * values[i]!) / 23, 0);
  const { loss, metrics } = run.history.steps;
  assert.ok(Math.abs(run.epochs[0]!.loss - mean(loss)) < 1e-12);
  assert.ok(Math.abs(run.epochs[0]!.metrics.accuracy! - mean(metrics.accuracy!)) < 1e-12);
});

test("maxSteps ends a run in the middle of an epoch, which is closed and validated", async () => {
  const run = await fit(network(), points(), { ...options(), maxSteps: 7 });
  assert.deepEqual([run.steps, run.plan.lastStep], [7, 7]);
  assert.deepEqual(
    run.epochs.map(({ epoch, step }) => [epoch, step]),
    [
      [1, 5],
      [2, 7],
    ],
  );
  assert.ok(run.epochs[1]!.validation!.loss > 0);
  assert.equal(run.history.steps.at(-1)!.epoch, 1.4);
});

test("losses and metrics may be functions, and values may be learned", async () => {
  const xs = Array.from({ length: 40 }, (_, i) => i / 20 - 1);
  const { fromArrays } = await import("../../../src/data/index.js");
  const line = fromArrays(
    xs,
    xs.map((x) => 3 * x - 1),
  );
  nn.seed(3);
  const net = nn.sequential(nn.input(1), nn.dense(1));
  const worst = (prediction: tf.Tensor, target: tf.Tensor) => prediction.sub(target).abs().max();
  const huber = (prediction: tf.Tensor, target: tf.Tensor) => tf.losses.huberLoss(target, prediction);
  const run = await fit(net, line, { loss: huber, optimizer: adam(0.1), epochs: 60, batchSize: 8, metrics: [worst] });
  assert.equal(run.plan.loss, "huber");
  assert.ok(run.epochs.at(-1)!.metrics.worst! < 0.05, JSON.stringify(run.epochs.at(-1)));
});

test("training, evaluating and predicting leave no tensor behind", async () => {
  const net = network();
  const chosen = options();
  const data = points();
  await fit(net, data, chosen);
  const before = memory().tensors;
  for (let round = 0; round < 3; round++) {
    await fit(net, data, chosen);
    await evaluate(net, data);
    const { x, y } = data.batch([0, 1]);
    tf.dispose([x, y, net.predict(x)]);
    assert.equal(memory().tensors, before, `round ${round}`);
  }
});

test("a run and a history read well in a console", async () => {
  const run = await fit(network(), points(), { ...options(), epochs: 2 });
  assert.match(
    inspect(run),
    /^Run of sequential: 2 epochs, 10 steps · loss [\d.]+ · accuracy [\d.]+ · validation loss [\d.]+ · validation accuracy [\d.]+$/,
  );
  assert.match(
    inspect(run.history.steps),
    /^10 steps \{ loss: [\d.]+ … [\d.]+, learningRate: 0\.01 … 0\.01, .*metrics\.accuracy: /,
  );
});
