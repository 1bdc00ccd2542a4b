import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryError, RuntimeError } from "../../../src/errors.js";
import type { Binding } from "../../../src/runtime/binding.js";
import { TF } from "../../../src/runtime/dtypes.js";
import * as tf from "../../../src/runtime/tf.js";

const binding = (tf.backend() as unknown as { binding: Binding }).binding;
const float = { name: "T", type: 4, value: TF.FLOAT };

test("a refused operation names itself, the shapes it got and TensorFlow's reason", () => {
  const a = binding.createTensor([2, 3], TF.FLOAT, new Float32Array(6));
  const b = binding.createTensor([4, 5], TF.FLOAT, new Float32Array(20));
  assert.throws(
    () => binding.executeOp("MatMul", [float], [a, b], 1),
    (error: Error) =>
      error instanceof RuntimeError &&
      error.message ===
        "MatMul: expected what TensorFlow accepts, got float32 [2, 3], float32 [4, 5]. " +
          "TensorFlow: Matrix size-incompatible: In[0]: [2,3], In[1]: [4,5].",
  );
  assert.throws(() => binding.executeOp("NoSuchOp", [], [], 1), /NoSuchOp: .* got no inputs\. TensorFlow: .*NoSuchOp/);
  assert.deepEqual(
    binding.tensorDataSync(binding.executeOp("Neg", [float], [a], 1)[0]?.id as number),
    new Float32Array(6).fill(-0),
  );
});

test("results that cannot fit into memory are refused before they are made", () => {
  const huge: [string, () => unknown][] = [
    ["Fill", () => tf.fill([1e6, 1e6], 1)],
    ["Tile", () => tf.tile(tf.ones([1, 1]), [1e6, 1e6])],
    ["BroadcastTo", () => tf.broadcastTo(tf.ones([1]), [1e6, 1e6])],
    ["MatMul", () => tf.matMul(tf.ones([1e6, 1]), tf.ones([1, 1e6]))],
    ["AddV2", () => tf.add(tf.ones([1e6, 1]), tf.ones([1, 1e6]))],
    ["OneHot", () => tf.oneHot(tf.zeros([1e6], "int32"), 1e6)],
    ["zeros", () => tf.zeros([1e6, 1e6])],
    ["randomNormal", () => tf.randomNormal([1e6, 1e6])],
  ];
  const before = process.memoryUsage.rss();
  for (const [name, make] of huge) {
    assert.throws(make, (error: Error) => {
      assert.ok(error instanceof MemoryError, `${name}: ${error.stack}`);
      assert.match(error.message, /TB/);
      return true;
    });
  }
  const equal = () => tf.equal(tf.ones([1e6, 1]), tf.ones([1, 1e6]));
  assert.throws(equal, /bool \[1000000, 1000000\], which takes 1 TB/);
  assert.ok(process.memoryUsage.rss() - before < 2 ** 28);
});

test("what does fit is computed", () => {
  assert.equal(
    tf
      .matMul(tf.ones([2000, 1]), tf.ones([1, 2000]))
      .sum()
      .dataSync()[0],
    4e6,
  );
  assert.deepEqual(tf.fill([2], 3).dataSync(), Float32Array.of(3, 3));
});
