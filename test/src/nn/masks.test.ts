/** What padding means to layers, beyond sequences.test.ts, which holds them against PyTorch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import * as nn from "../../../src/nn/index.js";
import { adam } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { packing } from "../../../src/tensor/packing.js";
import { Random } from "../../../src/tensor/random.js";
import { evaluate, fit } from "../../../src/train/index.js";
import { assertClose, fill } from "../../parity.js";
import { gradientError, random, secondGradientError } from "../runtime/differences.js";

const values = (tensor: tf.Tensor) => Array.from(tensor.dataSync());
const row = (...tokens: number[]) => tf.tensor([tokens], [1, tokens.length], "int32");

/** Two models of the same weights, over texts of these lengths. */
function twins(lengths: readonly number[], ...layers: nn.Layer[]): nn.Model[] {
  const models = lengths.map(
    (length) => nn.sequential(nn.input(length), nn.embedding(9, 4, { maskZero: true }), ...layers) as nn.Model,
  );
  for (const model of models.slice(1)) nn.copyWeights(models[0]!, model);
  return models;
}

const layers: Record<string, nn.Layer> = {
  rnn: nn.rnn(3),
  lstm: nn.lstm(3),
  gru: nn.gru(3),
  "reversed lstm": nn.lstm(3, { reverse: true }),
  "lstm of two layers": nn.lstm(3, { layers: 2 }),
  "bidirectional gru of two layers": nn.bidirectional(nn.gru(3, { layers: 2 })),
};

for (const [name, layer] of Object.entries(layers)) {
  test(`${name}: padding before, between and behind leaves the last state as it is without padding`, () => {
    const [short, long] = twins([3, 6], layer);
    const expected = values(short!.predict(row(5, 2, 7)));
    for (const text of [row(5, 2, 7, 0, 0, 0), row(0, 0, 0, 5, 2, 7), row(0, 5, 0, 2, 7, 0)]) {
      assertClose(long!.predict(text), expected, 1e-6, name);
    }
    assert.ok(values(long!.predict(row(0, 0, 0, 0, 0, 0))).every((value) => value === 0));
  });
}

test("all states stand in the places of their steps, 0 where there is padding", () => {
  const layer = nn.bidirectional(nn.lstm(3, { returnSequences: true }));
  const [short, long] = twins([3, 6], layer);
  const expected = tf.unstack(short!.predict(row(5, 2, 7)).squeeze([0])).map(values);
  const zeros = Array<number>(6).fill(0);
  const wanted = [zeros, expected[0]!, zeros, expected[1]!, expected[2]!, zeros].flat();
  assertClose(long!.predict(row(0, 5, 0, 2, 7, 0)), wanted, 1e-6);
});

test("packing has first and second derivatives that agree with differences", () => {
  const mask = tf.tensor([1, 0, 1, 1, 0, 0, 1, 0], [2, 4], "bool");
  const x = random([2, 4, 3], 4);
  for (const reverse of [false, true]) {
    const { pack, unpack, last } = packing(mask, reverse);
    const steps = (x: tf.Tensor) => pack(x).cumsum(1).square();
    for (const f of [(x: tf.Tensor) => unpack(steps(x)), (x: tf.Tensor) => last(steps(x))]) {
      assert.ok(gradientError(f, x) < 5e-4);
      assert.ok(secondGradientError(f, x) < 5e-4);
    }
  }
});

test("attention looks at no padding, whatever stands there, and what is not padding does not change", () => {
  for (const layer of [nn.attention(2, { causal: false }), nn.encoderBlock(2), nn.transformerBlock(2)]) {
    const [short, long] = twins([3, 5], layer);
    const expected = values(short!.predict(row(5, 2, 7)));
    assertClose(long!.predict(row(5, 2, 7, 0, 0)).slice([0, 0, 0], [1, 3, 4]), expected, 1e-5, layer.label);
  }
});

test("a mask reaches what stands behind other layers, also inside residual", () => {
  const inner = [nn.dropout(0.1), nn.dense(4), nn.residual(nn.layerNorm(), nn.attention(2, { causal: false }))];
  const [short, long] = twins([3, 5], ...inner, nn.gru(3));
  assertClose(long!.predict(row(5, 2, 7, 0, 0)), values(short!.predict(row(5, 2, 7))), 1e-5);
});

