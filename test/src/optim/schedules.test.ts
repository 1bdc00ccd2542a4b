/** Schedules against PyTorch 2.13 and Keras 3.15, 50 steps each; test/fixtures/optim.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import * as optim from "../../../src/optim/index.js";
import { oracle } from "./problem.js";

const rate = 0.5;
const schedules: Record<string, () => optim.Schedule> = {
  constant: () => optim.constant(rate),
  stepDecay: () => optim.stepDecay({ rate, every: 10, factor: 0.5 }),
  multiStep: () => optim.multiStep({ rate, at: [10, 25, 26] }),
  exponential: () => optim.exponential({ rate, factor: 0.9 }),
  linear: () => optim.linear({ from: rate, to: rate / 10, steps: 30 }),
  "linear, up": () => optim.linear({ from: 0.2 * rate, to: rate, steps: 30 }),
  polynomial: () => optim.polynomial({ from: rate, steps: 40 }),
  "polynomial to a rate": () => optim.polynomial({ from: rate, to: 0.1, steps: 40, power: 3 }),
  cosine: () => optim.cosine({ peak: rate, steps: 50 }),
  "cosine past its end": () => optim.cosine({ peak: rate, steps: 30, to: 0.1 }),
  "cosine with warm-up": () => optim.cosine({ peak: rate, steps: 50, warmup: 10, to: 0.01 }),
  cosineRestarts: () => optim.cosineRestarts({ peak: rate, steps: 13 }),
  "cosineRestarts that grow": () => optim.cosineRestarts({ peak: rate, steps: 7, grow: 2, to: 0.01 }),
  oneCycle: () => optim.oneCycle({ peak: rate, steps: 50 }),
  "oneCycle with its own numbers": () =>
    optim.oneCycle({ peak: rate, steps: 50, rise: 0.5, from: rate / 10, to: rate / 500 }),
  inverseSqrt: () => optim.inverseSqrt({ peak: 1 / Math.sqrt(64 * 12), warmup: 12 }),
  warmup: () => optim.warmup(10, rate),
  join: () => {
    const parts = [
      rate / 10,
      optim.exponential({ rate, factor: 0.9 }),
      optim.stepDecay({ rate, every: 5, factor: 0.5 }),
    ];
    return optim.join(parts, [10, 25]);
  },
  perEpoch: () => optim.perEpoch(optim.multiStep({ rate, at: [10, 25, 26] })),
  reduceOnPlateau: () => optim.reduceOnPlateau({ rate, patience: 5 }),
  "reduceOnPlateau with its own numbers": () =>
    optim.reduceOnPlateau({ rate, factor: 0.5, patience: 2, threshold: 0.05, cooldown: 3, minRate: 0.02 }),
};

/** Those that count epochs, of which each has 3 steps here. */
const ofEpochs = /^(perEpoch|reduceOnPlateau)/;

test("every schedule that an oracle was asked about is tested here", () => {
  assert.deepEqual(Object.keys(schedules).sort(), Object.keys(oracle.schedules).sort());
  for (const name of Object.keys(schedules)) assert.ok(oracle.items[name.split(/[ ,]/)[0]!], name);
});

for (const [name, make] of Object.entries(schedules)) {
  test(`${name} gives the rates of its oracle`, () => {
    const schedule = make();
    oracle.schedules[name]!.forEach((expected, number) => {
      const losses = ofEpochs.test(name) ? oracle.losses.slice(0, number) : [];
      const got = schedule(ofEpochs.test(name) ? 3 * number + 1 : number, losses);
      assert.ok(Math.abs(got - expected) <= 1e-6 * expected + 1e-9, `${number}: expected ${expected}, got ${got}`);
    });
  });
}

test("a schedule gives the same when it is asked again, in any order", () => {
  for (const [name, make] of Object.entries(schedules)) {
    const schedule = make();
    const ask = (number: number) => schedule(number, oracle.losses.slice(0, number));
    const forwards = Array.from({ length: 50 }, (_, number) => ask(number));
    const backwards = Array.from({ length: 50 }, (_, number) => ask(49 - number)).reverse();
    assert.deepEqual(forwards, backwards, name);
  }
});

