/** Layers that are random in training, against PyTorch and Keras; test/fixtures/dropouts.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import * as nn from "../../../src/nn/index.js";
import { sgd } from "../../../src/optim/index.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { fit } from "../../../src/train/index.js";
import { assertRefused, type Fixture, readFixture } from "../../layer-parity.js";
import { fill } from "../../parity.js";

interface Dropouts extends Fixture {
  readonly dropouts: Readonly<
    Record<
      string,
      {
        /** What comes out of 0.7 at a rate of 0.3, rising, and how often. */
        readonly values: readonly number[];
        readonly shares: readonly number[];
        /** Axes along which all values of an output are one. */
        readonly together: readonly string[];
      }
    >
  >;
  readonly gaussianNoise: { readonly mean: number; readonly deviation: number; readonly inside: number };
}

const oracle = readFixture<Dropouts>("dropouts");
const [examples, places, channels] = [200, 6, 50] as const;
const sequence = nn.input(places, channels);
const image = nn.input(2, 3, channels);
const made: Readonly<Record<string, () => nn.Model>> = {
  spatialDropout1d: () => nn.sequential(sequence, nn.spatialDropout1d(0.3)),
  spatialDropout2d: () => nn.sequential(image, nn.spatialDropout2d(0.3)),
  dropPath: () => nn.sequential(sequence, nn.dropPath(0.3)),
  alphaDropout: () => nn.sequential(sequence, nn.alphaDropout(0.3)),
  gaussianNoise: () => nn.sequential(sequence, nn.gaussianNoise(0.5)),
};
const build = (name: string, seed = 4): nn.Model => {
  nn.seed(seed);
  return made[name]!();
};
const trained = (model: nn.Model, x: tf.Tensor) => model.forward(x, { training: true });
const constant = (model: nn.Model, value: number, size: number = examples) =>
  tf.fill([size, ...model.inputShape], value);

test("every layer that somebody else was asked about is tested here", () => {
  assert.deepEqual(Object.keys(made).sort(), Object.keys(oracle.items).sort());
});

for (const [name, expected] of Object.entries(oracle.dropouts)) {
  test(`${name} makes of a constant the values that ${oracle.items[name]} makes, as often and along the same axes`, () => {
    const model = build(name);
    const output = trained(model, constant(model, 0.7)).reshape([examples, places, channels]);
    const values = Array.from(output.dataSync());
    const unique = [...new Set(values)].sort((a, b) => a - b);
    assert.equal(unique.length, expected.values.length, String(unique));
    unique.forEach((value, index) => {
      assert.ok(Math.abs(value - expected.values[index]!) < 1e-6, `${value}`);
      const share = values.filter((other) => other === value).length / values.length;
      assert.ok(Math.abs(share - expected.shares[index]!) < 0.1, `${share}`);
    });
    const together = ["examples", "places", "channels"].filter((_, axis) => {
      const first = output.slice(
        [0, 0, 0],
        ([examples, places, channels] as number[]).with(axis, 1) as [number, number, number],
      );
      return output.equal(first).all().dataSync()[0] === 1;
    });
    assert.deepEqual(together.sort(), expected.together);
  });
}

test("gaussianNoise is spread as Keras's", () => {
  const model = build("gaussianNoise");
  const noise = trained(model, constant(model, 0));
  const { mean, deviation, inside } = oracle.gaussianNoise;
  const read = (tensor: tf.Tensor) => tensor.dataSync()[0]!;
  assert.ok(Math.abs(read(noise.mean()) - mean) < 0.01);
  assert.ok(Math.abs(read(noise.square().mean().sqrt()) - deviation) < 0.01);
  assert.ok(Math.abs(read(noise.abs().less(0.5).toFloat().mean()) - inside) < 0.01);
});

test("what is dropped keeps its mean, and alphaDropout mean and variance of what a selu gives", () => {
  for (const name of ["spatialDropout1d", "spatialDropout2d", "dropPath"]) {
    const model = build(name);
    const mean = trained(model, constant(model, 1, 3000))
      .mean()
      .dataSync()[0]!;
    assert.ok(Math.abs(mean - 1) < 0.05, `${name}: ${mean}`);
  }
  const output = trained(build("alphaDropout"), tf.randomNormal([400, places, channels], 0, 1, "float32", 3));
  const { mean, variance } = tf.moments(output);
  assert.ok(Math.abs(mean.dataSync()[0]!) < 0.02, String(mean));
  assert.ok(Math.abs(variance.dataSync()[0]! - 1) < 0.02, String(variance));
});

