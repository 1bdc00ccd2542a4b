/** What layers with windows cost, begin with, and do in a step of training; what they compute is in convolutions.test.ts. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import { ShapeError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { adam } from "../../../src/optim/index.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { tfjsNode } from "../../../src/runtime/tfjs-node.js";
import { grown, paddings, windows } from "../../../src/tensor/window.js";
import { exportSavedModel, fit } from "../../../src/train/index.js";
import { assertClose, fill } from "../../parity.js";
import { temporaryFolder } from "../folder.js";
import { runAlone, scratch, urlOf } from "../runtime/alone.js";

/** Almost all of them in two models. */
const image = () =>
  nn.sequential(
    nn.input(64),
    nn.reshape(8, 8, 1),
    nn.zeroPadding2d([[1, 0], 1]),
    nn.conv2d(4, [3, 3], { stride: [1, 2], padding: "same" }),
    nn.depthwiseConv2d(2, { multiplier: 2, stride: [2, 1] }),
    nn.relu(),
    nn.separableConv2d(6, 2, { dilation: 2, padding: "same" }),
    nn.conv2d(6, 2, { groups: 3, stride: 2, dilation: 2, padding: "same" }),
    nn.upSampling2d(2),
    nn.upSampling2d([1, 2], { interpolation: "bilinear" }),
    nn.conv2dTranspose(3, 3, { stride: 2 }),
    nn.maxPool2d([2, 3], { stride: 2 }),
    nn.averagePool2d(2, { padding: "same" }),
    nn.adaptiveAveragePool2d([3, 2]),
    nn.adaptiveMaxPool2d(2),
    nn.permute(2, 0, 1),
    nn.reshape(6, 2),
    nn.conv1d(4, 3, { padding: "causal" }),
    nn.conv1dTranspose(4, 3),
    nn.separableConv1d(4, 2, { dilation: 2 }),
    nn.maxPool1d(2, { stride: 1 }),
    nn.averagePool1d(2, { stride: 1 }),
    nn.cropping1d(1),
    nn.adaptiveMaxPool1d(2),
    nn.flatten(),
    nn.dense(2),
  );
const volume = () =>
  nn.sequential(
    nn.input(64),
    nn.reshape(4, 4, 4, 1),
    nn.conv3d(4, 2, { padding: "same" }),
    nn.relu(),
    nn.maxPool3d(2, { stride: 1 }),
    nn.conv3dTranspose(8, [1, 2, 3], { stride: 2 }),
    nn.averagePool3d([1, 2, 2]),
    nn.globalMaxPool3d(),
    nn.dense(2),
  );

test("a layer counts two operations for a multiplication of a filter, and one for each value in a window", () => {
  const costs: readonly [input: readonly number[], layer: nn.Layer, parameters: number, flops: number][] = [
    // 4 places, 3 filters, 3 × 2 values each.
    [[6, 2], nn.conv1d(3, 3), 21, 4 * 3 * 6 * 2],
    [[6, 2], nn.conv1d(3, 3, { padding: "causal", dilation: 2, bias: false }), 18, 6 * 3 * 6 * 2],
    // Each filter sees one of two groups: 2 channels.
    [[4, 4, 4], nn.conv2d(6, [3, 2], { groups: 2 }), 6 * 2 * 6 + 6, 2 * 3 * 6 * (6 * 2) * 2],
    [[3, 3, 3, 2], nn.conv3d(4, 2), 8 * 2 * 4 + 4, 8 * 4 * (8 * 2) * 2],
    // Each of 4 × 2 values is multiplied by 3 filters of 5 places.
    [[4, 2], nn.conv1dTranspose(3, 5, { stride: 2 }), 33, 4 * 2 * 5 * 3 * 2],
    [[4, 3, 2], nn.conv2dTranspose(3, [2, 1]), 15, 4 * 3 * 2 * 2 * 3 * 2],
    [[2, 2, 2, 2], nn.conv3dTranspose(1, 2), 17, 16 * 8 * 2],
    // 3 × 3 places, 2 channels with 3 filters each of 2 × 2.
    [[4, 4, 2], nn.depthwiseConv2d(2, { multiplier: 3 }), 30, 9 * 6 * 4 * 2],
    [[4, 4, 2], nn.separableConv2d(5, 2, { multiplier: 3 }), 24 + 30 + 5, 9 * 6 * 4 * 2 + 9 * 5 * 6 * 2],
    [[4, 2], nn.separableConv1d(5, 2), 4 + 10 + 5, 3 * 2 * 2 * 2 + 3 * 5 * 2 * 2],
    [[8, 2], nn.maxPool1d(3, { stride: 2 }), 0, 3 * 2 * 3],
    [[4, 6, 2], nn.averagePool2d([2, 3]), 0, 2 * 2 * 2 * 6],
    [[4, 4, 4, 1], nn.maxPool3d(2), 0, 8 * 8],
    [[5, 3], nn.globalMaxPool1d(), 0, 15],
    // Parts of 7 are [0, 3), [2, 5) and [4, 7).
    [[7, 2], nn.adaptiveMaxPool1d(3), 0, 9 * 2],
    [[2, 2, 3], nn.upSampling2d(2), 0, 0],
    [[2, 2, 3], nn.upSampling2d(2, { interpolation: "bilinear" }), 0, 48 * 9],
    [[2, 2, 3], nn.zeroPadding2d(1), 0, 0],
    [[8, 3], nn.depthwiseConv1d(4, { stride: 2 }), 15, 3 * 3 * 4 * 2],
  ];
  for (const [input, layer, parameters, flops] of costs) {
    const [row] = nn.sequential(nn.input(...input), layer).summary;
    assert.deepEqual([row!.parameters, row!.flops], [parameters, flops], layer.label);
  }
});

