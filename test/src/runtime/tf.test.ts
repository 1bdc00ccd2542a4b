import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { compile, memory, runtimeInfo } from "../../../src/runtime/index.js";
import { findRuntime } from "../../../src/runtime/location.js";
import * as tf from "../../../src/runtime/tf.js";
import { tfjsNode } from "../../../src/runtime/tfjs-node.js";

const require = createRequire(import.meta.url);

test("the native backend computes, with gradients and chained methods", () => {
  const x = tf.tensor2d([
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(x.matMul(x).add(1).arraySync(), [
    [8, 11],
    [16, 23],
  ]);
  assert.deepEqual(
    tf
      .grad((x) => x.square().sum())(x)
      .arraySync(),
    [
      [2, 4],
      [6, 8],
    ],
  );
  assert.equal(tf.getBackend(), "tensorflow");
});

test("it is the tfjs of the umbrella package, whichever is imported first", () => {
  const umbrella = require("@tensorflow/tfjs") as typeof tf;
  assert.equal(umbrella.engine(), tf.engine());
  assert.equal(umbrella.Tensor, tf.Tensor);
  assert.equal(umbrella.getBackend(), "tensorflow");
  assert.deepEqual(
    umbrella
      .ones([2])
      .add(tf.ones([2]))
      .arraySync(),
    [2, 2],
  );
});

test("the runtime says what it is", () => {
  const info = runtimeInfo();
  assert.deepEqual(
    [info.backend, info.tensorflowVersion, info.device, info.folder],
    ["tensorflow", "2.21.0", "CPU", findRuntime()?.folder],
  );
  assert.deepEqual(
    info.devices.map(({ type }) => type),
    ["CPU"],
  );
});

test("memory counts tensors and their bytes", () => {
  const before = memory();
  const x = tf.zeros([1000]);
  assert.deepEqual([memory().tensors - before.tensors, memory().bytes - before.bytes], [1, 4000]);
  assert.ok(memory().rss > 1e8);
  x.dispose();
  assert.equal(memory().tensors, before.tensors);
});

test("a power of e of whole numbers leaves them as they are, in a compiled function, too", () => {
  const [x, y] = [tf.tensor1d([0, 1, 2], "int32"), tf.tensor1d([1, 0, 1], "bool")];
  const wanted = [1, Math.E, Math.E ** 2];
  const before = memory().tensors;
  for (const exp of [tf.exp, compile((value: tf.Tensor) => tf.exp(value))]) {
    const [made, ofTruth] = [exp(x), exp(y)];
    assert.deepEqual(Array.from(made.dataSync(), Math.fround), wanted.map(Math.fround));
    assert.ok(Math.abs(ofTruth.dataSync()[0]! - Math.E) < 1e-6);
    tf.dispose([made, ofTruth]);
  }
  assert.equal(memory().tensors, before);
  assert.deepEqual([...x.dataSync()], [0, 1, 2], "not disposed of");
});

test("rounding leaves whole numbers alone, and takes halves to the even one", () => {
  assert.deepEqual(tf.round(tf.tensor1d([-12345678, 10], "int32")).arraySync(), [-12345678, 10]);
  assert.deepEqual(tf.round(tf.tensor1d([0.5, 1.5, -2.4])).arraySync(), [0, 2, -2]);
});

test("images are encoded and decoded as tfjs-node does", async () => {
  tf.backend();
  const image = tf.tensor3d([0, 50, 100, 150, 200, 250], [1, 2, 3], "int32");
  const png = await tfjsNode().encodePng(image);
  assert.deepEqual(Array.from(png.subarray(0, 4)), [0x89, 0x50, 0x4e, 0x47]);
  assert.deepEqual(tfjsNode().decodePng(png).arraySync(), image.arraySync());
});

test("TensorBoard's event files are written", () => {
  const folder = join(tmpdir(), `nabla-events-${process.pid}`);
  const writer = tfjsNode().summaryFileWriter(folder);
  writer.scalar("loss", 0.25, 1);
  writer.histogram("weights", tf.randomNormal([100]), 1);
  writer.flush();
  const [file = ""] = readdirSync(folder);
  const events = readFileSync(join(folder, file), "latin1");
  assert.ok(events.includes("loss") && events.includes("weights") && events.includes("histograms"));
  rmSync(folder, { recursive: true });
});
