import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { RuntimeError } from "../../../src/errors.js";
import { runtimeInfo } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { type TfjsNode, tfjsNode } from "../../../src/runtime/tfjs-node.js";
import { root } from "../../root.js";

/** Oracle: TensorFlow 2.21 in Python, test/fixtures/saved-model.py. */
const folder = join(root, "test/fixtures/saved-model");
const oracle = JSON.parse(readFileSync(`${folder}.json`, "utf8"));

let node: TfjsNode;
before(() => {
  assert.equal(runtimeInfo().backend, "tensorflow");
  node = tfjsNode();
});

test("a SavedModel computes what it computes in Python", async () => {
  const model = await node.loadSavedModel(folder);
  const y = model.predict(tf.tensor2d(oracle.x)) as tf.Tensor2D;
  assert.deepEqual(y.arraySync(), oracle.y);
  const named = model.predict({ x: tf.tensor2d(oracle.x) }) as unknown as Record<string, tf.Tensor>;
  assert.deepEqual(named.y?.arraySync(), oracle.y);
  model.dispose();
});

test("strings, int64 and uint8 go in and come out", async () => {
  const model = await node.loadSavedModel(folder, ["serve"], "mixed");
  const outputs = model.predict({
    counts: tf.tensor1d([1, -2], "int32"),
    pixels: tf.tensor1d([0, 255], "int32"),
    words: tf.tensor1d(["a", "∇".repeat(20)]),
  }) as unknown as Record<string, tf.Tensor>;
  assert.deepEqual(outputs.doubled?.arraySync(), oracle.doubled);
  assert.deepEqual(Array.from(outputs.wide?.dataSync() as ArrayLike<unknown>, String), oracle.wide);
  assert.deepEqual(outputs.mean?.dataSync()[0], oracle.mean);
  assert.deepEqual(Array.from(outputs.joined?.dataSync() as unknown as string[]), oracle.joined);
  model.dispose();
});

test("one session serves all signatures of a SavedModel, and goes with the last of them", async () => {
  const before = node.getNumOfSavedModels();
  const first = await node.loadSavedModel(folder);
  const second = await node.loadSavedModel(folder, ["serve"], "mixed");
  assert.equal(node.getNumOfSavedModels(), before + 1);
  first.dispose();
  assert.equal(node.getNumOfSavedModels(), before + 1);
  second.dispose();
  assert.equal(node.getNumOfSavedModels(), before);
});

test("the signatures of a SavedModel can be read without loading it", async () => {
  const [graph] = await node.getMetaGraphsFromSavedModel(folder);
  assert.deepEqual(Object.keys(graph?.signatureDefs ?? {}).sort(), ["mixed", "serving_default"]);
});

test("what is not a SavedModel, or is asked for the wrong thing, is refused", async () => {
  await assert.rejects(node.loadSavedModel("/nowhere"), /no saved_model.pb/);
  const backend = tf.backend() as unknown as { binding: import("../../../src/runtime/binding.js").Binding };
  assert.throws(
    () => backend.binding.loadSavedModel("/nowhere", "serve"),
    (error: Error) => error instanceof RuntimeError && error.message.includes("/nowhere with tags serve"),
  );
  const id = backend.binding.loadSavedModel(folder, "serve");
  assert.throws(() => backend.binding.runSavedModel(id, [], "x", "y"), /expected 1 inputs \(x\), got 0/);
  assert.throws(
    () => backend.binding.runSavedModel(id, [], "", "nonsense"),
    /name of an operation in the graph, got nonsense/,
  );
  backend.binding.deleteSavedModel(id);
  assert.throws(() => backend.binding.deleteSavedModel(id), /a model that is loaded/);
});
