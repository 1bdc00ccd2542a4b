import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryError, ShapeError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { checkMemory } from "../../../src/nn/memory.js";
import * as tf from "../../../src/runtime/tf.js";
import { fill, tokens } from "../../parity.js";

function makeCnn() {
  return nn.sequential(
    nn.input(8, 8, 1),
    nn.conv2d(4, 3, { padding: "same" }),
    nn.relu(),
    nn.maxPool2d(2),
    nn.flatten(),
    nn.dense(3),
  );
}

function makeGpt(options: { tied?: boolean; dropout?: number } = {}) {
  return nn.gpt({ vocab: 11, context: 6, width: 8, heads: 2, layers: 2, seed: 1, ...options });
}

const shapes = (model: nn.Model) => Object.fromEntries(model.parameters.map((p) => [p.path, p.variable.shape]));
const values = (model: nn.Model) => model.parameters.map(({ variable }) => variable.dataSync().slice());

test("a model's weights are named by their place and laid out as documented", () => {
  assert.deepEqual(shapes(makeCnn()), {
    "layers.0.weight": [3, 3, 1, 4],
    "layers.0.bias": [4],
    "layers.4.weight": [64, 3],
    "layers.4.bias": [3],
  });
  const block = {
    "norm1.weight": [8],
    "norm1.bias": [8],
    "attention.qkv.weight": [8, 24],
    "attention.qkv.bias": [24],
    "attention.projection.weight": [8, 8],
    "attention.projection.bias": [8],
    "norm2.weight": [8],
    "norm2.bias": [8],
    "mlp.widen.weight": [8, 32],
    "mlp.widen.bias": [32],
    "mlp.narrow.weight": [32, 8],
    "mlp.narrow.bias": [8],
  };
  const blocks = [0, 1].flatMap((n) => Object.entries(block).map(([path, shape]) => [`blocks.${n}.${path}`, shape]));
  assert.deepEqual(shapes(makeGpt()), {
    "tokens.weight": [11, 8],
    "positions.weight": [6, 8],
    ...Object.fromEntries(blocks),
    "norm.weight": [8],
    "norm.bias": [8],
    "head.weight": [8, 11],
  });
});

test("the summary says what each layer is, gives, holds and costs", () => {
  assert.deepEqual(makeCnn().summary, [
    // 8 × 8 positions, 4 filters, 3 × 3 × 1 values each, a multiplication and an addition.
    {
      path: "layers.0",
      label: 'conv2d(4, 3, { padding: "same" })',
      outputShape: [8, 8, 4],
      parameters: 40,
      flops: 4608,
    },
    { path: "layers.1", label: "relu()", outputShape: [8, 8, 4], parameters: 0, flops: 256 },
    { path: "layers.2", label: "maxPool2d(2)", outputShape: [4, 4, 4], parameters: 0, flops: 256 },
    { path: "layers.3", label: "flatten()", outputShape: [64], parameters: 0, flops: 0 },
    { path: "layers.4", label: "dense(3)", outputShape: [3], parameters: 195, flops: 384 },
  ]);
  const gpt = makeGpt({ dropout: 0.1 });
  const paths = ["tokens", "positions", "dropout", "blocks.0", "blocks.1", "norm", "head"];
  assert.deepEqual(
    gpt.summary.map(({ path }) => path),
    paths,
  );
  const counted = gpt.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
  assert.equal(
    gpt.summary.reduce((sum, row) => sum + row.parameters, 0),
    counted,
  );
});

test("a tied head has no weights of its own and learns through the embedding", () => {
  const [tied, untied] = [makeGpt({ tied: true }), makeGpt()];
  assert.equal(untied.parameters.length - tied.parameters.length, 1);
  const table = tied.parameters[0]!.variable;
  const x = tokens("x", 5, 1, 6);
  const { grads } = tf.variableGrads(() => tied.forward(x).square().sum(), [table]);
  // Tokens 5 … 10 never come in, so their rows can only learn at the output.
  const gradient = grads[table.name]!.abs().sum(1).dataSync();
  assert.ok(gradient.every((row) => row > 0));
});

test("the same seed gives the same weights, whatever else was drawn; another seed gives others", () => {
  nn.seed(7);
  const first = values(makeCnn());
  nn.seed(7);
  Math.random();
  assert.deepEqual(values(makeCnn()), first);
  assert.notDeepEqual(values(makeCnn()), first);
  assert.deepEqual(values(makeGpt()), values(makeGpt()));
});

test("first weights are spread as documented: Glorot uniform for dense, GPT-2's normal for gpt", () => {
  nn.seed(1);
  const dense = nn.sequential(nn.input(300), nn.dense(200)).parameters[0]!.variable.dataSync();
  const limit = Math.sqrt(6 / 500);
  const spread = (of: ArrayLike<number>) => Math.sqrt(Array.from(of).reduce((sum, v) => sum + v * v, 0) / of.length);
  assert.ok(dense.every((value) => Math.abs(value) <= limit));
  assert.ok(Math.abs(spread(dense) / (limit / Math.sqrt(3)) - 1) < 0.02);
  const gpt = nn.gpt({ vocab: 100, context: 4, width: 128, heads: 4, layers: 8, seed: 1 });
  const of = (path: string) => gpt.parameters.find((p) => p.path === path)!.variable.dataSync();
  assert.ok(Math.abs(spread(of("tokens.weight")) / 0.02 - 1) < 0.03);
  assert.ok(Math.abs(spread(of("blocks.3.mlp.widen.weight")) / 0.02 - 1) < 0.03);
  assert.ok(Math.abs(spread(of("blocks.3.mlp.narrow.weight")) / 0.005 - 1) < 0.03);
});

