import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import * as optim from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";

/** Weights of one number each, all 1. */
function makeParameters(...paths: string[]): optim.Trainable[] {
  return paths.map((path) => ({ path, variable: tf.variable(tf.tensor1d([1])) }));
}

/** How far each weight moves in one step with a gradient of 1. */
function moved(optimizer: optim.Optimizer, parameters: readonly optim.Trainable[]): Record<string, number> {
  optimizer.step(
    parameters,
    parameters.map(() => tf.tensor1d([1])),
  );
  const far = ({ variable }: optim.Trainable) => Number((1 - variable.dataSync()[0]!).toPrecision(5));
  return Object.fromEntries(parameters.map((parameter) => [parameter.path, far(parameter)]));
}

const paths = ["layers.0.weight", "layers.0.bias", "layers.01.weight", "layers.1.norm.weight"];

test("a group has its own rate, as a share of the optimizer's, and its own options", () => {
  const groups = [
    { match: "layers.0", learningRateScale: 0.1 },
    { match: /bias|norm/, weightDecay: 0 },
    { match: (path: string) => path.endsWith("1.weight"), momentum: 0, learningRateScale: 3 },
  ];
  const optimizer = optim.sgd(0.1, { momentum: 0.5, weightDecay: 1, groups });
  const expected = {
    "layers.0.weight": 0.02,
    "layers.0.bias": 0.01,
    "layers.01.weight": 0.6,
    "layers.1.norm.weight": 0.1,
  };
  const parameters = makeParameters(...paths);
  assert.deepEqual(moved(optimizer, parameters), expected);
  const slots = ["layers.0.weight.momentum", "layers.0.bias.momentum", "layers.1.norm.weight.momentum"];
  assert.deepEqual([...optimizer.state(parameters).keys()], slots, "a group without momentum remembers none");
  assert.equal(optimizer.nextLearningRate(parameters), 0.1, "the rate told is the optimizer's");
});

test("of several groups that match, the later ones speak over the earlier", () => {
  const groups = [
    { match: "layers", learningRateScale: 2, weightDecay: 1 },
    { match: /weight$/g, learningRateScale: 3 },
  ];
  const parameters = makeParameters("layers.0.weight", "layers.1.weight", "layers.1.bias");
  const expected = { "layers.0.weight": 0.6, "layers.1.weight": 0.6, "layers.1.bias": 0.4 };
  assert.deepEqual(moved(optim.sgd(0.1, { groups }), parameters), expected);
});

test("a group follows the schedule, and what is set later", () => {
  const schedule = optim.linear({ from: 0.1, to: 0.3, steps: 2 });
  const optimizer = optim.sgd(schedule, { groups: [{ match: "b", learningRateScale: 0.5 }] });
  const parameters = makeParameters("a", "b");
  assert.deepEqual(moved(optimizer, parameters), { a: 0.1, b: 0.05 });
  assert.deepEqual(moved(optimizer, parameters), { a: 0.3, b: 0.15 });
  optimizer.learningRate = 1;
  assert.deepEqual(moved(optimizer, parameters), { a: 1.3, b: 0.65 });
});

test("the label tells of groups, so that a run is not taken for one with others", () => {
  const groups = [
    { match: /bias|norm/, weightDecay: 0 },
    { match: "layers.0", learningRateScale: 0.1 },
  ];
  const expected =
    'adamW(0.1, { weightDecay: 0.3, groups: [{ match: /bias|norm/, weightDecay: 0 }, { match: "layers.0", learningRateScale: 0.1 }] })';
  assert.equal(optim.adamW(0.1, { weightDecay: 0.3, groups }).label, expected);
});

test("a rate of 0 keeps weights as they are", () => {
  for (const make of [optim.sgd, optim.adamW, optim.lamb, optim.adafactor, optim.muon, optim.lion]) {
    const optimizer = make(0.1, { weightDecay: 0.5, groups: [{ match: "b", learningRateScale: 0 }] });
    const { a, b } = moved(optimizer, makeParameters("a", "b"));
    assert.notEqual(a, 0, optimizer.label);
    assert.equal(b, 0, optimizer.label);
  }
});

test("groups that cannot be are refused, at once or with the first weights", () => {
  const match = "w";
  const refused: [() => unknown, RegExp][] = [
    [() => optim.adam(1, { groups: { match } as never }), /^adam: groups: expected a list like .*, got Object\.$/],
    [() => optim.adam(1, { groups: [{} as never] }), /^adam: groups\[0\]: expected a match: .*, got undefined\.$/],
    [
      () => optim.adam(1, { groups: [{ match }, { match, learningRateScale: -1 }] }),
      /^adam: groups\[1\]: learningRateScale: .*, got -1\.$/,
    ],
    [() => optim.adam(1, { groups: [{ match, beta1: 1 }] }), /^adam: groups\[0\]: beta1: .* below 1, got 1\.$/],
    [
      () => optim.adam(1, { groups: [{ match, weigthDecay: 0 } as never] }),
      /^adam: groups\[0\]: expected options .*, got 'weigthDecay'\. Did you mean 'weightDecay'\?$/,
    ],
    [
      () => moved(optim.adamW(1, { groups: [{ match: /biass/, weightDecay: 0 }] }), makeParameters(...paths)),
      /^adamW: groups\[0\]: expected a match among layers\.0\.weight, .*, got \/biass\/\.$/,
    ],
    [
      () => moved(optim.adamW(1, { groups: [{ match: "layer" }] }), makeParameters(...paths)),
      /^adamW: groups\[0\]: expected a match among .*, got "layer"\.$/,
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

test("options of groups, rates and schedules are checked by the types, too", () => {
  const check = () => {
    // @ts-expect-error sgd has no betas
    optim.sgd(0.1, { groups: [{ match: "b", beta1: 0.5 }] });
    // @ts-expect-error a group says which weights
    optim.adamW(0.1, { groups: [{ weightDecay: 0 }] });
    // @ts-expect-error a group has no groups
    optim.adamW(0.1, { groups: [{ match: "b", groups: [] }] });
    // @ts-expect-error a rate is due
    optim.adam();
    // @ts-expect-error a schedule gives numbers
    optim.adam((step: number) => String(step));
    // @ts-expect-error no word is a rate
    optim.adam("fast");
    // @ts-expect-error mistyped
    optim.cosine({ peak: 1, stesp: 5 });
    // @ts-expect-error an optimizer is due, not its name
    optim.ema("adam");
    // @ts-expect-error not a scale
    optim.muon(0.1, { scale: "adamw" });
  };
  assert.equal(typeof check, "function");
});
