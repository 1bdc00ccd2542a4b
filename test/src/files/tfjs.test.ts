import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as layers from "@tensorflow/tfjs-layers";
import { DataError, FileError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { load, loadKeras } from "../../../src/train/index.js";
import { assertClose, fill, tokens } from "../../parity.js";
import { temporaryFolder } from "../folder.js";
import { numbers } from "../train/small.js";

/** Oracle: tfjs-layers 4.22, which saves the models and computes with them. */
const folder = temporaryFolder();

/** Has tfjs-layers write a model as it does in Node. → the path of model.json */
async function save(model: layers.LayersModel, name: string): Promise<string> {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  await model.save({
    async save({ modelTopology, weightSpecs, weightData }) {
      const bytes = Buffer.from(tf.io.CompositeArrayBuffer.join(weightData));
      // Two shards, cut at any byte.
      const paths = ["group1-shard1of2.bin", "group1-shard2of2.bin"];
      const middle = Math.floor(bytes.length / 2) + 1;
      writeFileSync(join(path, paths[0]!), bytes.subarray(0, middle));
      writeFileSync(join(path, paths[1]!), bytes.subarray(middle));
      const weightsManifest = [{ paths, weights: weightSpecs }];
      writeFileSync(
        join(path, "model.json"),
        JSON.stringify({ format: "layers-model", modelTopology, weightsManifest }),
      );
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    },
  });
  return join(path, "model.json");
}

/** Values that are not the first ones. */
function wear(model: layers.LayersModel, name: string): void {
  model.setWeights(
    model.getWeights().map((weight, index) =>
      fill(`${name}/${index}`, ...weight.shape)
        .abs()
        .add(0.1),
    ),
  );
}

function cnn() {
  const model = layers.sequential();
  model.add(layers.layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, padding: "same" }));
  model.add(layers.layers.batchNormalization({}));
  model.add(layers.layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.layers.flatten());
  model.add(layers.layers.dense({ units: 5, useBias: false }));
  model.add(layers.layers.dense({ units: 3 }));
  wear(model, "tfjs/cnn");
  const ours = nn.sequential(
    nn.input(8, 8, 3),
    nn.conv2d(4, 3, { padding: "same" }),
    nn.batchNorm({ epsilon: 1e-3 }),
    nn.maxPool2d(2),
    nn.flatten(),
    nn.dense(5, { bias: false }),
    nn.dense(3),
  );
  return { model, ours };
}

test("a model's layers are paired by their order, its shards joined, moving averages found", async () => {
  const { model, ours } = cnn();
  const path = await save(model, "cnn");
  const { loaded } = await load(ours, path);
  assert.equal(loaded.length, ours.parameters.length);
  const x = fill("tfjs/cnn", 2, 8, 8, 3);
  const expected = Array.from((model.predict(x) as tf.Tensor).dataSync());
  assertClose(ours.predict(x), expected, 1e-5, "cnn");
  assertClose((await loadKeras(path)).predict(x), expected, 1e-5, "cnn that loadKeras made");
});

test("embeddings, LSTM and SimpleRNN compute what they compute in tfjs-layers", async () => {
  const model = layers.sequential();
  model.add(layers.layers.embedding({ inputDim: 7, outputDim: 5, inputLength: 6 }));
  model.add(layers.layers.lstm({ units: 4, returnSequences: true, recurrentActivation: "sigmoid" }));
  model.add(layers.layers.simpleRNN({ units: 3 }));
  wear(model, "tfjs/tagger");
  const ours = nn.sequential(nn.input(6), nn.embedding(7, 5), nn.lstm(4, { returnSequences: true }), nn.rnn(3));
  const path = await save(model, "tagger");
  await load(ours, path);
  const x = tokens("tfjs/tagger", 7, 3, 6);
  const expected = Array.from((model.predict(x) as tf.Tensor).dataSync());
  assertClose(ours.predict(x), expected, 1e-5, "tagger");
  assertClose((await loadKeras(path)).predict(x), expected, 1e-5, "tagger that loadKeras made");
});

test("weights that were quantized become float32 again", async () => {
  const ours = nn.sequential(nn.input(2), nn.dense(2));
  const path = join(folder, "quantized");
  mkdirSync(path);
  const weights = [
    { name: "d/kernel", shape: [2, 2], dtype: "float32", quantization: { dtype: "uint8", scale: 0.5, min: -1 } },
    { name: "d/bias", shape: [2], dtype: "float32", quantization: { dtype: "float16" } },
  ];
  writeFileSync(join(path, "w.bin"), Uint8Array.of(0, 1, 2, 255, 0x00, 0x3c, 0x00, 0xc0));
  const modelTopology = {
    class_name: "Sequential",
    config: { layers: [{ class_name: "Dense", config: { name: "d" } }] },
  };
  writeFileSync(
    join(path, "model.json"),
    JSON.stringify({ modelTopology, weightsManifest: [{ paths: ["w.bin"], weights }] }),
  );
  await load(ours, join(path, "model.json"));
  assert.deepEqual(numbers(ours), [-1, -0.5, 0, 126.5, 1, -2]);
});

test("a GRU that computes otherwise, a layer that is not known, and files that are none are refused", async () => {
  const { ours, model } = cnn();
  const before = numbers(ours);
  const gru = layers.sequential();
  gru.add(layers.layers.gru({ inputShape: [4, 3], units: 2 }));
  await assert.rejects(load(ours, await save(gru, "gru")), (error: Error) => {
    assert.ok(error instanceof DataError);
    assert.match(error.message, /load: expected GRU 'gru_\w+' with reset_after, got one without\./);
    return true;
  });
  const strange = layers.sequential();
  strange.add(layers.layers.convLstm2d({ inputShape: [2, 3, 3, 1], filters: 1, kernelSize: 1 }));
  await assert.rejects(
    load(ours, await save(strange, "strange")),
    /layers with weights of the kinds Dense, .* got ConvLSTM2D 'conv_lst/,
  );
  const good = await save(model, "good");
  const shard = good.replace("model.json", "group1-shard2of2.bin");
  const bytes = readFileSync(shard);
  writeFileSync(shard, bytes.subarray(3));
  await assert.rejects(load(ours, good), FileError);
  writeFileSync(shard, Buffer.concat([bytes, bytes]));
  await assert.rejects(load(ours, good), /bytes of weights beside/);
  writeFileSync(good, "{ torn");
  await assert.rejects(load(ours, good), /expected JSON in .*model\.json, got something else/);
  writeFileSync(good, '{"format":"graph-model","modelTopology":{},"weightsManifest":[]}');
  await assert.rejects(load(ours, good), (error: Error) => error instanceof DataError || error instanceof ValueError);
  assert.deepEqual(numbers(ours), before);
});
