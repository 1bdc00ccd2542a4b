/** Optimizers and averages against PyTorch 2.13, Keras 3.15 and optax; test/fixtures/optim.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as optim from "../../../src/optim/index.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { assertClose } from "../../parity.js";
import { flat, inJavaScript, makeParameters, noise, oracle, step, steps } from "./problem.js";

const optimizers: Record<string, () => optim.Optimizer> = {
  sgd: () => optim.sgd(0.1),
  "sgd with dampening": () => optim.sgd(0.1, { momentum: 0.9, dampening: 0.3, weightDecay: 0.05 }),
  "sgd with nesterov": () => optim.sgd(0.05, { momentum: 0.8, nesterov: true }),
  adam: () => optim.adam(0.02),
  "adam with weight decay": () => optim.adam(0.02, { weightDecay: 0.3, epsilon: 1e-3 }),
  "adam with amsgrad": () => optim.adam(0.1, { amsgrad: true, beta1: 0.5, beta2: 0.6 }),
  adamW: () => optim.adamW(0.02, { weightDecay: 0.3 }),
  "adamW with amsgrad": () => optim.adamW(0.1, { amsgrad: true, beta1: 0.5, beta2: 0.6 }),
  "adamW in groups": () => {
    const groups = [
      { match: /^b|^k/, weightDecay: 0 },
      { match: "k", learningRateScale: 0.1, beta1: 0.5, weightDecay: 0.3 },
    ];
    return optim.adamW(0.02, { weightDecay: 0.3, groups });
  },
  nadam: () => optim.nadam(0.02),
  "nadam with its own numbers": () =>
    optim.nadam(0.02, { momentumDecay: 0.1, weightDecay: 0.2, beta1: 0.8, beta2: 0.9 }),
  radam: () => optim.radam(0.02),
  "radam with its own numbers": () => optim.radam(0.02, { beta1: 0.8, beta2: 0.9, weightDecay: 0.2, epsilon: 1e-3 }),
  rmsProp: () => optim.rmsProp(0.02),
  "rmsProp with momentum": () => optim.rmsProp(0.01, { momentum: 0.9, rho: 0.8, weightDecay: 0.1 }),
  "rmsProp centered": () => optim.rmsProp(0.01, { centered: true, rho: 0.8, epsilon: 0.1 }),
  "rmsProp centered with momentum": () => optim.rmsProp(0.01, { centered: true, momentum: 0.5, rho: 0.9 }),
  adagrad: () => optim.adagrad(0.1),
  "adagrad with its own numbers": () =>
    optim.adagrad(0.1, { learningRateDecay: 0.1, initialAccumulatorValue: 0.3, epsilon: 0.1, weightDecay: 0.2 }),
  adadelta: () => optim.adadelta(1),
  "adadelta with its own numbers": () => optim.adadelta(0.5, { rho: 0.7, epsilon: 0.01, weightDecay: 0.2 }),
  adamax: () => optim.adamax(0.02),
  "adamax with its own numbers": () => optim.adamax(0.02, { beta1: 0.7, beta2: 0.8, epsilon: 0.1, weightDecay: 0.2 }),
  lion: () => optim.lion(0.01),
  "lion with weight decay": () => optim.lion(0.02, { beta1: 0.8, beta2: 0.9, weightDecay: 0.3 }),
  lamb: () => optim.lamb(0.02),
  "lamb with weight decay": () => optim.lamb(0.05, { beta1: 0.8, beta2: 0.9, epsilon: 0.01, weightDecay: 0.3 }),
  lars: () => optim.lars(10),
  "lars with its own numbers": () => optim.lars(0.5, { weightDecay: 0.3, trustCoefficient: 0.1, momentum: 0.5 }),
  adafactor: () => optim.adafactor(0.02),
  "adafactor with its own numbers": () =>
    optim.adafactor(0.9, { beta2Decay: -0.5, clipThreshold: 1.1, epsilon1: 1e-3, epsilon2: 1, weightDecay: 0.1 }),
  "adafactor with weight decay": () => optim.adafactor(0.3, { weightDecay: 0.9 }),
  muon: () => optim.muon(0.02),
  "muon in its original scale": () =>
    optim.muon(0.05, { scale: "original", nesterov: false, momentum: 0.8, weightDecay: 0.2 }),
  "muon in groups": () => optim.muon(0.02, { groups: [{ match: "w", orthogonal: false }] }),
  "adam on a schedule": () => optim.adam(optim.cosine({ peak: 0.05, steps })),
};

const averages: Record<string, () => optim.Averaging> = {
  ema: () => optim.ema(optim.sgd(0.1), { decay: 0.9 }),
  "ema by Keras": () => optim.ema(optim.sgd(0.1), { decay: 0.7 }),
  swa: () => optim.swa(optim.sgd(0.1)),
  "swa from a step on": () => optim.swa(optim.sgd(0.1), { from: 4, every: 3 }),
};

test("every optimizer, average and schedule of the language has an oracle", () => {
  assert.deepEqual(
    Object.keys(optim).filter((name) => !oracle.items[name]),
    [],
  );
  const { optimizers, averages, schedules, clips } = oracle;
  const asked = [optimizers, averages, schedules, clips].flatMap((cases) => Object.keys(cases));
  const names = new Set(asked.map((name) => name.split(/[ ,]/)[0]!));
  assert.deepEqual([...names].sort(), Object.keys(oracle.items).sort());
});

test("what the oracles were asked about is tested here, under the names of the language", () => {
  assert.deepEqual(Object.keys(optimizers).sort(), Object.keys(oracle.optimizers).sort());
  assert.deepEqual(Object.keys(averages).sort(), Object.keys(oracle.averages).sort());
  const names = [...Object.keys(optimizers), ...Object.keys(averages)].map((name) => name.split(" ")[0]!);
  for (const name of names) {
    assert.ok(Object.keys(optim).includes(name), name);
    assert.ok(oracle.items[name], name);
  }
});

function assertStep(name: string, parameters: readonly optim.Trainable[], number: number): void {
  const kept = oracle.kept.indexOf(number);
  if (kept < 0) return;
  assertClose(flat(parameters), oracle.optimizers[name]![kept]!, 1e-5, `${name}, after step ${number + 1}`);
}

for (const [name, make] of Object.entries(optimizers)) {
  test(`${name} moves weights as its oracle does, in place`, () => {
    const [optimizer, parameters] = [make(), makeParameters()];
    for (let number = 0; number < steps; number++) {
      step(optimizer, parameters, number);
      assertStep(name, parameters, number);
    }
    assert.equal(optimizer.steps(parameters), steps);
  });

  test(`${name} moves weights as its oracle does, compiled`, () => {
    const [optimizer, parameters] = [make(), makeParameters()];
    optimizer.prepare(parameters);
    let calls = 0;
    const quick = compile((...noises: tf.Tensor[]) => {
      calls++;
      optimizer.step(
        parameters,
        noises.map((noise, index) => noise.add(parameters[index]!.variable)),
      );
      return tf.scalar(0);
    });
    for (let number = 0; number < steps; number++) {
      quick(...noise(number));
      assertStep(name, parameters, number);
    }
    assert.equal(calls, 2, "it is traced, twice, and then run without JavaScript");
    assert.equal(optimizer.steps(parameters), steps);
  });

  test(`${name} moves weights as its oracle does, where TensorFlow is not there`, async () => {
    await inJavaScript(() => {
      const [optimizer, parameters] = [make(), makeParameters()];
      for (let number = 0; number < steps; number++) {
        step(optimizer, parameters, number);
        assertStep(name, parameters, number);
      }
    });
  });
}

for (const [name, make] of Object.entries(averages)) {
  const run = () => {
    const [optimizer, parameters] = [make(), makeParameters()];
    for (let number = 0; number < steps; number++) step(optimizer, parameters, number);
    const state = optimizer.state(parameters);
    return parameters.map(({ path }) => ({ variable: state.get(`${path}.average`)! }));
  };

  test(`${name} averages weights as its oracle does`, async () => {
    assertClose(flat(run()), oracle.averages[name]!, 1e-5, "in place");
    await inJavaScript(() => assertClose(flat(run()), oracle.averages[name]!, 1e-5, "in JavaScript"));
  });
}

test("weights that join later have the others' place in the schedule, and steps of their own, as in PyTorch", () => {
  for (const restored of [false, true]) {
    const make = () => optim.adam(optim.cosine({ peak: 0.05, steps }));
    let [optimizer, parameters] = [make(), makeParameters()];
    for (let number = 0; number < steps; number++) {
      const learning = number < 5 ? parameters.slice(0, 1) : parameters;
      const gradients = noise(number).map((noise, index) => noise.add(parameters[index]!.variable));
      optimizer.step(learning, gradients.slice(0, learning.length));
      if (!restored || number !== 8) continue;
      const before = optimizer;
      optimizer = make();
      const counts = parameters.map((parameter) => before.steps([parameter]));
      assert.deepEqual(counts, [9, 4, 4]);
      optimizer.restore(parameters, before.state(parameters), counts);
    }
    assertClose(flat(parameters), oracle.joinedLater, 1e-5, restored ? "restored" : "in one go");
  }
});

test("weights that join later know of the epochs before, too", () => {
  const [optimizer, parameters] = [optim.sgd(optim.perEpoch(optim.stepDecay({ rate: 1, every: 1 }))), makeParameters()];
  const first = parameters.slice(0, 1);
  const ones = parameters.map(({ variable }) => tf.onesLike(variable));
  optimizer.step(first, ones.slice(0, 1));
  optimizer.endEpoch(first, 0.5);
  const before = parameters.map(({ variable }) => variable.dataSync()[0]!);
  optimizer.step(parameters, ones);
  parameters.forEach(({ variable, path }, index) => {
    assert.ok(Math.abs(before[index]! - variable.dataSync()[0]! - 0.1) < 1e-6, path);
  });
  optimizer.endEpoch(parameters, 0.4);
  assert.ok(Math.abs(optimizer.nextLearningRate(parameters.slice(1)) - 0.01) < 1e-9);
});

test("a compiled step whose weights were put back to different steps says so, instead of taking one for the other", () => {
  const [optimizer, parameters] = [optim.adam(0.1), makeParameters()];
  optimizer.prepare(parameters);
  const quick = compile((...noises: tf.Tensor[]) => {
    optimizer.step(parameters, noises);
    return tf.scalar(0);
  });
  for (let number = 0; number < 3; number++) quick(...noise(number));
  optimizer.restore(parameters, optimizer.state(parameters), [3, 1, 3]);
  const weights = Array.from(flat(parameters).dataSync());
  assert.throws(
    () => quick(...noise(3)),
    /adam\(0\.1\): expected weights that have made equally many steps, .*, got 3 and 1\. Compile/,
  );
  assert.deepEqual(Array.from(flat(parameters).dataSync()), weights);
  step(optimizer, parameters, 3);
  assert.deepEqual(
    parameters.map((parameter) => optimizer.steps([parameter])),
    [4, 2, 4],
  );
});

test("no optimizer makes NaN of gradients that are zero, or always the same", () => {
  const forgetful = () => optim.rmsProp(0.01, { centered: true, rho: 0.5 });
  for (const [name, make] of Object.entries({ ...optimizers, forgetful })) {
    for (const slope of [0, 0.01]) {
      const [optimizer, parameters] = [make(), makeParameters()];
      const gradients = parameters.map(({ variable }) => tf.fill(variable.shape, slope));
      for (let number = 0; number < 100; number++) optimizer.step(parameters, gradients);
      assert.ok(flat(parameters).dataSync().every(Number.isFinite), `${name}, gradients of ${slope}`);
    }
  }
});
