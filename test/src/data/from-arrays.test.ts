import assert from "node:assert/strict";
import { test } from "node:test";
import type { ArrayDataset } from "../../../src/data/arrays.js";
import { fromArrays, type Nested } from "../../../src/data/from-arrays.js";
import { DataError, ValueError } from "../../../src/errors.js";
import * as tf from "../../../src/runtime/tf.js";

const square = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

test("rows and labels become batches in the order that is asked for", () => {
  const xor: ArrayDataset<readonly [number]> = fromArrays(square, [0, 1, 1, 0], { classes: ["no", "yes"] });
  assert.deepEqual([xor.size, xor.inputShape, xor.classes], [4, [2], ["no", "yes"]]);
  const { x, y } = xor.batch([3, 1]);
  assert.deepEqual(x.arraySync(), [
    [1, 1],
    [0, 1],
  ]);
  assert.deepEqual([y.dtype, y.arraySync()], ["int32", [0, 1]]);
  assert.deepEqual(xor.x(1).arraySync(), [0, 1]);
  assert.equal(xor.y(2), 1);
});

test("without classes, targets are values, and bare numbers become columns", () => {
  const line: ArrayDataset<readonly [1]> = fromArrays(new Float32Array([1, 2, 3]), [2, 4, 6]);
  const { x, y } = line.batch([0, 2]);
  assert.deepEqual([x.shape, y.shape, y.dtype], [[2, 1], [2, 1], "float32"]);
  assert.deepEqual(y.arraySync(), [[2], [6]]);
  assert.deepEqual(line.y(1), [4]);
});

test("tensors and int32 rows keep their types: tokens stay tokens", () => {
  const tokens = [Int32Array.of(1, 2, 3), Int32Array.of(4, 5, 6)];
  const next = tf.tensor2d(
    [
      [2, 3, 4],
      [5, 6, 7],
    ],
    [2, 3],
    "int32",
  );
  const text = fromArrays(tokens, next, { classes: 8 });
  const { x, y } = text.batch([1]);
  assert.deepEqual([x.dtype, y.dtype, x.shape, y.shape], ["int32", "int32", [1, 3], [1, 3]]);
  assert.deepEqual(y.arraySync(), [[5, 6, 7]]);
});

test("changing the user's arrays later changes nothing", () => {
  const mine = [[1], [2]];
  const data = fromArrays(mine, [0, 1], { classes: 2 });
  mine[0]![0] = 99;
  assert.deepEqual(data.x(0).arraySync(), [1]);
});

test("parts: slice, shuffle and split share the rows, lose none, and repeat with the seed", () => {
  const all = fromArrays(
    Array.from({ length: 20 }, (_, i) => [i]),
    Array.from({ length: 20 }, (_, i) => i),
    { classes: 20 },
  );
  const labels = (part: ArrayDataset<readonly [number]>) =>
    Array.from({ length: part.size }, (_, i) => part.y(i) as number);
  const { train, validation } = all.split(0.25, 3);
  assert.deepEqual([train.size, validation.size], [15, 5]);
  assert.deepEqual(
    [...labels(train), ...labels(validation)].sort((a, b) => a - b),
    labels(all),
  );
  assert.deepEqual(labels(all.shuffle(5)), labels(all.shuffle(5)));
  assert.notDeepEqual(labels(all.shuffle(5)), labels(all.shuffle(6)));
  assert.deepEqual(labels(all.slice(2, 5)), [2, 3, 4]);
  assert.throws(() => all.slice(5, 30), ValueError);
  assert.throws(() => all.split(0.001), ValueError);
  assert.throws(() => all.batch([20]), /batch: expected an index from 0 to 19 \(your data has 20 examples\), got 20/);
  assert.throws(() => all.x(-1), ValueError);
});

const bad: readonly (readonly [string, Nested, Nested, number | undefined, RegExp])[] = [
  ["no examples", [], [], 2, /fromArrays: x: expected at least one example, got an empty data set/],
  ["lengths that differ", square, [0, 1, 1], 2, /expected as many targets as inputs, got 4 inputs and 3 targets/],
  ["ragged rows", [[1, 2], [3]], [0, 1], 2, /fromArrays: x\[1\]: expected 2 entries, .* got 1 entries/],
  [
    "rows of mixed depth",
    [[1, 2], 3] as unknown as Nested,
    [0, 1],
    2,
    /fromArrays: x\[1\]: expected 2 entries, .* got 3/,
  ],
  [
    "text among the numbers",
    [[1, "2"]] as unknown as Nested,
    [0],
    2,
    /fromArrays: x\[0\]\[1\]: expected a number, got "2"/,
  ],
  [
    "NaN inputs",
    [
      [1, 2],
      [3, Number.NaN],
    ],
    [0, 1],
    2,
    /fromArrays: x: expected finite numbers, got NaN in example 1, number 1/,
  ],
  [
    "infinite targets",
    [[1], [2]],
    [1, Infinity],
    undefined,
    /fromArrays: y: expected finite numbers, got Infinity in example 1/,
  ],
  [
    "numbers too large for float32",
    [[1e39]],
    [0],
    1,
    /fromArrays: x: expected finite numbers, got Infinity in example 0/,
  ],
  [
    "a label too large",
    square,
    [0, 1, 2, 3],
    2,
    /expected class indices from 0 to 1 \(2 classes\), got 2 at example 2/,
  ],
  ["a negative label", square, [0, -1, 1, 0], 2, /got -1 at example 1/],
  ["a label between classes", square, [0, 0.5, 1, 0], 2, /got 0\.5 at example 1/],
  [
    "one-hot labels",
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [1, 0],
      [0, 1],
    ],
    2,
    /expected one class index .*One-hot rows\?/,
  ],
];

test("an unknown option is named, with the one that was meant", () => {
  assert.throws(
    () => fromArrays(square, [0, 1, 1, 0], { clases: 2 } as object),
    /got 'clases'. Did you mean 'classes'\?/,
  );
  assert.throws(() => fromArrays(square, [0, 1, 1, 0], { classes: 0 }), ValueError);
});

for (const [what, x, y, classes, message] of bad) {
  test(`${what}: a DataError that says where`, () => {
    const before = tf.memory().numTensors;
    assert.throws(
      () => fromArrays(x, y, classes === undefined ? {} : { classes }),
      (error) => {
        assert.ok(error instanceof DataError, String(error));
        assert.match(error.message, message);
        return true;
      },
    );
    assert.equal(tf.memory().numTensors, before);
  });
}
