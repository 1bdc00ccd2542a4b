import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { displaySymbol } from "../../../src/door.js";
import { InterruptedError, NonFiniteError, ValueError } from "../../../src/errors.js";
import { optim, tf, train } from "../../../src/index.js";
import { adam, sgd } from "../../../src/optim/index.js";
import { seedCreators } from "../../../src/runtime/index.js";
import { type FitOptions, findLearningRate, fit, history, resume, steps } from "../../../src/train/index.js";
import { RateCurve, Smoothed, steepest } from "../../../src/train/rate-curve.js";
import { root } from "../../root.js";
import { plotOf, rendered } from "../display/bundles.js";
import { network, numbers, options, points } from "./small.js";

// Made by test/fixtures/steepest.py with numpy.
const { cases } = JSON.parse(readFileSync(join(root, "test/fixtures/steepest.json"), "utf8")) as {
  readonly cases: readonly {
    readonly losses: readonly number[];
    readonly share: number;
    readonly smoothed: readonly number[];
    readonly at: number;
  }[];
};

const chosen = () => {
  const { epochs, validate, ...rest } = options();
  return rest;
};

test("losses are smoothed as Lightning does, and fall most steeply where numpy.gradient says", () => {
  assert.ok(cases.length >= 12);
  for (const { losses, share, smoothed, at } of cases) {
    const average = new Smoothed(share);
    losses.forEach((loss, index) => {
      const value = average.add(loss);
      assert.ok(Math.abs(value - smoothed[index]!) < 1e-8, `${value} ≠ ${smoothed[index]}`);
    });
    assert.equal(steepest(smoothed), at);
  }
  assert.equal(steepest([1, 2, 3]), undefined);
  assert.equal(steepest(Array.from({ length: 40 }, (_, index) => index)), undefined);
});

test("rates rise exponentially, one step each, and the suggestion is one at which the net learns", async () => {
  const optimizer = adam(0.5);
  const loss = (prediction: tf.Tensor, target: tf.Tensor) =>
    tf.losses.softmaxCrossEntropy(tf.oneHot(target as tf.Tensor1D, 3), prediction) as tf.Tensor;
  const curve = await findLearningRate(network(), points(), {
    ...chosen(),
    loss,
    optimizer,
    from: 1e-5,
    to: 1,
    steps: 51,
  });
  assert.ok(!curve.diverged || curve.rates.length > 20);
  curve.rates.forEach((rate, index) => {
    assert.ok(Math.abs(rate / 10 ** (-5 + index * 0.1) - 1) < 1e-9);
  });
  assert.deepEqual([curve.losses.length, curve.smoothed.length], [curve.rates.length, curve.rates.length]);
  assert.equal(optimizer.learningRate, 0.5);
  assert.ok(curve.suggestion! > 1e-4 && curve.suggestion! < 1, `${curve.suggestion}`);
  assert.match(
    inspect(curve),
    /^\d+ rates from 0\.00001 to [\d.]+(, where it diverged)?: the loss falls most steeply at [\d.e-]+$/,
  );
});

test("afterwards weights, optimizer, history and random numbers are as they were, bit for bit", async () => {
  const made: unknown[] = [];
  for (const find of [false, true]) {
    const net = network();
    const optimizer = optim.adamW(0.01);
    const given: FitOptions = { ...options(), optimizer };
    const look = async () => {
      if (!find) return;
      const before = [numbers(net), history(net).steps.length];
      await findLearningRate(net, points(), { ...chosen(), optimizer, steps: 30, to: 1 });
      assert.deepEqual([numbers(net), history(net).steps.length], before);
    };
    seedCreators(5);
    await look();
    const first = tf.randomNormal([3]).dataSync();
    await fit(net, points(), { ...given, epochs: 1 });
    await look();
    // In the middle of a run, too: it goes on as if nothing had been.
    for await (const { step } of steps(net, points(), given)) if (step === 9) break;
    await look();
    await resume(net);
    const state = [...optimizer.state(net.parameters)].map(([name, value]) => [name, Array.from(value.dataSync())]);
    made.push([numbers(net), [...history(net).steps.loss], state, optimizer.steps(net.parameters), Array.from(first)]);
  }
  assert.deepEqual(made[1], made[0]);
});