test("first weights are Glorot uniform over the fans that Keras counts, biases zero", () => {
  nn.seed(3);
  const begun: readonly [input: readonly number[], layer: nn.Layer, fans: Readonly<Record<string, number>>][] = [
    [[40, 30], nn.conv1d(50, 5), { weight: 5 * (30 + 50) }],
    [[9, 9, 16], nn.conv2d(64, [3, 5], { groups: 2 }), { weight: 15 * (8 + 64) }],
    [[9, 9, 16], nn.conv2dTranspose(32, 3), { weight: 9 * (16 + 32) }],
    [[9, 9, 40], nn.depthwiseConv2d(3, { multiplier: 4 }), { weight: 9 * (40 + 4) }],
    [
      [9, 9, 40],
      nn.separableConv2d(64, 3, { multiplier: 4 }),
      { "depthwise.weight": 9 * (40 + 4), "pointwise.weight": 160 + 64 },
    ],
  ];
  for (const [input, layer, fans] of begun) {
    const { parameters } = nn.sequential(nn.input(...input), layer);
    for (const { path, variable } of parameters) {
      const values = Array.from(variable.dataSync());
      const name = path.replace("layers.0.", "");
      if (name.endsWith("bias")) {
        assert.ok(values.every((value) => value === 0));
        continue;
      }
      const limit = Math.sqrt(6 / fans[name]!);
      const spread = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
      assert.ok(
        values.every((value) => Math.abs(value) <= limit),
        `${layer.label}: ${name}`,
      );
      assert.ok(Math.abs(spread / (limit / Math.sqrt(3)) - 1) < 0.05, `${layer.label}: ${name}: ${spread}`);
    }
  }
});

test("an input that does not fit is refused with its place in the model, before weights are made", () => {
  const any: readonly number[] = [5, 5];
  const before = tf.memory().numTensors;
  assert.throws(
    () => nn.sequential(nn.input(...any), nn.relu(), nn.separableConv1d(3, 6)),
    (error: unknown) =>
      error instanceof ShapeError &&
      error.message === "separableConv1d: expected input of at least [6, channels], got [5, 5]. It sits at layers.1.",
  );
  assert.equal(tf.memory().numTensors, before);
});

test("windows that fit once, just, or over the edge only give what they should", () => {
  const one = { size: [4], stride: [9], dilation: [1], padding: "valid" } as const;
  assert.deepEqual(windows([4], one), [1]);
  assert.ok(windows([3], one)[0]! < 1);
  const dilated = { size: [3], stride: [2], dilation: [4], padding: "valid" } as const;
  assert.deepEqual(windows([9], dilated), [1]);
  assert.ok(windows([8], dilated)[0]! < 1);
  assert.deepEqual(paddings([5], { ...dilated, padding: "same" }), [[4, 4]]);
  assert.deepEqual(paddings([4], { ...one, size: [2], stride: [1], padding: "same" }), [[0, 1]]);
  assert.deepEqual(paddings([5], { ...dilated, padding: "causal" }), [[8, 0]]);
  assert.deepEqual(grown([3], { ...dilated, padding: "valid" }), [2 * 2 + 9]);
  assert.deepEqual(grown([3], { ...one, padding: "same" }), [27]);
  const model = nn.sequential(
    nn.input(1, 1, 2),
    nn.conv2d(3, 5, { padding: "same" }),
    nn.maxPool2d(4, { padding: "same" }),
  );
  assert.deepEqual(model.predict(fill("x", 2, 1, 1, 2)).shape, [2, 1, 1, 3]);
});

