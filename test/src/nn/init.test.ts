/** First weights, against PyTorch 2.13 and Keras 3.15; test/fixtures/initializers.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as nn from "../../../src/nn/index.js";
import { fans, type Initial } from "../../../src/nn/initializers/initial.js";
import * as tf from "../../../src/runtime/tf.js";
import { Random } from "../../../src/tensor/random.js";
import { sizeOf } from "../../../src/tensor/shape.js";
import { assertRefused, type Fixture, readFixture } from "../../layer-parity.js";
import { assertClose } from "../../parity.js";

interface Initializers extends Fixture {
  readonly spreads: Readonly<Record<string, Record<"mean" | "deviation" | "kurtosis" | "largest", number>>>;
  readonly identity: readonly (readonly number[])[];
}

const oracle = readFixture<Initializers>("initializers");
const shape = [3, 5, 40, 60];
const { constant, ...others } = nn.init;
const made: Readonly<Record<string, Initial>> = {
  constant: constant(0.3),
  ...Object.fromEntries(Object.entries(others).map(([name, make]) => [name, make()])),
};

function filled(initial: Initial, of: readonly number[], seed = 3): Float32Array {
  const values = new Float32Array(sizeOf(of));
  initial(values, of, new Random(seed));
  return values;
}

test("every initializer is one that somebody else was asked about", () => {
  const names = Object.keys(oracle.items).filter((name) => name.startsWith("init."));
  assert.deepEqual(
    names.sort(),
    Object.keys(made)
      .map((name) => `init.${name}`)
      .sort(),
  );
  assert.deepEqual([...Object.keys(oracle.spreads), "identity"].sort(), Object.keys(made).sort());
});

for (const [name, expected] of Object.entries(oracle.spreads)) {
  test(`init.${name} is spread as ${oracle.items[`init.${name}`]}`, () => {
    const values = filled(made[name]!, shape);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const moment = (power: number) => values.reduce((sum, v) => sum + (v - mean) ** power, 0) / values.length;
    const deviation = Math.sqrt(moment(2));
    const close = (what: string, value: number, to: number, within: number) =>
      assert.ok(Math.abs(value - to) <= within, `${what}: ${value}, expected ${to}`);
    close("deviation", deviation, expected.deviation, 0.02 * expected.deviation + 1e-6);
    close("mean", mean, expected.mean, 0.02 * expected.deviation + 1e-6);
    if (expected.deviation < 1e-6) return;
    close("kurtosis", moment(4) / moment(2) ** 2, expected.kurtosis, 0.06 * expected.kurtosis);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // The tails of normal numbers are a matter of luck, limits are not.
    close("largest", largest, expected.largest, (/[uU]niform|truncated/.test(name) ? 0.005 : 0.3) * expected.largest);
  });
}

test("fans are those of the formulas, for vectors, matrices and windows", () => {
  assert.deepEqual(fans([7]), { fanIn: 7, fanOut: 7 });
  assert.deepEqual(fans([4, 6]), { fanIn: 4, fanOut: 6 });
  assert.deepEqual(fans([3, 5, 40, 60]), { fanIn: 600, fanOut: 900 });
});

test("an orthogonal matrix has orthonormal rows or columns, whichever are fewer, of any gain", () => {
  for (const [rows, columns] of [
    [5, 5],
    [4, 9],
    [9, 4],
  ] as const) {
    const matrix = tf.tensor2d(filled(nn.init.orthogonal(2), [rows, columns]), [rows, columns]);
    const product = rows <= columns ? matrix.matMul(matrix, false, true) : matrix.matMul(matrix, true);
    assertClose(product, Array.from(tf.eye(Math.min(rows, columns)).mul(4).dataSync()), 1e-5, `${rows} × ${columns}`);
  }
  const window = tf.tensor2d(filled(nn.init.orthogonal(), [3, 3, 2, 4]), [18, 4]);
  assertClose(window.matMul(window, true), Array.from(tf.eye(4).dataSync()), 1e-5, "a window");
});

test("identity is PyTorch's, of any gain", () => {
  const rows = oracle.identity;
  assert.deepEqual(Array.from(filled(nn.init.identity(), [2, 3])), rows.flat());
  assert.deepEqual(Array.from(filled(nn.init.identity(3), [3, 2])), [3, 0, 0, 3, 0, 0]);
});

test("a layer begins as its options say: by name, called, or by a function of the user's own", () => {
  const first = (layer: nn.Layer, path = "layers.0.weight", shape = [3, 4]) => {
    nn.seed(1);
    const model = nn.sequential(nn.input(...shape), layer);
    return Array.from(nn.weights(model).get(path)!.dataSync());
  };
  const ones = Array<number>(8).fill(1);
  assert.deepEqual(first(nn.dense(2, { initial: "ones" })), ones);
  assert.deepEqual(first(nn.dense(2, { initial: nn.init.constant(0.5) })), Array<number>(8).fill(0.5));
  assert.deepEqual(first(nn.dense(2, { biasInitial: nn.init.ones() }), "layers.0.bias"), [1, 1]);
  assert.deepEqual(first(nn.dense(2, { biasInitial: (values) => values.set([3, 4]) }), "layers.0.bias"), [3, 4]);
  assert.deepEqual(first(nn.dense(2, { initial: "heNormal" })), first(nn.dense(2, { initial: nn.init.heNormal() })));
  assert.notDeepEqual(first(nn.dense(2, { initial: "heNormal" })), first(nn.dense(2)));
  assert.deepEqual(first(nn.dense(2, { initial: "glorotUniform" })), first(nn.dense(2)), "the default");
  assert.deepEqual(first(nn.prelu({ initial: "zeros" })), [0, 0, 0, 0]);
  const one = (layer: nn.Layer, name: string) => new Set(first(layer, `layers.0.${name}`));
  const all = { initial: nn.init.constant(2), biasInitial: nn.init.constant(3) } as const;
  for (const layer of [
    nn.conv1d(2, 2, all),
    nn.conv1dTranspose(2, 2, all),
    nn.lstm(2, all),
    nn.gru(2, all),
    nn.rnn(2, all),
  ]) {
    assert.deepEqual([one(layer, "weight"), one(layer, "bias")], [new Set([2]), new Set([3])], layer.label);
  }
  assert.deepEqual(one(nn.gru(2, all), "recurrentBias"), new Set([3]));
  assert.deepEqual(one(nn.gru(2, { recurrentInitial: "ones" }), "recurrentWeight"), new Set([1]));
  assert.deepEqual(one(nn.bidirectional(nn.rnn(2, all)), "backward.weight"), new Set([2]));
  const tokens = nn.sequential(nn.input(3), nn.embedding(5, 2, { initial: "ones" }));
  assert.deepEqual(new Set(tokens.parameters[0]!.variable.dataSync()), new Set([1]));
  const drawn = first(nn.dense(2, { initial: (values, shape, random) => values.fill(shape[0]! + random.uniform()) }));
  assert.ok(drawn[0]! > 4 && drawn[0]! < 5);
});

test("labels say which", () => {
  assert.equal(nn.dense(2, { initial: "ones" }).label, 'dense(2, { initial: "ones" })');
  assert.equal(nn.dense(2, { initial: nn.init.normal(0.02) }).label, "dense(2, { initial: normal(0.02) })");
  assert.equal(nn.dense(2, { regularizer: nn.l2(0.001) }).label, "dense(2, { regularizer: l2(0.001) })");
});

test("what cannot be is refused, in words that help", () => {
  const dense = (initial: unknown) => () => nn.sequential(nn.input(3, 4), nn.dense(2, { initial } as nn.DenseOptions));
  assertRefused([
    [
      dense("heNormall"),
      /^ValueError: dense: initial: expected "zeros" or .*got "heNormall"\. Did you mean 'heNormal'\?$/,
    ],
    [dense(0.5), /^ValueError: dense: initial: expected .*, got 0\.5\.$/],
    [
      dense(nn.init.heNormal),
      /^ValueError: dense: initial: .*, got heNormal itself\. Call it: nn\.init\.heNormal\(\)\.$/,
    ],
    [
      dense((values: Float32Array) => values.map(() => 1)),
      /^ValueError: initial of layers\.0\.weight: expected a function that fills the weight, got one that returns another\./,
    ],
    [
      dense((values: Float32Array) => values.set([Number.NaN], 3)),
      /^ValueError: initial of layers\.0\.weight: expected finite numbers, got NaN at 3\.$/,
    ],
    [
      () => nn.sequential(nn.input(4), nn.dense(2, { biasInitial: "identity" })),
      /^ShapeError: identity: expected a weight \[inputs, outputs\], got \[2\]\.$/,
    ],
    [
      () => nn.sequential(nn.input(4), nn.dense(2, { biasInitial: "orthogonal" })),
      /^ShapeError: orthogonal: expected a weight \[\.\.\., inputs, outputs\], got \[2\]\.$/,
    ],
    [() => nn.conv2d(2, 3, { initial: "he" as never }), /^ValueError: conv2d: initial: expected "zeros" or /],
    [() => nn.gru(2, { recurrentInitial: 3 as never }), /^ValueError: gru: recurrentInitial: expected .*, got 3\.$/],
    [() => nn.embedding(2, 3, { regularizer: 3 as never }), /^ValueError: embedding: regularizer: .*, got 3\./],
    [
      () => nn.lstm(2, { forgetBias: 1, biasInitial: "zeros" }),
      /^ValueError: lstm: biasInitial: expected to say all of the bias, got forgetBias, too\. Leave one of the two out\.$/,
    ],
    [() => nn.init.constant(Number.NaN), /^ValueError: constant: expected a finite number, got NaN\.$/],
    [() => nn.init.uniform(-1), /^ValueError: uniform: limit: expected a number from 0, got -1\.$/],
    [() => nn.init.normal("a" as never), /^ValueError: normal: deviation: expected a number from 0, got "a"\.$/],
    [() => nn.init.truncatedNormal(Infinity), /^ValueError: truncatedNormal: deviation: /],
    [() => nn.init.orthogonal(-1), /^ValueError: orthogonal: gain: /],
    [() => nn.init.identity(Number.NaN), /^ValueError: identity: gain: /],
  ]);
});
