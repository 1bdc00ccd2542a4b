import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import { encodeConfig } from "../../../src/runtime/settings.js";

/** Oracle: `tf.compat.v1.ConfigProto(...).SerializeToString().hex()` of TensorFlow 2.21, fields in ascending order. */
test("thread counts reach TensorFlow's ConfigProto", () => {
  const hex = (env: Record<string, string>) => Buffer.from(encodeConfig(env)).toString("hex");
  assert.equal(hex({ NABLA_INTRA_OP_THREADS: "1", NABLA_INTER_OP_THREADS: "300" }), "100128ac02320220013801");
  assert.equal(hex({}), "320220013801");
});

test("device and memory reach it, too", () => {
  const hex = (env: Record<string, string>) => Buffer.from(encodeConfig(env)).toString("hex");
  assert.equal(hex({ NABLA_DEVICE: "cpu" }), "0a070a034750551000320220013801");
  assert.equal(hex({ NABLA_DEVICE: "cuda:1" }), "320520012a01313801");
  assert.equal(hex({ NABLA_GPU_MEMORY: "4096" }), "320c20014a080a060a04000080453801");
  assert.equal(hex({ NABLA_DEVICE: "cuda:0", NABLA_GPU_MEMORY: "1500" }), "320f20012a01304a080a060a040080bb443801");
  assert.equal(hex({ NABLA_DEVICE: "cuda" }), hex({}));
});

test("a device that is none is refused by name", () => {
  for (const text of ["gpu", "cuda:x", "cpu:1", "cuda:"]) {
    const words = /^NABLA_DEVICE: expected "cpu", "cuda" or "cuda:0", got/;
    assert.throws(
      () => encodeConfig({ NABLA_DEVICE: text }),
      (error: Error) => error instanceof ValueError && words.test(error.message),
    );
  }
});

test("a thread count that is not one is refused by name", () => {
  for (const text of ["-1", "two", "1.5"]) {
    assert.throws(
      () => encodeConfig({ NABLA_INTRA_OP_THREADS: text }),
      (error: Error) => {
        return (
          error instanceof ValueError && error.message.startsWith("NABLA_INTRA_OP_THREADS: expected a whole number")
        );
      },
    );
  }
});