test("schedules go by what the user wrote", () => {
  const { peak, steps } = { peak: 1e-3, steps: 10_000 };
  assert.equal(optim.cosine({ peak, steps, warmup: 500 }).name, "cosine({ peak: 0.001, steps: 10000, warmup: 500 })");
  assert.equal(optim.warmup(5, optim.cosine({ peak, steps })).name, "warmup(5, cosine({ peak: 0.001, steps: 10000 }))");
  assert.equal(
    optim.perEpoch(optim.multiStep({ rate, at: [3, 6] })).name,
    "perEpoch(multiStep({ rate: 0.5, at: [3, 6] }))",
  );
  assert.equal(optim.join([1, optim.constant(2)], [3]).name, "join([1, constant(2)], [3])");
  assert.equal(optim.adam(optim.warmup(5, 0.1)).label, "adam(warmup(5, 0.1))");
  const mine = (step: number) => 1 / (step + 1);
  assert.equal(optim.sgd(mine, { momentum: 0.9 }).label, "sgd(mine, { momentum: 0.9 })");
  assert.equal(optim.sgd((step) => step).label, "sgd(schedule)");
});

test("options that cannot be are refused in the house words", () => {
  const refused: [() => unknown, RegExp][] = [
    [() => optim.constant(-1), /^constant: expected a number from 0, got -1\.$/],
    [() => optim.stepDecay({ rate, every: 0 }), /^stepDecay: every: expected a whole number above 0, got 0\.$/],
    [
      () => optim.stepDecay({ rate, evrey: 3 } as never),
      /^stepDecay: expected options .*, got 'evrey'\. Did you mean 'every'\?$/,
    ],
    [() => optim.stepDecay({ rate, every: 3, factor: -1 }), /^stepDecay: factor: expected a number above 0, got -1\.$/],
    [
      () => optim.multiStep({ rate, at: 30 as never }),
      /^multiStep: at: expected a list of steps like \[30, 60\], got 30\.$/,
    ],
    [() => optim.multiStep({ rate, at: [0.5] }), /^multiStep: at: .*, got \[0\.5\]\.$/],
    [
      () => optim.exponential({ rate: Number.NaN, factor: 1 }),
      /^exponential: rate: expected a number from 0, got NaN\.$/,
    ],
    [() => optim.linear({ from: 1 } as never), /^linear: steps: expected a whole number above 0, got undefined\.$/],
    [() => optim.linear({ from: 1, steps: 2, power: 3 } as never), /^linear: expected options .*, got 'power'\.$/],
    [() => optim.polynomial({ from: 1, to: -1, steps: 2 }), /^polynomial: to: expected a number from 0, got -1\.$/],
    [() => optim.cosine({ peak: 1, steps: 5, warmup: 5 }), /^cosine: warmup: expected less than the 5 steps, got 5\.$/],
    [
      () => optim.cosine({ peak: 1, steps: 5, warmup: -1 }),
      /^cosine: warmup: expected a whole number from 0, got -1\.$/,
    ],
    [() => optim.cosineRestarts({ peak: 1, steps: 5, grow: 1.5 }), /^cosineRestarts: grow: expected a whole number/],
    [
      () => optim.oneCycle({ peak: 1, steps: 5, rise: 1 }),
      /^oneCycle: rise: expected a number from 0 to below 1, got 1\.$/,
    ],
    [
      () => optim.inverseSqrt({ peak: 1, warmup: 0 }),
      /^inverseSqrt: warmup: expected a whole number above 0, got 0\.$/,
    ],
    [() => optim.warmup(0, 1), /^warmup: steps: expected a whole number above 0, got 0\.$/],
    [() => optim.warmup(3, -1), /^warmup: then: expected a number from 0, got -1\.$/],
    [() => optim.join([], []), /^join: expected a list of schedules, got \[\]\.$/],
    [() => optim.join([1, 2], []), /^join: at: expected 1 rising steps, one between two schedules, got \[\]\.$/],
    [() => optim.join([1, 2, 3], [5, 5]), /^join: at: expected 2 rising steps, .*, got \[5, 5\]\.$/],
    [() => optim.reduceOnPlateau({ rate, factor: 1 }), /^reduceOnPlateau: factor: .* to below 1, got 1\.$/],
  ];
  for (const [call, message] of refused) {
    assert.throws(
      call,
      (error: unknown) => error instanceof ValueError && message.test(error.message),
      String(message),
    );
  }
});
