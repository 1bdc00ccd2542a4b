/** Normalizing layers against PyTorch 2.13; test/fixtures/norms.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as nn from "../../../src/nn/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { scaledToUnit, standardised } from "../../../src/tensor/standardise.js";
import { assertRefused, type LayerCase, type LayerFixture, readFixture, testLayers } from "../../layer-parity.js";
import { fill } from "../../parity.js";
import { gradientError, hostReads, random, secondGradientError } from "../runtime/differences.js";

const cases: Record<string, Omit<LayerCase, "scale">> = {
  layerNorm: { model: nn.sequential(nn.input(3, 8), nn.layerNorm()), batch: 2 },
  "layerNorm with epsilon": { model: nn.sequential(nn.input(3, 8), nn.layerNorm({ epsilon: 0.5 })), batch: 2 },
  "layerNorm without bias": { model: nn.sequential(nn.input(3, 8), nn.layerNorm({ bias: false })), batch: 2 },
  rmsNorm: { model: nn.sequential(nn.input(3, 8), nn.rmsNorm()), batch: 2 },
  "rmsNorm with epsilon": { model: nn.sequential(nn.input(8), nn.rmsNorm({ epsilon: 0.5 })), batch: 5 },
  "groupNorm of images": { model: nn.sequential(nn.input(4, 3, 6), nn.groupNorm(3)), batch: 2 },
  "groupNorm of sequences": { model: nn.sequential(nn.input(5, 6), nn.groupNorm(2)), batch: 2 },
  "groupNorm of rows": { model: nn.sequential(nn.input(6), nn.groupNorm(2)), batch: 3 },
  "groupNorm of one group, with epsilon": {
    model: nn.sequential(nn.input(4, 3, 6), nn.groupNorm(1, { epsilon: 0.5 })),
    batch: 2,
  },
  "groupNorm of groups of one": { model: nn.sequential(nn.input(4, 3, 6), nn.groupNorm(6)), batch: 2 },
  instanceNorm: { model: nn.sequential(nn.input(4, 3, 5), nn.instanceNorm()), batch: 2 },
  "instanceNorm of sequences": { model: nn.sequential(nn.input(4, 5), nn.instanceNorm()), batch: 2 },
  "instanceNorm with weights": {
    model: nn.sequential(nn.input(4, 3, 5), nn.instanceNorm({ epsilon: 0.3, affine: true })),
    batch: 2,
  },
};

testLayers(
  Object.fromEntries(Object.entries(cases).map(([name, made]) => [name, { ...made, scale: 3 }])),
  readFixture<LayerFixture>("norms"),
);

test("gradients written by hand agree with differences, once and twice", () => {
  const x = random([2, 3, 4], 5);
  const cube = (x: tf.Tensor) => x.square().mul(x);
  const functions: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    "along the last axis": (x) => standardised(x, [-1], 0.1).square(),
    "along two axes": (x) => cube(standardised(x, [0, 2], 0.1)),
    "to unit scale": (x) => cube(scaledToUnit(x, 0.1)),
  };
  for (const [name, f] of Object.entries(functions)) {
    assert.ok(gradientError(f, x, 0.02) < 1e-3, `${name}: ${gradientError(f, x, 0.02)}`);
    assert.ok(secondGradientError(f, x, 0.02) < 5e-3, `${name}, twice: ${secondGradientError(f, x, 0.02)}`);
  }
});

test("a norm and its gradient read nothing on the host", () => {
  for (const { model, batch } of Object.values(cases)) {
    const x = fill("x", batch, ...model.inputShape);
    assert.equal(
      hostReads(() => tf.tidy(() => void tf.grad((x) => model.forward(x).square().sum())(x))),
      0,
    );
  }
});

test("equal numbers come out as zeros, not as NaN", () => {
  for (const { model, batch } of Object.values(cases)) {
    const x = tf.zeros([batch, ...model.inputShape]);
    const [value, gradient] = [model.predict(x), tf.grad((x) => model.forward(x).sum())(x)];
    assert.ok([...value.dataSync(), ...gradient.dataSync()].every(Number.isFinite), model.summary[0]!.label);
  }
});

test("only norms that look at one place of a sequence alone are causal", () => {
  const causal = (layer: nn.Layer) => nn.sequential(nn.input(5, 6), layer).causal;
  assert.deepEqual([nn.layerNorm(), nn.rmsNorm(), nn.groupNorm(2), nn.instanceNorm()].map(causal), [
    true,
    true,
    false,
    false,
  ]);
});

test("what cannot be is refused, in words that help", () => {
  assertRefused([
    [() => nn.layerNorm({ epsilon: -1 }), /^ValueError: layerNorm: epsilon: expected a number from 0, got -1\.$/],
    [() => nn.layerNorm({ eps: 1 } as never), /^ValueError: layerNorm: expected options epsilon, bias, got 'eps'\./],
    [() => nn.rmsNorm({ epsilon: Number.NaN }), /^ValueError: rmsNorm: epsilon: /],
    [() => nn.rmsNorm({ epsilom: 1 } as never), /Did you mean 'epsilon'\?$/],
    [() => nn.groupNorm(0), /^ValueError: groupNorm: groups: expected a whole number above 0, got 0\.$/],
    [
      () => nn.groupNorm(2, { affine: true } as never),
      /^ValueError: groupNorm: expected options epsilon, got 'affine'/,
    ],
    [() => nn.instanceNorm({ afine: true } as never), /Did you mean 'affine'\?$/],
    [
      () => nn.sequential(nn.input(4, 6), nn.groupNorm(4) as never),
      /^ShapeError: groupNorm: expected input \[\.\.\., channels\] with channels that 4 groups divide, got \[4, 6\]/,
    ],
    [
      () => nn.sequential(nn.input(6), nn.instanceNorm() as never),
      /^ShapeError: instanceNorm: expected input \[time, channels\] or \[height, width, channels\], got \[6\]/,
    ],
  ]);
});