test("predict in batches gives what forward gives at once, and leaves nothing else behind", () => {
  const model = makeCnn();
  const x = fill("x", 7, 8, 8, 1);
  const whole = tf.tidy(() => model.forward(x));
  const before = tf.memory().numTensors;
  const parts = model.predict(x, { batchSize: 3 });
  assert.equal(tf.memory().numTensors, before + 1);
  assert.deepEqual(parts.shape, [7, 3]);
  const difference = parts.sub(whole).abs().max().dataSync()[0]!;
  assert.ok(difference < 1e-6, String(difference));
  assert.deepEqual(model.predict(x.slice(0, 0)).shape, [0, 3]);
});

test("a GPT takes texts shorter than its context, and what comes later changes nothing before it", () => {
  const model = makeGpt();
  const x = tokens("x", 11, 2, 6);
  const whole = model.predict(x);
  const start = model.predict(x.slice([0, 0], [2, 4]));
  assert.deepEqual(start.shape, [2, 4, 11]);
  const difference = start
    .sub(whole.slice([0, 0, 0], [2, 4, 11]))
    .abs()
    .max()
    .dataSync()[0]!;
  assert.ok(difference < 1e-6, String(difference));
});

test("each block shows its attention: causal, each row summing to 1", () => {
  const seen = new Map<string, tf.Tensor>();
  makeGpt().forward(tokens("x", 11, 2, 5), { training: false, capture: (path, value) => seen.set(path, value) });
  assert.deepEqual([...seen.keys()], ["blocks.0.attention", "blocks.1.attention"]);
  for (const weights of seen.values()) {
    assert.deepEqual(weights.shape, [2, 2, 5, 5]);
    const rows = weights.arraySync() as number[][][][];
    for (const [query, row] of rows.flat(1).flatMap((head) => head.map((r, i) => [i, r] as const))) {
      assert.ok(row.slice(query + 1).every((weight) => weight === 0));
      assert.ok(Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-5);
    }
  }
});

test("input of the wrong shape or kind is refused in the house words", () => {
  const [cnn, gpt] = [makeCnn(), makeGpt()];
  const refused: [() => unknown, typeof ShapeError | typeof ValueError, RegExp][] = [
    [() => cnn.forward(tf.zeros([8, 8, 1])), ShapeError, /input \[batch, 8, 8, 1\], got \[8, 8, 1\]\. Add the batch/],
    [() => cnn.predict(tf.zeros([2, 8, 8, 3])), ShapeError, /^sequential: expected .*, got \[2, 8, 8, 3\]\.$/],
    [
      () => gpt.forward(tokens("x", 11, 2, 7)),
      ShapeError,
      /^gpt: expected input \[batch, at most 6\], got \[2, 7\]\.$/,
    ],
    [() => gpt.forward(tf.zeros([2, 6])), ValueError, /^gpt: expected int32 input, got float32\. Tokens are whole/],
    [
      () => gpt.forward(tf.tensor2d([[1, 11]], [1, 2], "int32")),
      ValueError,
      /^embedding: expected tokens from 0 to 10, got 11\.$/,
    ],
    [
      () => gpt.forward(tf.tensor2d([[-1, 1]], [1, 2], "int32")),
      ValueError,
      /^embedding: expected tokens from 0 to 10, got -1\.$/,
    ],
    [() => cnn.predict(tf.zeros([1, 8, 8, 1]), { batchSize: 0.5 }), ValueError, /^predict: batchSize: .*, got 0\.5\.$/],
    [
      () => cnn.predict(tf.zeros([1, 8, 8, 1]), { size: 2 } as never),
      ValueError,
      /^predict: expected options batchSize/,
    ],
  ];
  for (const [call, kind, message] of refused) {
    assert.throws(call, (error: unknown) => error instanceof kind && message.test(error.message), String(message));
  }
  assert.deepEqual(cnn.predict(tf.zeros([1, 8, 8, 1], "int32")).shape, [1, 3]);
});

