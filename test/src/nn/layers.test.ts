/** Every layer against PyTorch 2.13, forward and backward; test/fixtures/parity.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as nn from "../../../src/nn/index.js";
import type { Model } from "../../../src/nn/module.js";
import * as tf from "../../../src/runtime/tf.js";
import { assertClose, fill, fillWeights, parity, tokens } from "../../parity.js";

const image = nn.input(6, 5, 2);
const models: Record<string, { model: Model; batch: number; vocab?: number }> = {
  dense: { model: nn.sequential(nn.input(4), nn.dense(5)), batch: 3 },
  "dense on [time, features]": { model: nn.sequential(nn.input(3, 4), nn.dense(5)), batch: 2 },
  "dense without bias": { model: nn.sequential(nn.input(4), nn.dense(5, { bias: false })), batch: 3 },
  conv2d: { model: nn.sequential(image, nn.conv2d(3, 3)), batch: 2 },
  "conv2d with stride": { model: nn.sequential(nn.input(7, 6, 2), nn.conv2d(3, 3, { stride: 2 })), batch: 2 },
  "conv2d with padding": { model: nn.sequential(nn.input(5, 4, 2), nn.conv2d(3, 3, { padding: "same" })), batch: 2 },
  "conv2d with stride and padding": {
    model: nn.sequential(nn.input(6, 7, 2), nn.conv2d(3, 3, { stride: 2, padding: "same", bias: false })),
    batch: 1,
  },
  maxPool2d: { model: nn.sequential(nn.input(5, 4, 2), nn.maxPool2d(2)), batch: 2 },
  "maxPool2d with stride": { model: nn.sequential(image, nn.maxPool2d(3, { stride: 1 })), batch: 1 },
  averagePool2d: { model: nn.sequential(nn.input(5, 4, 2), nn.averagePool2d(2)), batch: 2 },
  "averagePool2d with stride and padding": {
    model: nn.sequential(image, nn.averagePool2d(3, { stride: 2, padding: "same" })),
    batch: 1,
  },
  globalAveragePool2d: { model: nn.sequential(nn.input(3, 4, 5), nn.globalAveragePool2d()), batch: 2 },
  relu: { model: nn.sequential(nn.input(4), nn.relu()), batch: 3 },
  tanh: { model: nn.sequential(nn.input(4), nn.tanh()), batch: 3 },
  sigmoid: { model: nn.sequential(nn.input(4), nn.sigmoid()), batch: 3 },
  softmax: { model: nn.sequential(nn.input(4), nn.softmax()), batch: 3 },
  gelu: { model: nn.sequential(nn.input(4), nn.gelu()), batch: 3 },
  "gelu by tanh": { model: nn.sequential(nn.input(4), nn.gelu({ approximate: "tanh" })), batch: 3 },
  layerNorm: { model: nn.sequential(nn.input(3, 8), nn.layerNorm()), batch: 2 },
  rnn: { model: nn.sequential(nn.input(5, 3), nn.rnn(4, { returnSequences: true })), batch: 2 },
  "rnn with relu": {
    model: nn.sequential(nn.input(5, 3), nn.rnn(4, { activation: "relu", returnSequences: true })),
    batch: 2,
  },
  "rnn's last state": { model: nn.sequential(nn.input(5, 3), nn.rnn(4)), batch: 2 },
  "rnn in reverse": {
    model: nn.sequential(nn.input(5, 3), nn.rnn(4, { reverse: true, returnSequences: true })),
    batch: 2,
  },
  lstm: { model: nn.sequential(nn.input(5, 3), nn.lstm(4, { returnSequences: true })), batch: 2 },
  "lstm's last state": { model: nn.sequential(nn.input(5, 3), nn.lstm(4)), batch: 2 },
  "lstm of one step": { model: nn.sequential(nn.input(1, 3), nn.lstm(4, { returnSequences: true })), batch: 2 },
  "lstm in reverse": {
    model: nn.sequential(nn.input(5, 3), nn.lstm(4, { reverse: true, returnSequences: true })),
    batch: 2,
  },
  "lstm in reverse, last state": { model: nn.sequential(nn.input(5, 3), nn.lstm(4, { reverse: true })), batch: 2 },
  "lstm on lstm": { model: nn.sequential(nn.input(5, 3), nn.lstm(4, { returnSequences: true }), nn.lstm(4)), batch: 2 },
  "lstm of a large batch": { model: nn.sequential(nn.input(4, 3), nn.lstm(4, { returnSequences: true })), batch: 17 },
  gru: { model: nn.sequential(nn.input(5, 3), nn.gru(4, { returnSequences: true })), batch: 2 },
  "gru's last state": { model: nn.sequential(nn.input(5, 3), nn.gru(4)), batch: 2 },
  "gru in reverse": {
    model: nn.sequential(nn.input(5, 3), nn.gru(4, { reverse: true, returnSequences: true })),
    batch: 2,
  },
  "gru of a large batch": { model: nn.sequential(nn.input(4, 3), nn.gru(4)), batch: 17 },
  embedding: { model: nn.sequential(nn.input(6), nn.embedding(5, 3)), batch: 2, vocab: 5 },
  positions: { model: nn.sequential(nn.input(5, 4), nn.positions()), batch: 2 },
  attention: { model: nn.sequential(nn.input(5, 8), nn.attention(2)), batch: 2 },
  "attention both ways": { model: nn.sequential(nn.input(5, 8), nn.attention(2, { causal: false })), batch: 2 },
  transformerBlock: { model: nn.sequential(nn.input(5, 8), nn.transformerBlock(2)), batch: 2 },
  residual: { model: nn.sequential(nn.input(4), nn.residual(nn.dense(4), nn.tanh())), batch: 3 },
  "residual with a shortcut": {
    model: nn.sequential(
      nn.input(4),
      nn.residual({ shortcut: [nn.dense(5, { bias: false })] }, nn.dense(5), nn.tanh()),
    ),
    batch: 3,
  },
};

test("every layer that PyTorch was asked about is tested here", () => {
  assert.deepEqual(Object.keys(models).sort(), Object.keys(parity.layers).sort());
});

for (const [name, { model, batch, vocab }] of Object.entries(models)) {
  test(`${name} computes what PyTorch computes, and its gradients`, () => {
    const expected = parity.layers[name]!;
    const shape = [batch, ...model.inputShape];
    const x = tf.variable(
      vocab === undefined ? fill("x", ...shape) : tokens("x", vocab, ...shape),
      vocab === undefined,
    );
    fillWeights(model);
    const output = model.predict(x);
    assert.deepEqual(output.shape, expected.shape);
    assert.deepEqual(output.shape.slice(1), model.outputShape, "the shape promised by the model");
    assertClose(output, expected.output, 1e-5, "output");

    const probe = fill("probe", ...expected.shape);
    const wanted = [...model.parameters.map(({ variable }) => variable), ...(vocab === undefined ? [x] : [])];
    const { grads } = tf.variableGrads(() => model.forward(x, { training: true }).mul(probe).sum(), wanted);
    const paths = model.parameters.map(({ path }) => path);
    assert.deepEqual([...paths, ...(vocab === undefined ? ["x"] : [])].sort(), Object.keys(expected.gradients).sort());
    for (const { path, variable } of model.parameters) {
      assertClose(grads[variable.name]!, expected.gradients[path]!, 1e-4, `gradient of ${path}`);
    }
    if (vocab === undefined) assertClose(grads[x.name]!, expected.gradients.x!, 1e-4, "gradient of x");
  });
}

test("flatten puts all values of an example into one row, in order", () => {
  const model = nn.sequential(nn.input(2, 3, 2), nn.flatten());
  const x = fill("x", 4, 2, 3, 2);
  const output = model.predict(x);
  assert.deepEqual(output.shape, [4, 12]);
  assert.deepEqual(output.dataSync(), x.dataSync());
});

test("attention shows its weights, and they are PyTorch's", () => {
  const { model } = models.attention!;
  fillWeights(model);
  const seen = new Map<string, tf.Tensor>();
  model.forward(fill("x", 2, 5, 8), { training: false, capture: (path, value) => seen.set(path, value) });
  assert.deepEqual([...seen.keys()], ["layers.0"]);
  assert.deepEqual(seen.get("layers.0")!.shape, [2, 2, 5, 5]);
  assertClose(seen.get("layers.0")!, parity.attentionWeights, 1e-5, "weights");
});

test("dropout drops its share in training, scales the rest, keeps the mean, and does nothing otherwise", () => {
  nn.seed(4);
  const model = nn.sequential(nn.input(20_000), nn.dropout(0.25));
  const ones = tf.ones([1, 20_000]);
  assert.deepEqual(model.predict(ones).dataSync(), ones.dataSync());
  const first = model.forward(ones, { training: true }).dataSync();
  const dropped = first.filter((value) => value === 0).length / first.length;
  assert.ok(Math.abs(dropped - 0.25) < 0.015, `dropped ${dropped}`);
  assert.ok(first.every((value) => value === 0 || Math.abs(value - 4 / 3) < 1e-6));
  const second = model.forward(ones, { training: true }).dataSync();
  assert.notDeepEqual(second, first, "every step has a mask of its own");
  nn.seed(4);
  const again = nn.sequential(nn.input(20_000), nn.dropout(0.25));
  assert.deepEqual(again.forward(ones, { training: true }).dataSync(), first);
});

test("a shortcut that is no list of layers is refused", () => {
  assert.throws(
    () => nn.residual({ shortcut: 1 } as never),
    /^ValueError: residual: shortcut: expected a list of layers/,
  );
  assert.throws(
    () => nn.residual({ past: [] } as never),
    /^ValueError: residual: expected options shortcut, got 'past'/,
  );
});
