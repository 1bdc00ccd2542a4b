import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ShapeError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { load } from "../../../src/train/index.js";
import { assertClose, fill, tokens } from "../../parity.js";
import { root } from "../../root.js";

/** Oracle: PyTorch 2.13 and its safetensors, test/fixtures/torch-weights.py. */
const { outputs } = JSON.parse(readFileSync(join(root, "test/fixtures/torch-weights.json"), "utf8")) as {
  outputs: Readonly<Record<string, readonly number[]>>;
};
const file = (name: string) => join(root, "test/fixtures/torch", `${name}.safetensors`);

function mlp() {
  const last = nn.dense(3);
  return nn.sequential(nn.input(4), nn.dense(4), nn.tanh(), nn.dense(4, { bias: false }), nn.batchNorm(), last);
}

test("a torch.nn.Sequential's weights are found by their places, square matrices and moving averages included", async () => {
  const net = mlp();
  const { unused } = await load(net, file("mlp"));
  assertClose(net.predict(fill("torch/mlp", 5, 4)), outputs.mlp!, 1e-5, "mlp");
  assert.deepEqual(unused, []);
});

test("half precision and float64 become float32", async () => {
  for (const [kind, tolerance] of [
    ["float16", 2e-3],
    ["bfloat16", 2e-2],
    ["float64", 1e-5],
  ] as const) {
    const net = mlp();
    await load(net, file(`mlp-${kind}`));
    assertClose(net.predict(fill("torch/mlp", 5, 4)), outputs.mlp!, tolerance, kind);
  }
});

test("convolutions are turned, and what stands behind a flattened image takes channels last", async () => {
  const net = nn.sequential(
    nn.input(8, 8, 3),
    nn.conv2d(4, 3, { padding: "same" }),
    nn.batchNorm(),
    nn.relu(),
    nn.maxPool2d(2),
    nn.conv2d(4, 2),
    nn.flatten(),
    nn.batchNorm(),
    nn.dense(36),
    nn.dense(3),
  );
  await load(net, file("cnn"));
  assertClose(net.predict(fill("torch/cnn", 2, 8, 8, 3)), outputs.cnn!, 1e-5, "cnn");
});

test("filters of groups, of each channel and of transposed convolutions are turned, each in its way", async () => {
  const net = nn.sequential(
    nn.input(6, 6, 3),
    nn.depthwiseConv2d(3, { multiplier: 2, padding: "same" }),
    nn.conv2d(4, 3, { padding: "same", groups: 2 }),
    nn.conv2dTranspose(4, 2, { stride: 2 }),
  );
  await load(net, file("windows"));
  assertClose(net.predict(fill("torch/windows", 2, 6, 6, 3)), outputs.windows!, 1e-5, "windows");
});

test("a sequence that a convolution made is flattened channel by channel, too", async () => {
  const net = nn.sequential(nn.input(10, 3), nn.conv1d(5, 3), nn.relu(), nn.maxPool1d(2), nn.flatten(), nn.dense(3));
  await load(net, file("series"));
  assertClose(net.predict(fill("torch/series", 2, 10, 3)), outputs.series!, 1e-5, "series");
});

/** The layers' names in torch, at our places. */
const places = (names: Readonly<Record<string, string>>) => (theirs: string) =>
  theirs.replace(/^[^.]+/, (name) => `layers.${names[name]}`);

test("embeddings stay as they are, LSTM and GRU are turned, and an LSTM's two biases are one", async () => {
  const net = nn.sequential(
    nn.input(6),
    nn.embedding(7, 7),
    nn.lstm(5, { returnSequences: true }),
    nn.gru(4),
    nn.dense(4),
  );
  await load(net, file("tagger"), { names: places({ embed: "0", rnn: "1", gru: "2", head: "3" }) });
  assertClose(net.predict(tokens("torch/tagger", 7, 3, 6)), outputs.tagger!, 1e-5, "tagger");
});

test("directions and layers of recurrent networks, and encoder layers, are found", async () => {
  const all = { returnSequences: true } as const;
  const net = nn.sequential(
    nn.input(5, 3),
    nn.bidirectional(nn.gru(2, all)),
    nn.bidirectional(nn.lstm(3, { ...all, layers: 2 })),
    nn.encoderBlock(2, { expansion: 2 }),
    nn.rnn(4, { layers: 2 }),
  );
  const { unused } = await load(net, file("directions"), {
    names: places({ gru: "0", deep: "1", encode: "2", stack: "3" }),
  });
  assertClose(net.predict(fill("torch/directions", 2, 5, 3)), outputs.directions!, 1e-5, "directions");
  assert.deepEqual(unused, []);
});

test("MultiheadAttention's projections are ours", async () => {
  const net = nn.sequential(nn.input(5, 6), nn.layerNorm(), nn.attention(2, { causal: false }));
  await load(net, file("attention"), { names: places({ norm: "0", attend: "1" }) });
  assertClose(net.predict(fill("torch/attention", 2, 5, 6)), outputs.attention!, 1e-5, "attention");
});

test("read as Nabla's own, PyTorch's weights do not fit", async () => {
  await assert.rejects(load(mlp(), file("mlp"), { layout: "nabla", strict: false }), ShapeError);
});
