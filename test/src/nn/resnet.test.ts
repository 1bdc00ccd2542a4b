/** The ResNets of arXiv 1512.03385, section 4.2. What they compute is held against PyTorch in training.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import * as tf from "../../../src/runtime/tf.js";

test("ResNets have as many weights as the paper's (table 6), in millions", () => {
  for (const [depth, millions] of [
    [20, 0.27],
    [32, 0.46],
    [44, 0.66],
    [56, 0.85],
    [110, 1.7],
  ] as const) {
    const { parameters } = nn.resnet({ depth, input: [32, 32, 3], classes: 10 });
    const count = parameters.reduce((sum, { variable, trainable }) => sum + (trainable ? variable.size : 0), 0);
    const digits = depth === 110 ? 1 : 2;
    assert.equal((count / 1e6).toFixed(digits), millions.toFixed(digits), `depth ${depth}`);
    assert.equal(parameters.filter(({ path }) => /conv\d?\.weight$|head\.weight$/.test(path)).length, depth);
  }
});

test("a ResNet halves the image twice, whatever its size, and tells so in its summary", () => {
  const model = nn.resnet({ depth: 8, input: [9, 13, 2], classes: 3, seed: 1 });
  assert.deepEqual(model.outputShape, [3]);
  assert.deepEqual(
    model.summary.filter(({ path }) => path.startsWith("blocks")).map(({ label, outputShape }) => [label, outputShape]),
    [
      ["block(16)", [9, 13, 16]],
      ["block(32, { stride: 2 })", [5, 7, 32]],
      ["block(64, { stride: 2 })", [3, 4, 64]],
    ],
  );
  assert.deepEqual(model.predict(tf.ones([2, 9, 13, 2])).shape, [2, 3]);
  const twin = nn.resnet({ depth: 8, input: [9, 13, 2], classes: 3, seed: 1 });
  const x = tf.randomNormal([2, 9, 13, 2]);
  assert.deepEqual(twin.predict(x).dataSync(), model.predict(x).dataSync(), "the same seed, the same weights");
});

test("values keep their size on the way through a new ResNet: its first weights are He normal", () => {
  const { parameters } = nn.resnet({ depth: 20, input: [32, 32, 3], classes: 10, seed: 3 });
  const { variable } = parameters.find(({ path }) => path === "blocks.8.conv2.weight")!;
  const { mean, variance } = tf.moments(variable);
  assert.ok(Math.abs(mean.dataSync()[0]!) < 1e-3);
  const expected = 2 / (3 * 3 * 64);
  assert.ok(Math.abs(variance.dataSync()[0]! - expected) < 0.02 * expected);
});

test("what cannot be a ResNet is refused", () => {
  const good = { depth: 20, input: [32, 32, 3], classes: 10 } as const;
  const refused: [object, RegExp][] = [
    [{ ...good, depth: 18 }, /^resnet: depth: expected 6n \+ 2 \(8, 14, 20, …\), got 18\.$/],
    [{ ...good, depth: 2 }, /^resnet: depth: expected 6n \+ 2/],
    [{ ...good, depth: "20" }, /^resnet: depth: expected a whole number above 0, got "20"\.$/],
    [{ ...good, input: [32, 32] }, /^resnet: input: expected \[height, width, channels\], got \[32, 32\]\.$/],
    [{ ...good, input: [32, 32, 0] }, /^resnet: input, axis 2: expected a whole number above 0, got 0\.$/],
    [{ ...good, input: undefined }, /^resnet: input: expected \[height, width, channels\], got undefined\.$/],
    [{ ...good, classes: 0 }, /^resnet: classes: /],
    [{ ...good, shortcut: "project" }, /^resnet: shortcut: .*Did you mean 'projection'\?$/],
    [{ ...good, clases: 10 }, /Did you mean 'classes'\?$/],
  ];
  for (const [options, message] of refused) {
    assert.throws(
      () => nn.resnet(options as nn.ResnetOptions),
      (error: unknown) => error instanceof ValueError && message.test(error.message),
      String(message),
    );
  }
});