test("pooling over time leaves padding out", () => {
  for (const layer of [nn.globalAveragePool1d(), nn.globalMaxPool1d()]) {
    const [short, long] = twins([3, 6], layer);
    assertClose(long!.predict(row(0, 5, 0, 2, 7, 0)), values(short!.predict(row(5, 2, 7))), 1e-6, layer.label);
    assert.ok(values(long!.predict(row(0, 0, 0, 0, 0, 0))).every((value) => value === 0));
  }
});

test("a mask ends where the sequence ends", () => {
  const [model] = twins([3], nn.flatten(), nn.dense(2));
  assert.deepEqual(model!.predict(row(5, 0, 0)).shape, [1, 2]);
});

test("a forward pass may be given a mask of the user's own", () => {
  const model = nn.sequential(nn.input(4, 3), nn.lstm(2));
  const x = fill("x", 1, 4, 3);
  const mask = tf.tensor([1, 1, 0, 0], [1, 4], "bool");
  const cut = nn.sequential(nn.input(2, 3), nn.lstm(2));
  nn.copyWeights(model, cut);
  assertClose(model.forward(x, { training: false, mask }), values(cut.predict(x.slice([0, 0], [1, 2]))), 1e-6);
  assert.throws(
    () => model.forward(x, { training: false, mask: tf.ones([4], "bool") }),
    /^ShapeError: sequential: mask: expected \[1, 4\], got \[4\]\.$/,
  );
  assert.throws(
    () => model.forward(x, { training: false, mask: tf.ones([1, 4]) }),
    /^ValueError: sequential: mask: expected bool, got float32\. true where there is something/,
  );
});

test("masking takes steps for padding where all features are its value", () => {
  const model = nn.sequential(nn.input(4, 2), nn.masking({ value: -1 }), nn.gru(3));
  const cut = nn.sequential(nn.input(2, 2), nn.gru(3));
  nn.setWeights(cut, new Map([...nn.weights(model)].map(([path, value]) => [path.replace("s.1.", "s.0."), value])));
  const x = tf.tensor([-1, -1, 3, -1, -1, -1, -1, 2], [1, 4, 2]);
  assertClose(model.predict(x), values(cut.predict(tf.tensor([3, -1, -1, 2], [1, 2, 2]))), 1e-6);
});

test("a model whose text has padding is read whole: a cache would not know of it", () => {
  const model = nn.sequential(nn.input(4), nn.embedding(9, 4, { maskZero: true }), nn.attention(2), nn.dense(9));
  assert.equal((model as nn.Model).causal, false);
});

test("dropout between layers is active in training only", () => {
  nn.seed(3);
  const model = nn.sequential(nn.input(5, 3), nn.lstm(4, { layers: 2, dropout: 0.5 }));
  const x = fill("x", 2, 5, 3);
  const [first, second] = [values(model.predict(x)), values(model.predict(x))];
  assert.deepEqual(first, second);
  assert.notDeepEqual(values(model.forward(x, { training: true })), values(model.forward(x, { training: true })));
});

/** Texts of 2 to 6 digits 1 … 8, 0 behind them, and the digits backwards, after a start token 9. */
function reversals(count: number, seed: number) {
  const random = new Random(seed);
  const pairs = Array.from({ length: count }, () => {
    const digits = Array.from({ length: 2 + random.integer(5) }, () => 1 + random.integer(8));
    const padded = [...digits, ...Array<number>(6 - digits.length).fill(0)];
    const back = [...digits.toReversed(), ...Array<number>(6 - digits.length).fill(0)];
    return { x: Int32Array.from([...padded, 9, ...back.slice(0, 5)]), y: Int32Array.from(back) };
  });
  return fromArrays(
    pairs.map(({ x }) => x),
    pairs.map(({ y }) => y),
    { classes: 10 },
  );
}

test("a transformer learns to write texts backwards", async () => {
  const sizes = { sourceVocab: 9, targetVocab: 10, source: 6, target: 6, width: 32, heads: 4, layers: 1 };
  const model = nn.transformer({ ...sizes, norm: "pre", seed: 1 });
  const training = { loss: "crossEntropy", optimizer: adam(0.005), batchSize: 64, epochs: 8, seed: 2 } as const;
  await fit(model, reversals(2048, 1), training);
  const { loss } = await evaluate(model, reversals(256, 2), { loss: "crossEntropy" });
  // Always saying how often a digit stands there costs more than 1.8.
  assert.ok(loss < 0.3, `a loss of ${loss}`);
  const text = [3, 1, 4, 1, 5];
  assert.deepEqual((await nn.translate(model, text, { start: 9 })).slice(0, 5), text.toReversed());
  assert.deepEqual(await nn.translate(model, text, { start: 9, end: 0 }), text.toReversed());
});
