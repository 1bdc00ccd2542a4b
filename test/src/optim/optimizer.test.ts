/** What all optimizers have in common; oracles.test.ts holds each against others'. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import * as optim from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { assertClose, fill } from "../../parity.js";
import { flat, makeParameters, noise, oracle, step, steps } from "./problem.js";

test("an optimizer remembers each weight by itself, so that a second run goes on where the first ended", () => {
  const optimizer = optim.adam(0.02);
  const [first, second] = [makeParameters(), makeParameters()];
  for (let number = 0; number < 6; number++) step(optimizer, first, number);
  for (let number = 0; number < steps; number++) step(optimizer, second, number);
  for (let number = 6; number < steps; number++) step(optimizer, first, number);
  assertClose(flat(first), oracle.optimizers.adam!.at(-1)!, 1e-5, "first");
  assertClose(flat(second), oracle.optimizers.adam!.at(-1)!, 1e-5, "second");
});

test("its memory can be read by name", () => {
  const [optimizer, parameters] = [optim.adam(0.01), makeParameters().slice(0, 1)];
  assert.equal(optimizer.state(parameters).size, 0);
  const gradient = noise(0)[0]!.add(parameters[0]!.variable);
  optimizer.step(parameters, [gradient]);
  const state = optimizer.state(parameters);
  assert.deepEqual([...state.keys()], ["w.mean", "w.meanSquare"]);
  assertClose(state.get("w.mean")!, [...gradient.mul(0.1).dataSync()], 1e-6, "mean");
});

test("the learning rate may change between steps", () => {
  const [optimizer, parameters] = [optim.sgd(0.1), makeParameters()];
  const before = [...flat(parameters).dataSync()];
  optimizer.learningRate = 0;
  step(optimizer, parameters, 0);
  assertClose(flat(parameters), before, 0, "unmoved");
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