test("nothing causal sees what comes later", () => {
  for (const options of [{}, { dilation: 2 }, { groups: 2 }, { dilation: 3, bias: false }]) {
    const model = nn.sequential(nn.input(8, 4), nn.conv1d(4, 3, { ...options, padding: "causal" }));
    const x = fill("x", 1, 8, 4);
    const later = tf.concat([x.slice([0, 0, 0], [1, 5, 4]), fill("later", 1, 3, 4)], 1);
    const [one, other] = [x, later].map((input) => model.predict(input).dataSync());
    assert.deepEqual(one!.slice(0, 20), other!.slice(0, 20));
    assert.notDeepEqual(one, other);
  }
});

test("of equal values the largest is one only, on the way back", () => {
  for (const layer of [nn.globalMaxPool1d(), nn.adaptiveMaxPool1d(1), nn.adaptiveMaxPool1d(2), nn.maxPool1d(5)]) {
    const model = nn.sequential(nn.input(5, 1), layer);
    const gradient = tf.grad((x: tf.Tensor) => model.forward(x).sum())(tf.ones([1, 5, 1]));
    assert.equal(gradient.sum().dataSync()[0], layer.label === "adaptiveMaxPool1d(2)" ? 2 : 1, layer.label);
    assert.ok(gradient.dataSync().every((value) => Number.isInteger(value)));
  }
});

test("a model of all of them trains in compiled steps, without a note, and its loss falls", async (context) => {
  const { mock } = context.mock.method(console, "warn", () => {});
  nn.seed(5);
  const data = fromArrays(
    fill("x", 24, 64),
    Array.from({ length: 24 }, (_, i) => i % 2),
    { classes: 2 },
  );
  for (const model of [image(), volume()]) {
    const run = await fit(model, data, { loss: "crossEntropy", optimizer: adam(0.01), epochs: 12, batchSize: 8 });
    const { loss } = run.history.steps;
    assert.ok(loss.at(-1)! < loss[0]!, `${loss[0]} → ${loss.at(-1)}`);
  }
  assert.deepEqual(
    mock.calls.map((call) => call.arguments),
    [],
  );
});

test("a model of all of them can be exported, and takes any number of examples then", async () => {
  const folder = temporaryFolder();
  for (const [name, model] of Object.entries({ image: image(), volume: volume() })) {
    const path = join(folder, name);
    await exportSavedModel(model, path);
    const loaded = await tfjsNode().loadSavedModel(path);
    for (const size of [1, 3]) {
      const x = fill("x", size, 64);
      const y = (loaded.predict({ x }) as unknown as Record<string, tf.Tensor>).y!;
      assertClose(y, Array.from(model.predict(x).dataSync()), 1e-5, `${name}, ${size} examples`);
    }
    loaded.dispose();
  }
});

test("steps are compiled by XLA too", () => {
  const model = nn.sequential(nn.input(5, 4, 2), nn.upSampling2d(2), nn.adaptiveMaxPool2d(3), nn.globalMaxPool2d());
  const derive = tf.grad((x: tf.Tensor) => model.forward(x).sum());
  const x = fill("x", 2, 5, 4, 2);
  assertClose(compile(derive, { jit: "xla" })(x), Array.from(derive(x).dataSync()), 1e-6);
});

test("without TensorFlow, in WebAssembly, transposed convolutions and means of unequal parts have gradients as well", () => {
  const code = `
    const nn = await import(${urlOf("nn/index.js")});
    nn.seed(2);
    const model = nn.sequential(nn.input(4, 2), nn.conv1dTranspose(3, 3, { stride: 2 }), nn.adaptiveAveragePool1d(4));
    const weights = model.parameters.map(({ variable }) => variable);
    const x = tf.linspace(0, 1, 8).reshape([1, 4, 2]);
    const { grads } = tf.variableGrads(() => model.forward(x).square().sum(), weights);
    console.log(JSON.stringify(weights.flatMap(({ name }) => [...grads[name].dataSync()])));`;
  const [there, elsewhere] = [runAlone(code), runAlone(code, { NABLA_LIBTENSORFLOW: join(scratch, "nowhere") })];
  assert.deepEqual([there.status, elsewhere.status], [0, 0], elsewhere.stderr);
  assertClose(tf.tensor(JSON.parse(elsewhere.stdout) as number[]), JSON.parse(there.stdout) as number[], 1e-4);
});