test("a loss that diverges ends the climb, and what was found is kept", async () => {
  const net = network();
  const before = numbers(net);
  const given = { ...chosen(), optimizer: sgd(0.1), loss: (p: tf.Tensor) => p.square().mean() };
  const curve = await findLearningRate(net, points(), { ...given, from: 1e-3, to: 1e12, steps: 200 });
  assert.ok(curve.diverged && curve.rates.length < 200 && curve.rates.length > 10, `${curve.rates.length}`);
  assert.deepEqual(numbers(net), before);
  const nowhere = findLearningRate(net, points(), { ...given, loss: (p) => p.mean().sub(1e9).sqrt() });
  await assert.rejects(nowhere, NonFiniteError);
  assert.deepEqual(numbers(net), before);
});

test("stopped, it puts all back, too", async () => {
  const net = network();
  const before = numbers(net);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 30);
  const going = findLearningRate(net, points(), { ...chosen(), steps: 100_000, signal: controller.signal });
  await assert.rejects(
    going,
    (error: Error) => error instanceof InterruptedError && /a stop after \d+/.test(error.message),
  );
  clearTimeout(timer);
  assert.deepEqual(numbers(net), before);
});

test("it displays itself as a figure: loss over rate, the axis logarithmic, the suggestion marked", async () => {
  const rates = Float64Array.from({ length: 60 }, (_, index) => 10 ** (-6 + index / 10));
  const losses = rates.map((rate) => 2 - 1 / (1 + (0.01 / rate) ** 2));
  const curve = new RateCurve({ model: "<b>", optimizer: "adam(1)", rates, losses, smoothed: losses, diverged: false });
  assert.ok(displaySymbol in train.RateCurve.prototype);
  const shown = await rendered(curve as never);
  const plot = plotOf(shown);
  assert.equal((plot.layout.xaxis as { type: string }).type, "log");
  const mark = plot.data.at(-1) as { x: number[] };
  assert.ok(Math.abs(Math.log10(mark.x[0]!) + 2.2) < 0.3, `${mark.x[0]}`);
  assert.equal((plot.layout.shapes as { x0: number }[])[0]!.x0, mark.x[0]);
  assert.match(JSON.stringify(plot.layout.title), /&lt;b&gt;/);
  assert.deepEqual(Object.keys(shown.data).length, 4);
  const flat = new RateCurve({
    ...curve,
    rates,
    losses,
    smoothed: rates,
    model: "flat",
    optimizer: "",
    diverged: true,
  });
  assert.match(flat.toString(), /where it diverged: the loss falls nowhere/);
  assert.equal(plotOf(await rendered(flat as never)).data.length, 2);
});

test("rates that make no sense are refused", async () => {
  for (const [more, words] of [
    [{ from: 0 }, /findLearningRate: from: expected a number above 0, got 0/],
    [{ from: 1, to: 0.1 }, /expected a largest rate above the smallest, got from 1, to 0.1/],
    [{ steps: 2.5 }, /findLearningRate: steps: expected a whole number above 0/],
    [{ smoothing: 0 }, /smoothing: expected a share above 0, at most 1, got 0/],
    [{ stopAt: 0.5 }, /stopAt: expected a number from 1/],
    [{ step: 10 }, /got 'step'/],
    [{ optimizer: "Adam" }, /Did you mean 'adam'/],
  ] as const) {
    const net = network();
    const before = numbers(net);
    const given = { ...chosen(), ...more } as Parameters<typeof findLearningRate>[2];
    await assert.rejects(findLearningRate(net, points(), given), (error: Error) => {
      assert.ok(error instanceof ValueError, String(error));
      assert.match(error.message, words);
      return true;
    });
    assert.deepEqual(numbers(net), before);
  }
});
