import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DataError, FileError, ShapeError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { load, loadKeras } from "../../../src/train/index.js";
import { assertClose, fill, tokens } from "../../parity.js";
import { root } from "../../root.js";
import { temporaryFolder } from "../folder.js";
import { numbers } from "../train/small.js";

/** Oracle: Keras 3.15, test/fixtures/keras-weights.py. */
const { outputs } = JSON.parse(readFileSync(join(root, "test/fixtures/keras-weights.json"), "utf8")) as {
  outputs: Readonly<Record<string, readonly number[]>>;
};
const file = (name: string) => join(root, "test/fixtures/keras", `${name}.keras`);
const folder = temporaryFolder();

function functional() {
  return nn.sequential(nn.input(4), nn.dense(6), nn.relu(), nn.layerNorm(), nn.dropout(0.5), nn.dense(2));
}

test("a Sequential's layers are paired by their order: convolutions, batch normalization, dense", async () => {
  const net = nn.sequential(
    nn.input(8, 8, 3),
    nn.conv2d(4, 3, { padding: "same", bias: false }),
    nn.batchNorm({ epsilon: 1e-3 }),
    nn.relu(),
    nn.maxPool2d(2),
    nn.conv2d(5, 2),
    nn.flatten(),
    nn.dropout(0.3),
    nn.dense(6),
    nn.batchNorm(),
    nn.dense(3),
  );
  const { loaded } = await load(net, file("cnn"));
  assert.equal(loaded.length, net.parameters.length);
  assertClose(net.predict(fill("keras/cnn", 2, 8, 8, 3)), outputs.cnn!, 1e-5, "cnn");
});

test("embeddings and the three recurrent layers compute what they compute in Keras", async () => {
  const net = nn.sequential(
    nn.input(6),
    nn.embedding(7, 5),
    nn.rnn(4, { returnSequences: true }),
    nn.lstm(4, { returnSequences: true }),
    nn.gru(3),
    nn.dense(2),
  );
  await load(net, file("tagger"));
  assertClose(net.predict(tokens("keras/tagger", 7, 3, 6)), outputs.tagger!, 1e-5, "tagger");
});

test("depthwise, separable and transposed convolutions compute what they compute in Keras", async () => {
  const net = nn.sequential(
    nn.input(6, 6, 3),
    nn.depthwiseConv2d(3, { multiplier: 2, padding: "same" }),
    nn.separableConv2d(4, 3, { padding: "same" }),
    nn.conv2dTranspose(2, 2, { stride: 2 }),
    nn.flatten(),
    nn.dense(3),
  );
  await load(net, file("windows"));
  assertClose(net.predict(fill("keras/windows", 2, 6, 6, 3)), outputs.windows!, 1e-5, "windows");
});

test("a Functional model's layers come in its order, or by names; a deflated archive is read, too", async () => {
  for (const name of ["functional", "deflated"]) {
    const net = functional();
    await load(net, file(name));
    assertClose(net.predict(fill("keras/functional", 5, 4)), outputs.functional!, 1e-5, name);
  }
  const last = nn.sequential(nn.input(6), nn.dense(2));
  const told = await load(last, file("functional"), {
    names: (theirs) => (theirs.startsWith("last.") ? theirs.replace("last", "layers.0") : undefined),
  });
  assert.deepEqual(told.loaded, ["layers.0.weight", "layers.0.bias"]);
  assert.deepEqual(told.unused.length, 4);
});

test("loadKeras makes the model that a file describes, with its weights", async () => {
  const inputs = {
    cnn: fill("keras/cnn", 2, 8, 8, 3),
    tagger: tokens("keras/tagger", 7, 3, 6),
    both: tokens("keras/both", 7, 3, 6),
    windows: fill("keras/windows", 2, 6, 6, 3),
    shapes: fill("keras/shapes", 3, 4, 4, 4),
    functional: fill("keras/functional", 5, 4),
  };
  for (const [name, x] of Object.entries(inputs)) {
    const net = await loadKeras(file(name));
    assertClose(net.predict(x), outputs[name]!, 1e-5, name);
  }
  const net = await loadKeras(file("cnn"));
  assert.deepEqual(
    net.summary.map(({ label }) => label),
    [
      'conv2d(4, 3, { stride: 1, padding: "same", dilation: 1, bias: false })',
      "batchNorm({ momentum: 0.01, epsilon: 0.001 })",
      "relu()",
      'maxPool2d(2, { stride: 2, padding: "valid" })',
      'conv2d(5, 2, { stride: 1, padding: "valid", dilation: 1, bias: true })',
      "flatten()",
      "dropout(0.3)",
      "dense(6, { bias: true })",
      "batchNorm({ momentum: 0.01, epsilon: 0.00001 })",
      "dense(3, { bias: true })",
    ],
  );
});