test("outside of training they do nothing, to the bit; nor with a rate of 0", () => {
  for (const name of Object.keys(made)) {
    const model = build(name);
    const x = fill("x", 3, ...model.inputShape);
    assert.deepEqual(model.predict(x).dataSync(), x.dataSync(), name);
    assert.deepEqual(model.forward(x, { training: false }).dataSync(), x.dataSync(), name);
  }
  const x = fill("x", 2, 4, 4);
  const none = [nn.spatialDropout1d(0), nn.dropPath(0), nn.alphaDropout(0), nn.gaussianNoise(0)];
  for (const layer of none as nn.Layer[]) {
    assert.deepEqual(trained(nn.sequential(nn.input(4, 4), layer), x).dataSync(), x.dataSync(), layer.label);
  }
});

test("the same seed draws the same, every step and every place something else, also when compiled", () => {
  for (const name of Object.keys(made)) {
    const [model, twin] = [build(name), build(name)];
    const x = constant(model, 0.7, 20);
    const steps = [0, 1, 2].map(() => Array.from(trained(model, x).dataSync()));
    assert.notDeepEqual(steps[1], steps[0], name);
    const quick = compile((x: tf.Tensor) => trained(twin, x));
    for (const step of steps) assert.deepEqual(Array.from(quick(x).dataSync()), step, name);
    assert.notDeepEqual(Array.from(trained(build(name, 5), x).dataSync()), steps[0], "another seed");
  }
  const twice = nn.sequential(nn.input(400), nn.gaussianNoise(1), nn.gaussianNoise(1));
  const zeros = trained(twice, tf.zeros([1, 400]))
    .square()
    .mean()
    .dataSync()[0]!;
  assert.ok(zeros > 1.6 && zeros < 2.4, `the same noise twice would have a variance of 4, this has ${zeros}`);
});

test("the gradient goes where the values went", () => {
  nn.seed(2);
  const model = nn.sequential(nn.input(4, 3), nn.dropPath(0.5));
  const x = fill("x", 12, 4, 3);
  let output: tf.Tensor | undefined;
  const gradient = tf.grad((x) => {
    output = tf.keep(trained(model, x));
    return output.sum();
  })(x);
  const factor = Array.from(output!.div(x).dataSync(), Math.round);
  assert.deepEqual(Array.from(gradient.dataSync()), factor);
  assert.ok(factor.includes(0) && factor.includes(2));
});

test("dropPath last in a residual leaves the branch out, and what came in goes on", () => {
  nn.seed(6);
  const model = nn.sequential(nn.input(3), nn.residual(nn.dense(3), nn.dropPath(0.5)));
  const x = fill("x", 30, 3);
  const branch = model.predict(x).sub(x);
  const share = trained(model, x).sub(x).div(branch).arraySync() as number[][];
  const rows = share.map((row) => row.map(Math.round));
  assert.ok(rows.every((row) => row.every((value) => value === row[0])));
  assert.deepEqual([...new Set(rows.flat())].sort(), [0, 2]);
});

test("a model of all of them trains, and the same seeds train the same", async () => {
  const x = Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(i)]);
  const data = fromArrays(
    x,
    x.map((_, i) => i % 3),
    { classes: 3 },
  );
  const run = async () => {
    nn.seed(1);
    const model = nn.sequential(
      nn.input(2),
      nn.gaussianNoise(0.1),
      nn.residual(nn.dense(2), nn.selu(), nn.alphaDropout(0.2), nn.dropPath(0.2)),
      nn.dense(3),
    );
    const { history } = await fit(model, data, { loss: "crossEntropy", optimizer: sgd(0.1), batchSize: 5, epochs: 2 });
    return Array.from(history.steps.loss);
  };
  assert.deepEqual(await run(), await run());
});

test("what cannot be is refused, in words that help", () => {
  assertRefused([
    [
      () => nn.spatialDropout1d(1),
      /^ValueError: spatialDropout1d: rate: expected a number from 0 to below 1, got 1\.$/,
    ],
    [() => nn.spatialDropout2d(-0.1), /^ValueError: spatialDropout2d: rate: .*, got -0\.1\.$/],
    [() => nn.dropPath("0.1" as never), /^ValueError: dropPath: rate: .*, got "0\.1"\.$/],
    [() => nn.alphaDropout(Number.NaN), /^ValueError: alphaDropout: rate: /],
    [() => nn.gaussianNoise(-1), /^ValueError: gaussianNoise: deviation: expected a number from 0, got -1\.$/],
    [
      () => nn.sequential(nn.input(4), nn.spatialDropout1d(0.1) as never),
      /^ShapeError: spatialDropout1d: expected input \[time, channels\], got \[4\]/,
    ],
    [
      () => nn.sequential(nn.input(4, 4), nn.spatialDropout2d(0.1) as never),
      /^ShapeError: spatialDropout2d: expected input \[height, width, channels\], got \[4, 4\]/,
    ],
  ]);
});
