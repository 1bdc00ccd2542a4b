import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Dataset, folds, fromArrays, split, subset, text } from "../../../src/data/index.js";
import { DataError, ValueError } from "../../../src/errors.js";
import { root } from "../../root.js";

// Made by test/fixtures/split.py with scikit-learn.
const oracle = JSON.parse(readFileSync(join(root, "test/fixtures/split.json"), "utf8")) as {
  readonly labels: Readonly<Record<string, readonly number[]>>;
  readonly folds: readonly {
    readonly labels: string;
    readonly folds: number;
    readonly sizes: readonly number[];
    readonly stratified: readonly (readonly number[])[];
  }[];
  readonly splits: readonly {
    readonly labels: string;
    readonly share: number;
    readonly aside: number;
    readonly stratified: readonly (readonly number[])[];
  }[];
};

/** A data set of these classes, whose inputs are the numbers of the examples. */
function labelled(labels: readonly number[]): Dataset<readonly [1]> {
  return fromArrays(
    labels.map((_, index) => index),
    [...labels],
    { classes: 10, name: "numbered" },
  );
}

function members(dataset: Dataset): number[] {
  return Array.from({ length: dataset.size }, (_, index) => dataset.x(index).dataSync()[0]!);
}

function counts(dataset: Dataset): number[] {
  const found = Array.from({ length: 10 }, () => 0);
  for (let index = 0; index < dataset.size; index++) found[dataset.y(index) as number]! += 1;
  return found;
}

function assertParted(whole: Dataset, train: Dataset, validation: Dataset): void {
  const together = [...members(train), ...members(validation)].sort((a, b) => a - b);
  assert.deepEqual(
    together,
    Array.from({ length: whole.size }, (_, index) => index),
  );
}

test("folds have the sizes of scikit-learn's KFold, and as many of each class as its StratifiedKFold", () => {
  assert.ok(oracle.folds.length >= 16);
  for (const { labels, folds: count, sizes, stratified } of oracle.folds) {
    const whole = labelled(oracle.labels[labels]!);
    const plain = folds(whole, { folds: count });
    assert.deepEqual(
      plain.map(({ validation }) => validation.size),
      sizes,
    );
    const even = folds(whole, { folds: count, stratified: true });
    assert.deepEqual(
      even.map(({ validation }) => counts(validation)),
      stratified,
      `${labels} in ${count}`,
    );
    for (const parts of [plain, even]) {
      for (const { train, validation } of parts) assertParted(whole, train, validation);
      const held = parts.flatMap(({ validation }) => members(validation));
      assert.equal(new Set(held).size, whole.size, "each example is held out once");
    }
  }
});

test("a stratified split sets aside as many of each class as scikit-learn's StratifiedShuffleSplit", () => {
  assert.ok(oracle.splits.length >= 10);
  for (const { labels, share, aside, stratified } of oracle.splits) {
    const whole = labelled(oracle.labels[labels]!);
    for (const seed of [0, 1, 2]) {
      const { train, validation } = split(whole, share, { seed, stratified: true });
      assert.equal(validation.size, aside);
      assert.ok(
        stratified.some((possible) => possible.join() === counts(validation).join()),
        `${labels}, ${share}: ${counts(validation)}`,
      );
      assertParted(whole, train, validation);
    }
  }
});

test("the seed draws the split: the same again for the same, another for another, as ArrayDataset.split does", () => {
  const whole = fromArrays(
    Array.from({ length: 50 }, (_, index) => index),
    Array.from({ length: 50 }, (_, index) => index),
  );
  const held = (seed: number) => members(split(whole, 0.2, { seed }).validation);
  assert.deepEqual(held(3), held(3));
  assert.notDeepEqual(held(3), held(4));
  assert.deepEqual(held(3), members(whole.split(0.2, 3).validation));
  assert.equal(split(whole, 0.2).train.name, "your data train");
  const fold = (seed: number) => members(folds(whole, { seed })[0]!.validation);
  assert.notDeepEqual(fold(1), fold(2));
});

test("parts keep inputs, targets, classes and shapes, also of windows over a text", () => {
  const { train: blocks } = text("the quick brown fox jumps over the lazy dog").blocks(4, { validation: 0.2 });
  const { train, validation } = split(blocks, 0.25, { seed: 1 });
  assert.deepEqual([validation.size, train.size], [2, blocks.size - 2]);
  assert.deepEqual([validation.inputShape, validation.classes], [blocks.inputShape, blocks.classes]);
  const { x, y } = validation.batch([1, 0]);
  assert.deepEqual([x.shape, y.shape, x.dtype], [[2, 4], [2, 4], "int32"]);
  assert.deepEqual(Array.from(x.dataSync()).slice(4), Array.from(validation.x(0).dataSync()));
  assert.deepEqual(Array.from(y.dataSync()).slice(4), validation.y(0));
  const few = subset(blocks, [2, 0]);
  assert.deepEqual([few.y(0), few.y(1)], [blocks.y(2), blocks.y(0)]);
});

test("what cannot be split is refused", () => {
  const whole = labelled([0, 0, 0, 1, 1, 2]);
  const values = fromArrays([1, 2, 3, 4], [1, 2, 3, 4]);
  const cases: readonly (readonly [() => unknown, new (...args: never[]) => Error, RegExp])[] = [
    [() => split(whole, 0.01), ValueError, /split: expected a share that leaves examples on both sides, got 0.01 of 6/],
    [() => split(whole, 1), ValueError, /got 1 of 6 examples/],
    [() => split(whole, "0.2" as never), ValueError, /got "0.2" of 6 examples/],
    [() => split(whole, 0.5, { stratify: true } as never), ValueError, /Did you mean 'stratified'/],
    [() => split(whole, 0.5, { seed: -1 }), ValueError, /split: seed: expected a number from 0/],
    [() => split(whole, 0.5, { stratified: true }), DataError, /at least two examples of each class, got one of '2'/],
    [() => split(values, 0.5, { stratified: true }), DataError, /split: stratified: expected a data set of classes/],
    [() => folds(whole, { folds: 7 }), ValueError, /folds: expected 2 to 6 folds, got 7 for 6 examples of numbered/],
    [() => folds(whole, { folds: 1 }), ValueError, /folds: expected 2 to 6 folds, got 1/],
    [() => folds(whole, { folds: 2.5 }), ValueError, /folds: expected a whole number above 0, got 2.5/],
    [
      () => folds(whole, { folds: 4, stratified: true }),
      DataError,
      /at least 4 examples of a class for 4 folds, got 3/,
    ],
    [() => subset(whole, [0, 6]), ValueError, /subset: expected indices from 0 to 5 .*got 6/],
    [() => subset(whole, [0]).x(1), ValueError, /batch: expected an index from 0 to 0/],
  ];
  for (const [work, kind, words] of cases) {
    assert.throws(work, (error: Error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, words);
      return true;
    });
  }
});
