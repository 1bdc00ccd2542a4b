/** Models as in the quickstart, and residual ones, 20 steps each, against PyTorch 2.13; test/fixtures/parity.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as nn from "../../../src/nn/index.js";
import { loss } from "../../../src/nn/losses/names.js";
import type { Model } from "../../../src/nn/module.js";
import * as optim from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { fill, fillWeights, parity, tokens } from "../../parity.js";

type Batch = readonly [x: tf.Tensor, y: tf.Tensor];

function train(model: Model, optimizer: optim.Optimizer, batches: readonly Batch[]): number[] {
  fillWeights(model);
  const trained = model.parameters.filter(({ trainable }) => trainable);
  const variables = trained.map(({ variable }) => variable);
  const losses: number[] = [];
  let alive = 0;
  for (let step = 0; step < 20; step++) {
    const [x, y] = batches[step % batches.length]!;
    tf.tidy(() => {
      const forward = () => loss("crossEntropy")(model.forward(x, { training: true }), y) as tf.Scalar;
      const { value, grads } = tf.variableGrads(forward, variables);
      const gradients = variables.map(({ name }) => grads[name]!);
      optimizer.step(trained, gradients);
      losses.push(value.dataSync()[0]!);
    });
    if (step === 0) alive = tf.memory().numTensors;
  }
  assert.equal(tf.memory().numTensors, alive, "no step leaves tensors behind");
  return losses;
}

function assertLosses(actual: readonly number[], name: string): void {
  const expected = parity.models[name]!;
  assert.equal(expected.length, 20);
  expected.forEach((value, step) => {
    assert.ok(Math.abs(actual[step]! - value) <= 1e-4, `step ${step}: expected ${value}, got ${actual[step]}`);
  });
}

const four = [0, 1, 2, 3];

test("an MLP loses what PyTorch's loses, step for step", () => {
  const net = nn.sequential(nn.input(784), nn.dense(128), nn.relu(), nn.dense(10));
  const batches = four.map((i): Batch => [fill(`x.${i}`, 32, 784), tokens(`y.${i}`, 10, 32)]);
  assertLosses(train(net, optim.adam(1e-3), batches), "mlp");
});

test("a CNN loses what PyTorch's loses, step for step", () => {
  const net = nn.sequential(
    nn.input(28, 28, 1),
    nn.conv2d(16, 3),
    nn.relu(),
    nn.maxPool2d(2),
    nn.conv2d(32, 3),
    nn.relu(),
    nn.maxPool2d(2),
    nn.flatten(),
    nn.dense(10),
  );
  const batches = four.map((i): Batch => [fill(`x.${i}`, 8, 28, 28, 1), tokens(`y.${i}`, 10, 8)]);
  assertLosses(train(net, optim.adam(1e-3), batches), "cnn");
});

test("a ResNet loses what PyTorch's loses, step for step, with either shortcut", () => {
  const batches = four.map((i): Batch => [fill(`x.${i}`, 8, 16, 16, 3), tokens(`y.${i}`, 10, 8)]);
  const options = { depth: 8, input: [16, 16, 3], classes: 10 } as const;
  assertLosses(train(nn.resnet(options), optim.adam(1e-4), batches), "resnet");
  const projecting = nn.resnet({ ...options, shortcut: "projection" });
  assertLosses(train(projecting, optim.adam(1e-4), batches), "resnet with projections");
});

test("a GPT loses what PyTorch's loses, step for step", () => {
  const net = nn.gpt({ vocab: 65, context: 64, width: 64, heads: 4, layers: 2 });
  const batches = four.map((i): Batch => [tokens(`x.${i}`, 65, 4, 64), tokens(`y.${i}`, 65, 4, 64)]);
  assertLosses(train(net, optim.adamW(1e-3), batches), "gpt");
});
