/** Optimizers against PyTorch 2.13; test/fixtures/parity.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import * as optim from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { assertClose, fill, parity } from "../../parity.js";

const optimizers: Record<string, () => optim.Optimizer> = {
  sgd: () => optim.sgd(0.1),
  "sgd with weight decay": () => optim.sgd(0.1, { weightDecay: 0.05 }),
  "sgd with momentum": () => optim.sgd(0.05, { momentum: 0.9 }),
  "sgd with nesterov": () => optim.sgd(0.05, { momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  adam: () => optim.adam(0.01),
  "adam with its own numbers": () => optim.adam(0.05, { beta1: 0.7, beta2: 0.9, epsilon: 0.1 }),
  adamW: () => optim.adamW(0.01),
  "adamW with weight decay": () => optim.adamW(0.02, { weightDecay: 0.3 }),
};

function makeParameter() {
  return { path: "w", variable: tf.variable(fill("w", 2, 3)) };
}

function step(optimizer: optim.Optimizer, parameter: optim.Trainable, number: number): void {
  optimizer.step([parameter], [fill(`gradient.${number}`, 2, 3).add(parameter.variable)]);
}

test("every optimizer that PyTorch was asked about is tested here", () => {
  assert.deepEqual(Object.keys(optimizers).sort(), Object.keys(parity.optimizers).sort());
});

for (const [name, make] of Object.entries(optimizers)) {
  test(`${name} moves a weight as PyTorch does, for 20 steps`, () => {
    const [optimizer, parameter] = [make(), makeParameter()];
    parity.optimizers[name]!.forEach((expected, number) => {
      step(optimizer, parameter, number);
      assertClose(parameter.variable, expected, 1e-5, `after step ${number}`);
    });
    assert.equal(optimizer.steps([parameter]), 20);
  });
}

test("an optimizer remembers each weight by itself, so that a second run goes on where the first ended", () => {
  const optimizer = optim.adam(0.01);
  const [first, second] = [makeParameter(), makeParameter()];
  for (let number = 0; number < 10; number++) step(optimizer, first, number);
  for (let number = 0; number < 20; number++) step(optimizer, second, number);
  for (let number = 10; number < 20; number++) step(optimizer, first, number);
  assertClose(first.variable, parity.optimizers.adam![19]!, 1e-5, "first");
  assertClose(second.variable, parity.optimizers.adam![19]!, 1e-5, "second");
});

test("its memory can be read by name", () => {
  const [optimizer, parameter] = [optim.adam(0.01), makeParameter()];
  assert.equal(optimizer.state([parameter]).size, 0);
  step(optimizer, parameter, 0);
  const state = optimizer.state([parameter]);
  assert.deepEqual([...state.keys()], ["w.mean", "w.meanSquare"]);
  const gradient = fill("gradient.0", 2, 3).add(fill("w", 2, 3));
  assertClose(state.get("w.mean")!, [...gradient.mul(0.1).dataSync()], 1e-6, "mean");
});

test("the learning rate may change between steps", () => {
  const [optimizer, parameter] = [optim.sgd(0.1), makeParameter()];
  optimizer.learningRate = 0;
  step(optimizer, parameter, 0);
  assertClose(parameter.variable, [...fill("w", 2, 3).dataSync()], 0, "unmoved");
});

/** It would divide 0 by 0 where a gradient is 0. */
function zeroEpsilon(
  make: (learningRate: number, options: { epsilon: number }) => optim.Optimizer,
): [() => unknown, RegExp] {
  return [() => make(0.1, { epsilon: 0 }), /: epsilon: expected a number above 0, got 0\.$/];
}

test("options that cannot be are refused in the house words", () => {
  const refused: [() => unknown, RegExp][] = [
    [() => optim.sgd(-1), /^sgd\(-1\): learningRate: expected a number from 0, got -1\.$/],
    [() => optim.sgd(Number.NaN), /learningRate: expected a number from 0, got NaN/],
    [() => optim.sgd(0.1, { momentum: 1 }), /^sgd: momentum: expected a number from 0 to below 1, got 1\.$/],
    [
      () => optim.sgd(0.1, { nesterov: true }),
      /^sgd: nesterov: expected a momentum above 0 with it, got momentum 0\.$/,
    ],
    [() => optim.adam(0.1, { beta: 0.5 } as never), /got 'beta'\. Did you mean 'beta1'\?$/],
    [() => optim.adamW(0.1, { weightDecay: -1 }), /^adamW: weightDecay: expected a number from 0, got -1\.$/],
    ...[optim.adam, optim.adamW, optim.nadam, optim.radam, optim.adamax, optim.lamb, optim.muon].map(zeroEpsilon),
    ...[optim.rmsProp, optim.adagrad, optim.adadelta].map(zeroEpsilon),
    [() => optim.adafactor(0.1, { epsilon1: 0 }), /^adafactor: epsilon1: expected a number above 0, got 0\.$/],
    [
      () => optim.adafactor(0.1, { beta2Decay: 0.8 }),
      /^adafactor: beta2Decay: expected a number from -1 to 0, got 0\.8\.$/,
    ],
    [
      () => optim.sgd(0.1, { momentum: 0.9, nesterov: "yes" as never }),
      /^sgd: nesterov: expected true or false, got "yes"/,
    ],
    [
      () => optim.adam({ learningRate: 1e-3 } as never),
      /^adam\(Object\): learningRate: expected a number from 0, or a schedule, got Object\. It comes first, before the options/,
    ],
    [() => optim.adam("fast" as never), /expected a number from 0, or a schedule, got "fast"/],
  ];
  for (const [call, message] of refused) {
    assert.throws(
      call,
      (error: unknown) => error instanceof ValueError && message.test(error.message),
      String(message),
    );
  }
});

test("gradients that do not fit their weights are named, and no weight has moved", () => {
  for (const make of [() => optim.adam(0.1), () => optim.ema(optim.sgd(0.1)), () => optim.muon(0.1)]) {
    const parameters = ["a", "b"].map((path) => ({ path, variable: tf.variable(fill(path, 2, 3)) }));
    const optimizer = make();
    const wrong: readonly (readonly [tf.Tensor, RegExp])[] = [
      [tf.zeros([3]), /: b: expected a gradient \[2, 3\], got \[3\]/],
      [tf.zeros([2, 3], "int32"), /: b: expected a gradient \[2, 3\] of float32, got int32/],
      [3 as never, /: b: expected a gradient \[2, 3\], got 3/],
    ];
    for (const [gradient, words] of wrong) {
      assert.throws(() => optimizer.step(parameters, [tf.ones([2, 3]), gradient]), words);
    }
    for (const { path, variable } of parameters) assertClose(variable, [...fill(path, 2, 3).dataSync()], 0, path);
    assert.equal(optimizer.steps(parameters), 0);
  }
});
