import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { ValueError } from "../../../src/errors.js";
import * as optim from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { flat, makeParameters, step } from "./problem.js";

const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

function trained() {
  const [optimizer, parameters] = [optim.ema(optim.adam(0.1), { decay: 0.5 }), makeParameters()];
  for (let number = 0; number < 4; number++) step(optimizer, parameters, number);
  const weights = numbers(flat(parameters));
  const state = optimizer.state(parameters);
  const averages = numbers(flat(parameters.map(({ path }) => ({ variable: state.get(`${path}.average`)! }))));
  return { optimizer, parameters, weights, averages };
}

test("weights and averages change places, and back to the bit", () => {
  const { optimizer, parameters, weights, averages } = trained();
  assert.notDeepEqual(weights, averages);
  optimizer.swap({ parameters });
  assert.deepEqual(numbers(flat(parameters)), averages);
  optimizer.swap({ parameters });
  assert.deepEqual(numbers(flat(parameters)), weights);
});

test("work sees the averages, and the weights are back after it, whether it ends now, later or badly", async () => {
  const { optimizer, parameters, weights, averages } = trained();
  const look = () => numbers(flat(parameters));
  assert.deepEqual(optimizer.withAverages({ parameters }, look), averages);
  assert.deepEqual(look(), weights);
  const later = optimizer.withAverages({ parameters }, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return look();
  });
  assert.deepEqual(await later, averages);
  assert.deepEqual(look(), weights);
  const fail = () => {
    throw new RangeError("now");
  };
  assert.throws(() => optimizer.withAverages({ parameters }, fail), RangeError);
  await assert.rejects(
    optimizer.withAverages({ parameters }, async () => fail()),
    RangeError,
  );
  assert.deepEqual(look(), weights);
});

test("it moves weights as the optimizer inside, whose rate and state are its own", () => {
  const [plain, parameters] = [optim.adam(0.1), makeParameters()];
  for (let number = 0; number < 4; number++) step(plain, parameters, number);
  const { optimizer, parameters: others, weights } = trained();
  assert.deepEqual(weights, numbers(flat(parameters)));
  assert.deepEqual(
    [...optimizer.state(others).keys()],
    [...plain.state(parameters).keys(), "w.average", "b.average", "k.average"],
  );
  optimizer.learningRate = 0;
  step(optimizer, others, 4);
  assert.deepEqual(numbers(flat(others)), weights);
  assert.deepEqual([optimizer.nextLearningRate(others), optimizer.steps(others)], [0, 5]);
});

test("work may give any promise, also one of another realm", async () => {
  const { optimizer, parameters, weights, averages } = trained();
  const look = () => numbers(flat(parameters));
  const Foreign = runInNewContext("Promise") as PromiseConstructor;
  const later = optimizer.withAverages(
    { parameters },
    () => new Foreign<number[]>((resolve) => setTimeout(() => resolve(look()), 1)),
  );
  assert.deepEqual(look(), averages);
  assert.deepEqual(await later, averages);
  assert.deepEqual(look(), weights);
});

const averageOf = (optimizer: optim.Optimizer, parameters: readonly optim.Trainable[]) =>
  parameters.flatMap(({ path }) => numbers(optimizer.state(parameters).get(`${path}.average`)!));

test("until there is something to average the average is the weights, to the bit", () => {
  const [optimizer, parameters] = [optim.swa(optim.sgd(0.1), { from: 3, every: 2 }), makeParameters()];
  for (let number = 0; number < 4; number++) {
    step(optimizer, parameters, number);
    assert.deepEqual(averageOf(optimizer, parameters), numbers(flat(parameters)), `step ${number + 1}`);
  }
  const before = averageOf(optimizer, parameters);
  step(optimizer, parameters, 4);
  assert.deepEqual(averageOf(optimizer, parameters), before, "a step that is left out leaves it as it was");
});

test("put back to its beginning it has no averages, and averages anew", () => {
  const { optimizer, parameters } = trained();
  optimizer.restore(parameters, new Map(), 0);
  assert.ok(averageOf(optimizer, parameters).every((number) => number === 0));
  assert.throws(() => optimizer.swap({ parameters }), /weights without averages/);
  step(optimizer, parameters, 0);
  assert.deepEqual(averageOf(optimizer, parameters), numbers(flat(parameters)));
});

test("around an optimizer that has made steps it counts its own, and its written state tells", () => {
  const [inner, parameters] = [optim.sgd(0.1), makeParameters()];
  for (let number = 0; number < 3; number++) step(inner, parameters, number);
  const first = optim.swa(inner);
  for (let number = 3; number < 5; number++) step(first, parameters, number);
  const state = new Map([...first.state(parameters)].map(([name, value]) => [name, value.clone()]));
  assert.deepEqual(
    [...state.keys()].filter((name) => name.endsWith("Steps")),
    ["w.averageSteps", "b.averageSteps", "k.averageSteps"],
  );
  const others = parameters.map(({ path, variable }) => ({ path, variable: tf.variable(variable.clone()) }));
  const second = optim.swa(optim.sgd(0.1));
  second.restore(others, state, first.steps(parameters));
  step(first, parameters, 5);
  step(second, others, 5);
  assert.deepEqual(averageOf(second, others), averageOf(first, parameters));
});

test("a weight without an average stays where it is", () => {
  const { optimizer, parameters } = trained();
  const moving = { path: "movingMean", variable: tf.variable(tf.tensor1d([7])) };
  optimizer.withAverages({ parameters: [...parameters, moving] }, () => {
    assert.deepEqual(numbers(moving.variable), [7]);
  });
});

test("averages that cannot be are refused", () => {
  const refused: [() => unknown, RegExp][] = [
    [() => optim.ema(optim.adam(1), { decay: 1 }), /^ema: decay: expected a number from 0 to below 1, got 1\.$/],
    [() => optim.ema(optim.adam(1), { deacy: 0.5 } as never), /^ema: .*got 'deacy'\. Did you mean 'decay'\?$/],
    [() => optim.ema("adam" as never), /^ema: expected an optimizer, got "adam"\. Write optim\.adam\(1e-3\)\.$/],
    [
      () => optim.ema(optim.swa(optim.adam(1))),
      /^ema: expected an optimizer without averages, got swa\(adam\(1\), \{ from: 0, every: 1 \}\)\.$/,
    ],
    [() => optim.swa(optim.adam(1), { every: 0 }), /^swa: every: expected a whole number above 0, got 0\.$/],
    [() => optim.swa(optim.adam(1), { from: -1 }), /^swa: from: expected a whole number from 0, got -1\.$/],
    [
      () => optim.ema(optim.adam(1)).swap({ parameters: makeParameters() }),
      /^ema\(adam\(1\), .*\): expected a model that it has trained, got weights without averages\.$/,
    ],
  ];
  for (const [call, message] of refused) {
    assert.throws(
      call,
      (error: unknown) => error instanceof ValueError && message.test(error.message),
      String(message),
    );
  }
});