test("loadKeras refuses what Nabla has not: branches, other layers, options with a meaning, sizes that are not known", async () => {
  const dense = { class_name: "Dense", config: { name: "d", units: 2, batch_input_shape: [null, 3] } };
  const model = (...layers: object[]) => ({
    modelTopology: { class_name: "Sequential", config: { layers } },
    weightsManifest: [],
  });
  const like = (config: object) => ({ class_name: "Dense", config: { ...dense.config, ...config } });
  const branch = {
    class_name: "Dense",
    config: { name: "e", units: 2 },
    inbound_nodes: [[["d", 0, 0, {}]], [["in", 0, 0, {}]]],
  };
  const start = { class_name: "InputLayer", config: { name: "in", batch_shape: [null, 3] } };
  const cases: [object, RegExp][] = [
    [
      model({ class_name: "Capsule", config: { name: "c" } }),
      /expected layers of the kinds Activation, .* got Capsule 'c'/,
    ],
    [model(like({ activation: "snake" })), /expected one of the activations linear, .* got "snake"/],
    [model(like({ activation: { class_name: "Custom" } })), /expected one of the activations .* got Object/],
    [model(like({ lora: 4 })), /loadKeras: Dense 'd': expected no lora, got 4/],
    [model(like({ units: "2" })), /loadKeras: Dense 'd': expected a number as units, got "2"/],
    [model({ class_name: "Dense", config: { name: "d", units: 2 } }), /expected an input shape in .*, got none/],
    [model(like({ batch_input_shape: [null, null] })), /expected an input of known sizes for 'd', got \[null, null\]/],
    [model(start, dense, branch), /layers one after another in .*, got 'e', which takes what 'in' gives/],
    [
      model({
        class_name: "Conv2D",
        config: {
          name: "c",
          filters: 1,
          kernel_size: [2, 2],
          data_format: "channels_first",
          batch_input_shape: [null, 4, 4, 1],
        },
      }),
      /expected no data_format, got "channels_first"/,
    ],
    [
      model({
        class_name: "LSTM",
        config: { name: "l", units: 1, recurrent_activation: "hard_sigmoid", batch_input_shape: [null, 4, 1] },
      }),
      /expected no recurrent_activation, got "hard_sigmoid"/,
    ],
  ];
  const path = join(folder, "model.json");
  for (const [content, message] of cases) {
    writeFileSync(path, JSON.stringify(content));
    await assert.rejects(loadKeras(path), (error: Error) => {
      assert.ok(error instanceof DataError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
  await assert.rejects(
    loadKeras(join(root, "test/fixtures/torch/mlp.safetensors")),
    /loadKeras: expected a \.keras file or model\.json/,
  );
  await assert.rejects(loadKeras(""), /loadKeras: expected the path of a file, got ""/);
});

test("a model of other layers is refused by name, and stays as it was", async () => {
  const narrow = nn.sequential(nn.input(4), nn.dense(5), nn.relu(), nn.layerNorm(), nn.dense(2));
  const short = nn.sequential(nn.input(4), nn.dense(6), nn.relu(), nn.layerNorm());
  const other = nn.sequential(nn.input(4), nn.dense(6), nn.batchNorm(), nn.dense(2));
  const cases: [nn.Model, new (...args: never[]) => Error, RegExp][] = [
    [narrow, ShapeError, /load: layers\.0\.weight: expected \[4, 5\], got \[4, 6\] from 'first\/kernel'/],
    [short, ValueError, /only weights of sequential in .*, got 'last\/kernel', 'last\/bias' as well/],
    [
      other,
      ValueError,
      /expected 'layers\.1\.movingMean', 'layers\.1\.movingVariance' of sequential in .*, got nothing there/,
    ],
  ];
  for (const [net, kind, message] of cases) {
    const before = numbers(net);
    await assert.rejects(load(net, file("functional")), (error: Error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(numbers(net), before);
  }
});

test("an archive that is cut, flipped or none is refused, and the model stays as it was", async () => {
  const good = readFileSync(file("functional"));
  const path = join(folder, "bad.keras");
  const net = functional();
  const before = numbers(net);
  const refused = async (bytes: Uint8Array, what: string) => {
    writeFileSync(path, bytes);
    await assert.rejects(load(net, path), (error: Error) => {
      assert.ok(
        error instanceof FileError || error instanceof DataError || error instanceof ValueError,
        `${what}: ${error}`,
      );
      return true;
    });
    assert.deepEqual(numbers(net), before, what);
  };
  for (let length = 0; length < good.length; length += 997) await refused(good.subarray(0, length), `cut at ${length}`);
  await refused(readFileSync(join(root, "test/fixtures/keras-weights.json")), "JSON of another kind");
  await refused(Buffer.from("\x89HDF\r\n\x1a\n and more", "latin1"), "HDF5 alone");
  await refused(Buffer.from("PK\x03\x04 and nothing of the kind"), "no archive");
  for (let byte = 0; byte < good.length; byte += 131) {
    const bad = Buffer.from(good);
    bad[byte]! ^= 16;
    writeFileSync(path, bad);
    // What the archive says beside its files, a date for example, nobody reads.
    await load(net, path).then(
      async () => assert.deepEqual(numbers(net), numbers(await loaded()), `flipped at ${byte}`),
      (error: Error) =>
        assert.ok(error instanceof FileError || error instanceof ValueError, `flipped at ${byte}: ${error}`),
    );
  }
});

async function loaded() {
  const net = functional();
  await load(net, file("functional"));
  return net;
}
