/** Activations against PyTorch 2.13; test/fixtures/activations.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as nn from "../../../src/nn/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { assertRefused, type LayerFixture, readFixture, testLayers } from "../../layer-parity.js";
import { random, secondGradientError } from "../runtime/differences.js";

const layers: Readonly<Record<string, nn.Layer>> = {
  elu: nn.elu(),
  "elu with alpha": nn.elu({ alpha: 0.5 }),
  celu: nn.celu(),
  "celu with alpha": nn.celu({ alpha: 2 }),
  selu: nn.selu(),
  silu: nn.silu(),
  mish: nn.mish(),
  softplus: nn.softplus(),
  softsign: nn.softsign(),
  leakyRelu: nn.leakyRelu(),
  "leakyRelu with a slope": nn.leakyRelu({ slope: 0.2 }),
  prelu: nn.prelu(),
  relu6: nn.relu6(),
  hardSigmoid: nn.hardSigmoid(),
  hardSwish: nn.hardSwish(),
  hardTanh: nn.hardTanh(),
  "hardTanh with limits": nn.hardTanh({ min: -0.5, max: 4 }),
  logSigmoid: nn.logSigmoid(),
  logSoftmax: nn.logSoftmax(),
  glu: nn.glu(),
  swiglu: nn.swiglu(),
};
const models = Object.fromEntries(
  Object.entries(layers).map(([name, layer]) => [name, nn.sequential(nn.input(6), layer)]),
);

testLayers(
  Object.fromEntries(Object.entries(models).map(([name, model]) => [name, { model, batch: 4, scale: 8 }])),
  readFixture<LayerFixture>("activations"),
);

test("every activation and its gradient stay finite for numbers as large as 10000", () => {
  for (const [name, model] of Object.entries(models)) {
    const x = tf.tensor2d([[-1e4, -100, -1, 1, 100, 1e4]]);
    const [value, gradient] = [model.predict(x), tf.grad((x) => model.forward(x).sum())(x)];
    assert.ok(Array.from(value.dataSync()).every(Number.isFinite), `${name}: ${value.toString()}`);
    assert.ok(Array.from(gradient.dataSync()).every(Number.isFinite), `${name}: ${gradient.toString()}`);
  }
});

test("second derivatives agree with differences of first ones, also where a gradient is written by hand", () => {
  for (const layer of [nn.gelu(), nn.silu(), nn.mish(), nn.softplus(), nn.swiglu(), nn.logSigmoid(), nn.softsign()]) {
    const model: nn.Model = nn.sequential(nn.input(6), layer as nn.SameShape);
    const f = (x: tf.Tensor) => model.forward(x).square();
    // Away from 0, where softsign has a corner.
    const x = random([4, 6], 3).add(1.5);
    assert.ok(secondGradientError(f, x, 0.05) < 2e-3, `${layer.label}: ${secondGradientError(f, x, 0.05)}`);
  }
});

test("an activation takes any shape, keeps it, and says how it was written", () => {
  for (const [name, layer] of Object.entries(layers)) {
    const model = nn.sequential(nn.input(3, 2, 4), layer);
    const halves = /glu/.test(name);
    assert.deepEqual(model.outputShape, halves ? [3, 2, 2] : [3, 2, 4], name);
    assert.deepEqual(model.predict(tf.zeros([2, 3, 2, 4])).shape, [2, ...model.outputShape], name);
    assert.ok(model.summary[0]!.flops > 0, name);
    assert.ok(layer.label.startsWith(`${name.split(" ")[0]}(`), layer.label);
  }
  assert.equal(nn.leakyRelu({ slope: 0.2 }).label, "leakyRelu({ slope: 0.2 })");
});

test("prelu begins with a slope of 0.25 for each feature", () => {
  const { parameters } = nn.sequential(nn.input(3, 2), nn.prelu());
  assert.deepEqual(
    parameters.map(({ path, variable }) => [path, Array.from(variable.dataSync())]),
    [["layers.0.weight", [0.25, 0.25]]],
  );
});

test("what cannot be is refused, in words that help", () => {
  assertRefused([
    [() => nn.elu({ alpha: 0 }), /^ValueError: elu: alpha: expected a number above 0, got 0\.$/],
    [
      () => nn.elu({ alfa: 1 } as never),
      /^ValueError: elu: expected options alpha, got 'alfa'\. Did you mean 'alpha'\?$/,
    ],
    [() => nn.celu({ alpha: Number.NaN }), /^ValueError: celu: alpha: expected a number above 0, got NaN\.$/],
    [() => nn.celu(1 as never), /^ValueError: celu: expected options \{ alpha \}, got 1\.$/],
    [() => nn.leakyRelu({ slope: -1 }), /^ValueError: leakyRelu: slope: expected a number from 0, got -1\.$/],
    [() => nn.leakyRelu({ slop: 1 } as never), /Did you mean 'slope'\?$/],
    [() => nn.hardTanh({ min: 2 }), /^ValueError: hardTanh: expected min below max, both finite, got 2 and 1\.$/],
    [() => nn.hardTanh({ max: "1" } as never), /^ValueError: hardTanh: expected .*, got -1 and "1"\.$/],
    [
      () => nn.sequential(nn.input(5), nn.glu() as never),
      /^ShapeError: glu: expected input with an even last axis, got \[5\]\. It sits at layers\.0\.$/,
    ],
    [
      () => nn.sequential(nn.input(4), nn.relu(), nn.dense(3), nn.swiglu() as never),
      /^ShapeError: swiglu: expected input with an even last axis, got \[3\]\. It sits at layers\.2\.$/,
    ],
  ]);
});
