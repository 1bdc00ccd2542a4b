import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, describe, numbersOver, sizeOf, TF, widthOf } from "../../../src/runtime/dtypes.js";

test("values of the right kind are taken as they are, without a copy", () => {
  const values = Float32Array.of(1, 2, 3);
  assert.equal(bytesOf(TF.FLOAT, 3, values), values);
  assert.equal(bytesOf(TF.FLOAT, 4, values), undefined);
  const pairs = Int32Array.of(1, 0);
  assert.equal(bytesOf(TF.INT64, 1, pairs), pairs);
});

test("other numbers are converted", () => {
  assert.deepEqual(bytesOf(TF.FLOAT, 2, Int32Array.of(1, 2)), Float32Array.of(1, 2));
  assert.deepEqual(bytesOf(TF.INT64, 3, Int32Array.of(1, -2, 3)), BigInt64Array.of(1n, -2n, 3n));
  assert.deepEqual(bytesOf(TF.BOOL, 2, [true, false]), Uint8Array.of(1, 0));
  assert.deepEqual(bytesOf(TF.COMPLEX64, 1, [1, 2]), Float32Array.of(1, 2));
  assert.equal(bytesOf(TF.COMPLEX64, 1, [1]), undefined);
  assert.equal(bytesOf(TF.STRING, 1, [1]), undefined);
});

test("tensors are described by type and shape", () => {
  assert.equal(describe(TF.FLOAT, [2, 3]), "float32 [2, 3]");
  assert.equal(describe(TF.STRING, []), "string []");
  assert.equal(describe(99, [1]), "type 99 [1]");
});

test("sizes and widths", () => {
  assert.deepEqual([sizeOf([]), sizeOf([2, 3]), sizeOf([2, 0])], [1, 6, 0]);
  assert.deepEqual([widthOf(TF.COMPLEX128), widthOf(TF.BOOL), widthOf(TF.STRING)], [16, 1, 0]);
  assert.ok(numbersOver(TF.RESOURCE, new ArrayBuffer(3)) instanceof Uint8Array);
});
