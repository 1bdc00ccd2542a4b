import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import { encodeConfig } from "../../../src/runtime/context.js";

/** Oracle: `tf.compat.v1.ConfigProto(...).SerializeToString().hex()` of TensorFlow 2.21, fields in ascending order. */
test("thread counts reach TensorFlow's ConfigProto", () => {
  const hex = (env: Record<string, string>) => Buffer.from(encodeConfig(env)).toString("hex");
  assert.equal(hex({ NABLA_INTRA_OP_THREADS: "1", NABLA_INTER_OP_THREADS: "300" }), "100128ac02320220013801");
  assert.equal(hex({}), "320220013801");
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
