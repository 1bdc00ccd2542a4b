import assert from "node:assert/strict";
import { test } from "node:test";
import { displaySymbol, type MimeBundle } from "../../../src/door.js";
import { tf } from "../../../src/index.js";

function textOf(value: object): unknown {
  return (value as { [displaySymbol](): MimeBundle })[displaySymbol]()["text/plain"];
}

test("a tensor shows its type, shape and values", () => {
  assert.equal(
    textOf(
      tf.tensor2d([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ),
    "Tensor float32 [2, 3]\n    [[1, 2, 3],\n     [4, 5, 6]]",
  );
  assert.equal(textOf(tf.scalar(7, "int32")), "Tensor int32 []\n    7");
  assert.equal(textOf(tf.variable(tf.tensor1d([1, 2]))), "Tensor float32 [2]\n    [1, 2]");
});

test("a large tensor shows its edges, a disposed one says that it is gone", () => {
  const large = tf.zeros([1000, 1000]);
  const text = String(textOf(large));
  assert.ok(text.length < 1000 && text.includes("..."), text);
  large.dispose();
  assert.equal(textOf(large), "Tensor float32 [1000, 1000], disposed: its values are gone");
});
