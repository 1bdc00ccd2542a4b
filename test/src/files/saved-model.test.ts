import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FileError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { tfjsNode } from "../../../src/runtime/tfjs-node.js";
import { exportSavedModel } from "../../../src/train/index.js";
import { assertClose, fill, fillWeights, tokens } from "../../parity.js";
import { temporaryFolder } from "../folder.js";
import { withFullDisk } from "../full-disk.js";

/** Oracle: TensorFlow's own loader of SavedModels, here through the C API; in Python with test/fixtures/exported-saved-model.py. */
const folder = temporaryFolder();

const models: Readonly<Record<string, readonly [make: () => nn.Model, batch: (size: number) => tf.Tensor]>> = {
  mlp: [
    () =>
      nn.sequential(nn.input(4), nn.dense(8), nn.batchNorm(), nn.relu(), nn.dropout(0.5), nn.dense(3), nn.softmax()),
    (size) => fill("export/mlp", size, 4),
  ],
  cnn: [
    () =>
      nn.sequential(
        nn.input(8, 8, 3),
        nn.conv2d(4, 3, { padding: "same" }),
        nn.relu(),
        nn.maxPool2d(2),
        nn.flatten(),
        nn.dense(3),
      ),
    (size) => fill("export/cnn", size, 8, 8, 3),
  ],
  recurrent: [
    () => nn.sequential(nn.input(5, 3), nn.lstm(4, { returnSequences: true }), nn.gru(4), nn.dense(2)),
    (size) => fill("export/recurrent", size, 5, 3),
  ],
  gpt: [
    () => nn.gpt({ vocab: 7, context: 6, width: 8, heads: 2, layers: 2, dropout: 0.1 }),
    (size) => tokens("export/gpt", 7, size, 6),
  ],
  resnet: [() => nn.resnet({ depth: 8, input: [8, 8, 3], classes: 4 }), (size) => fill("export/resnet", size, 8, 8, 3)],
};

for (const [name, [make, batch]] of Object.entries(models)) {
  test(`TensorFlow loads an exported ${name} and computes what predict does, for batches of any size`, async () => {
    const net = make();
    fillWeights(net);
    const path = join(folder, name);
    await exportSavedModel(net, path);
    const loaded = await tfjsNode().loadSavedModel(path);
    for (const size of [1, 2, 5, 40]) {
      const x = batch(size);
      const y = (loaded.predict({ x }) as unknown as Record<string, tf.Tensor>).y!;
      const expected = net.predict(x);
      assert.deepEqual(y.shape, expected.shape);
      assertClose(y, Array.from(expected.dataSync()), 1e-5, `${name}, ${size} examples`);
    }
    loaded.dispose();
    assert.deepEqual(readdirSync(path), ["saved_model.pb"]);
  });
}

test("the signature says types and shapes, -1 for the number of examples", async () => {
  const path = join(folder, "signature");
  await exportSavedModel(nn.gpt({ vocab: 5, context: 4, width: 4, heads: 1, layers: 1 }), path);
  const [graph] = await tfjsNode().getMetaGraphsFromSavedModel(path);
  assert.deepEqual(graph?.tags, ["serve"]);
  const { inputs, outputs } = graph!.signatureDefs.serving_default!;
  assert.deepEqual([inputs.x?.dtype, inputs.x?.name], ["int32", "x:0"]);
  assert.deepEqual([outputs.y?.dtype, outputs.y?.name], ["float32", "y:0"]);
});

test("what is there already stays, and on a full disk nothing is left", async () => {
  const net = nn.sequential(nn.input(2), nn.dense(2));
  const path = join(folder, "taken");
  mkdirSync(path);
  writeFileSync(join(path, "mine.txt"), "mine");
  const file = join(folder, "file");
  writeFileSync(file, "mine");
  for (const taken of [path, file]) {
    await assert.rejects(exportSavedModel(net, taken), (error: Error) => {
      assert.ok(error instanceof FileError, String(error));
      assert.match(
        error.message,
        /exportSavedModel: expected room for a new folder .*, got something there already .* Remove it/,
      );
      return true;
    });
  }
  assert.deepEqual(readdirSync(path), ["mine.txt"]);
  await assert.rejects(
    withFullDisk(100, () => exportSavedModel(net, join(folder, "none"))),
    /got a full disk/,
  );
  await assert.rejects(exportSavedModel(net, join(folder, "no", "where")), /got none \(ENOENT\)/);
  assert.ok(!readdirSync(folder).some((name) => name.startsWith(".") || name === "none"));
});

test("a forward pass that is another for each number of examples cannot be exported, and says why", async () => {
  const net = nn.sequential(nn.input(2), nn.dense(2));
  const odd: nn.Model = {
    ...net,
    parameters: net.parameters,
    forward: (x: tf.Tensor) => x.mul(tf.range(0, x.shape[0]!).expandDims(1)),
  } as unknown as nn.Model;
  await assert.rejects(
    exportSavedModel(odd, join(folder, "odd")),
    /exportSavedModel: expected a forward pass that is the same for any number of examples, got numbers for/,
  );
});

test("what is no path of a folder, or no model, is refused", async () => {
  const net = nn.sequential(nn.input(2), nn.dense(2));
  await assert.rejects(exportSavedModel(net, ""), /exportSavedModel: expected the path of a folder, got ""/);
  await assert.rejects(exportSavedModel({} as nn.Model, join(folder, "none")), /exportSavedModel: expected a model/);
});