test("sizes and options that cannot be are refused, with the nearest name", () => {
  const gpt = { vocab: 11, context: 6, width: 8, heads: 2, layers: 2 };
  const refused: [() => unknown, RegExp][] = [
    [() => nn.dense(0), /^dense: units: expected a whole number above 0, got 0\.$/],
    [() => nn.dense(-3), /got -3\.$/],
    [() => nn.dense(2.5), /got 2\.5\.$/],
    [() => nn.dense(Number.NaN), /got NaN\.$/],
    [() => nn.input(), /^input: expected at least one axis, got none\.$/],
    [() => nn.input(3, -1), /^input: size of axis 1: expected a whole number above 0, got -1\.$/],
    [() => nn.conv2d(8, 0), /^conv2d: kernel: /],
    [() => nn.conv2d(8, 3, { stride: 0 }), /^conv2d: stride: /],
    [
      () => nn.conv2d(8, 3, { paddding: "same" } as never),
      /^conv2d: expected options .*'paddding'\. Did you mean 'padding'\?$/,
    ],
    [() => nn.conv2d(8, 3, { padding: "sam" as never }), /"valid" or "same", got "sam"\. Did you mean 'same'\?$/],
    [() => nn.maxPool2d(1.5), /^maxPool2d: size: /],
    [() => nn.averagePool2d(2, { stride: 0 }), /^averagePool2d: stride: /],
    [() => nn.averagePool2d(2, { pading: "same" } as never), /Did you mean 'padding'\?$/],
    [() => nn.dropout(1), /^dropout: rate: expected a number from 0 to below 1, got 1\.$/],
    [() => nn.embedding(0, 8), /^embedding: vocab: /],
    [() => nn.attention(0), /^attention: heads: /],
    [() => nn.transformerBlock(2, { droput: 0.1 } as never), /Did you mean 'dropout'\?$/],
    [() => nn.gelu({ approximate: "tan" as never }), /Did you mean 'tanh'\?$/],
    [() => nn.gpt({ ...gpt, heads: 3 }), /^gpt: width: expected a number that 3 heads divide, got 8\.$/],
    [() => nn.gpt({ ...gpt, layers: 0 }), /^gpt: layers: /],
    [() => nn.gpt({ ...gpt, widht: 8 } as never), /Did you mean 'width'\?$/],
    [() => nn.sequential(nn.input(4)), /^sequential: expected at least one layer, got none\.$/],
    [() => nn.sequential(nn.dense(4) as never), /^sequential: expected an input first/],
    [() => nn.sequential(nn.input(4), "relu" as never), /^sequential: expected layers, got "relu" as layer 0\.$/],
    [
      () => nn.sequential(nn.input(4), nn.relu(), nn.embedding(3, 2)),
      /^embedding\(3, 2\): expected to be the first layer/,
    ],
  ];
  for (const [call, message] of refused) {
    assert.throws(
      call,
      (error: unknown) => error instanceof ValueError && message.test(error.message),
      String(message),
    );
  }
});

test("a model bigger than memory is refused before anything is allocated", () => {
  const before = { tensors: tf.memory().numTensors, rss: process.memoryUsage().rss };
  assert.throws(
    () => nn.sequential(nn.input(1_000_000), nn.dense(1_000_000)),
    (error: unknown) =>
      error instanceof MemoryError &&
      /1,000,001,000,000 parameters, which take 16 TB with gradients/.test(error.message),
  );
  assert.throws(
    () => nn.gpt({ vocab: 50_000, context: 2048, width: 65_536, heads: 64, layers: 1000 }),
    (error: unknown) => error instanceof MemoryError && error.complaint.what === "gpt",
  );
  assert.equal(tf.memory().numTensors, before.tensors);
  assert.ok(process.memoryUsage().rss - before.rss < 50e6);
  checkMemory("model", 1000, 16_000);
  assert.throws(() => checkMemory("model", 1001, 16_000), MemoryError);
});

test("weights can be kept, put back and moved to a twin", () => {
  const [model, twin] = [makeCnn(), makeCnn()];
  const kept = nn.weights(model);
  const before = values(model);
  nn.copyWeights(twin, model);
  assert.deepEqual(values(model), values(twin));
  assert.deepEqual(
    [...kept.values()].map((value) => value.dataSync()),
    before,
    "a copy does not follow the model",
  );
  nn.setWeights(model, kept);
  assert.deepEqual(values(model), before);
  assert.notDeepEqual(values(twin), before);
});

test("weights that do not fit are refused, and the model keeps its own", () => {
  const model = makeCnn();
  const before = values(model);
  const good = nn.weights(makeCnn());
  const changed = (path: string, value?: tf.Tensor) => {
    const copy = new Map(good);
    copy.delete("layers.4.bias");
    if (value !== undefined) copy.set(path, value);
    return copy;
  };
  const refused: [ReadonlyMap<string, tf.Tensor>, RegExp][] = [
    [changed(""), /setWeights: expected a value for 'layers\.4\.bias', got none\.$/],
    [changed("layers.4.bais", tf.zeros([3])), /got 'layers\.4\.bais'\. Did you mean 'layers\.4\.bias'\?$/],
    [changed("layers.4.bias", tf.zeros([4])), /setWeights: layers\.4\.bias: expected \[3\], got \[4\]\.$/],
  ];
  for (const [weights, message] of refused) {
    assert.throws(() => nn.setWeights(model, weights), message);
    assert.deepEqual(values(model), before);
  }
});

test("models that nobody refers to are not kept by tfjs's registry", () => {
  const before = Object.keys(tf.engine().registeredVariables).length;
  makeCnn();
  assert.equal(Object.keys(tf.engine().registeredVariables).length, before);
});
