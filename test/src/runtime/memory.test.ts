import assert from "node:assert/strict";
import { totalmem } from "node:os";
import { test } from "node:test";
import { MemoryError } from "../../../src/errors.js";
import { freeMemory, inBytes, reserve } from "../../../src/runtime/memory.js";

test("free memory is something, and not more than the machine has", () => {
  assert.ok(freeMemory() > 0);
  assert.ok(freeMemory() <= totalmem());
});

test("what is bigger than the free memory is refused with both sizes", () => {
  reserve("zeros", freeMemory() / 2, "float32 [1]");
  assert.throws(
    () => reserve("zeros", 3e15, "float32 [1, 2]"),
    (error: Error) =>
      error instanceof MemoryError &&
      /^zeros: expected at most the .* of memory that are free, got float32 \[1, 2\], which takes 3 PB\./.test(
        error.message,
      ),
  );
});

test("sizes are written for people", () => {
  assert.deepEqual([0, 999, 1500, 25_400_000, 123_456_789, 4e12].map(inBytes), [
    "0 bytes",
    "999 bytes",
    "1.5 kB",
    "25 MB",
    "123 MB",
    "4 TB",
  ]);
});
