/** The memory of optimizers: read, written down, and put back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError, ValueError } from "../../../src/errors.js";
import * as optim from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { flat, makeParameters, step } from "./problem.js";

const optimizers: Record<string, () => optim.Optimizer> = {
  sgd: () => optim.sgd(0.1),
  "sgd with momentum": () => optim.sgd(0.1, { momentum: 0.9, dampening: 0.5 }),
  adam: () => optim.adam(0.1),
  "adamW with amsgrad": () => optim.adamW(0.1, { amsgrad: true }),
  nadam: () => optim.nadam(0.1),
  radam: () => optim.radam(0.1),
  rmsProp: () => optim.rmsProp(0.1, { centered: true, momentum: 0.5 }),
  adagrad: () => optim.adagrad(0.1, { learningRateDecay: 0.1, initialAccumulatorValue: 0.5 }),
  adadelta: () => optim.adadelta(1),
  adamax: () => optim.adamax(0.1),
  lion: () => optim.lion(0.1),
  lamb: () => optim.lamb(0.1),
  lars: () => optim.lars(0.1),
  adafactor: () => optim.adafactor(0.1),
  muon: () => optim.muon(0.1),
  "adam on a schedule": () => optim.adam(optim.cosine({ peak: 0.1, steps: 12 })),
  ema: () => optim.ema(optim.adam(0.1), { decay: 0.9 }),
  swa: () => optim.swa(optim.sgd(0.1), { from: 3, every: 2 }),
};

/** Copies, as a file would hold them. */
function written(state: ReadonlyMap<string, tf.Tensor>): Map<string, tf.Tensor> {
  return new Map([...state].map(([name, value]) => [name, tf.tensor(value.dataSync().slice(), value.shape)]));
}

function copied(parameters: readonly optim.Trainable[]): optim.Trainable[] {
  return parameters.map(({ path, variable }) => ({ path, variable: tf.variable(variable.clone()) }));
}

const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

for (const [name, make] of Object.entries(optimizers)) {
  test(`${name} goes on from its written state as if it had never stopped, to the bit`, () => {
    const [first, weights] = [make(), makeParameters()];
    for (let number = 0; number < 5; number++) step(first, weights, number);
    const state = written(first.state(weights));
    const [second, others] = [make(), copied(weights)];
    second.restore(others, state, first.steps(weights));
    for (let number = 5; number < 9; number++) {
      assert.equal(second.nextLearningRate(others), first.nextLearningRate(weights));
      step(first, weights, number);
      step(second, others, number);
    }
    assert.deepEqual(numbers(flat(others)), numbers(flat(weights)));
    assert.equal(second.steps(others), 9);
    for (const [key, value] of first.state(weights)) {
      assert.deepEqual(numbers(second.state(others).get(key)!), numbers(value), key);
    }
  });
}

test("an optimizer that has made steps is put back to an earlier state, and to its beginning", () => {
  const [optimizer, weights] = [optim.adagrad(0.1, { initialAccumulatorValue: 0.5 }), makeParameters()];
  const before = numbers(flat(weights));
  const path = () => {
    weights.forEach(({ variable }, index) => {
      variable.assign(makeParameters()[index]!.variable.clone());
    });
    assert.deepEqual(numbers(flat(weights)), before);
    for (let number = 0; number < 3; number++) step(optimizer, weights, number);
    return numbers(flat(weights));
  };
  const expected = path();
  assert.notDeepEqual(path(), expected, "it remembers");
  optimizer.restore(weights, new Map(), 0);
  assert.deepEqual(path(), expected);
});

test("factored memory is told in its own shapes", () => {
  const [optimizer, weights] = [optim.adafactor(0.1), makeParameters()];
  step(optimizer, weights, 0);
  const shapes = [...optimizer.state(weights)].map(([name, { shape }]) => `${name} [${shape}]`);
  const expected = ["w.rows [3,1]", "w.columns [1,4]", "b.meanSquare [4]", "k.rows [2,3,1]", "k.columns [2,1,2]"];
  assert.deepEqual(shapes, expected);
});

test("what schedules have heard of epochs is part of the state", () => {
  const make = () => optim.adam(optim.reduceOnPlateau({ rate: 0.1, patience: 0, factor: 0.5 }));
  const [first, weights] = [make(), makeParameters()];
  for (const loss of [1, 2, 0.3, 0.4]) first.endEpoch(weights, loss);
  assert.equal(first.nextLearningRate(weights), 0.1 * 0.5 * 0.5);
  const state = first.state(weights);
  assert.deepEqual(numbers(state.get("epochLosses")!), numbers(tf.tensor1d([1, 2, 0.3, 0.4])));
  const second = make();
  second.restore(weights, written(state), 4);
  assert.equal(second.nextLearningRate(weights), 0.1 * 0.5 * 0.5);
  const constant = optim.adam(0.1);
  constant.endEpoch(weights, 1);
  assert.equal(constant.state(weights).size, 0, "nobody needs to know");
});

test("a state that does not fit is refused, and nothing is changed", () => {
  const make: [string, () => optim.Optimizer][] = [
    ["adam(0.1)", () => optim.adam(0.1)],
    ["ema(adam(0.1), { decay: 0.5 })", () => optim.ema(optim.adam(0.1), { decay: 0.5 })],
  ];
  for (const [label, optimizer] of make) {
    const [good, weights] = [optimizer(), makeParameters()];
    step(good, weights, 0);
    const state = written(good.state(weights));
    const slot = label.startsWith("ema") ? "b.average" : "b.mean";
    const without = new Map([...state].filter(([name]) => name !== slot));
    const cases: [Map<string, tf.Tensor>, number, typeof ValueError | typeof ShapeError, string][] = [
      [without, 1, ValueError, `restore: expected a value for '${slot}', got none.`],
      [new Map([...state, ["w.maen", tf.zeros([3, 4])]]), 1, ValueError, "got 'w.maen'. Did you mean 'w.mean'?"],
      [new Map([...state, [slot, tf.zeros([5])]]), 1, ShapeError, `restore: ${slot}: expected [4], got [5].`],
      [new Map(), 1, ValueError, "restore: expected a value for '"],
      [
        state,
        -1,
        ValueError,
        "restore: steps: expected a whole number from 0, or a list of 3, one for each parameter, got -1.",
      ],
      [
        state,
        1.5,
        ValueError,
        "restore: steps: expected a whole number from 0, or a list of 3, one for each parameter, got 1.5.",
      ],
    ];
    for (const [given, steps, kind, message] of cases) {
      const before = [...good.state(weights)].map(([, value]) => numbers(value));
      assert.throws(
        () => good.restore(weights, given, steps),
        (error: unknown) => error instanceof kind && error.message.includes(message),
        message,
      );
      assert.deepEqual(
        [...good.state(weights)].map(([, value]) => numbers(value)),
        before,
      );
      assert.equal(good.steps(weights), 1);
    }
  }
  const message = /^ValueError: sgd\(0\.1\): restore: expected no memory, for it has none, got 'w\.mean'\.$/;
  const state = new Map([["w.mean", tf.zeros([3, 4])]]);
  assert.throws(() => optim.sgd(0.1).restore(makeParameters(), state, 1), message);
});
