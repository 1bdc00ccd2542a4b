import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesHead, varintField } from "../../../src/runtime/proto.js";

/** Oracle: the examples of protobuf.dev/programming-guides/encoding. */
test("fields are written as in the encoding guide", () => {
  assert.deepEqual(varintField(1, 150), [0x08, 0x96, 0x01]);
  assert.deepEqual([...bytesHead(2, 7), ...Buffer.from("testing")], [0x12, 0x07, ...Buffer.from("testing")]);
});

test("numbers beyond 32 bits and field numbers beyond 15 are written whole", () => {
  assert.deepEqual(varintField(1, 2 ** 35), [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);
  assert.deepEqual(varintField(16, 1), [0x80, 0x01, 0x01]);
});
