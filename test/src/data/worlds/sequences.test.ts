/** Worlds of points and sequences: what is drawn obeys the definition, looked at from outside. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as worlds from "../../../../src/data/worlds/index.js";
import { ValueError } from "../../../../src/errors.js";
import { data } from "../../../../src/index.js";

const indices = (size: number) => Array.from({ length: size }, (_, index) => index);

test("an example is the same alone, in a batch, in another order, and in a set too large to be kept", () => {
  const { train } = worlds.adding({ length: 50 });
  const alone = Array.from(worlds.adding({ length: 50 }).train.x(7).dataSync());
  const { x, y } = train.batch([9, 7, 7]);
  assert.deepEqual(Array.from(x.dataSync()).slice(100, 200), alone);
  assert.deepEqual(Array.from(x.dataSync()).slice(200), alone);
  assert.deepEqual(
    [x.shape, y.shape],
    [
      [3, 50, 2],
      [3, 1],
    ],
  );
  const endless = worlds.adding({ length: 50, train: 1_000_000_000 }).train;
  assert.deepEqual(Array.from(endless.x(7).dataSync()), alone);
  assert.deepEqual(endless.batch([9, 7]).y.arraySync(), (y.arraySync() as number[][]).slice(0, 2));
  assert.equal(endless.batch([999_999_999]).x.shape[0], 1);
  assert.throws(() => endless.x(1_000_000_000), /x: expected an index from 0 to 999999999/);
  assert.throws(() => train.batch([0.5]), ValueError);
});

test("changing what x gave changes nothing", () => {
  const { train } = worlds.spirals();
  const before = Array.from(train.x(0).dataSync());
  train.x(0).dataSync().fill(9);
  assert.deepEqual(Array.from(train.x(0).dataSync()), before);
});

test("seeds and halves are different worlds", () => {
  const first = (seed: number) => Array.from(worlds.spirals({ seed }).train.x(0).dataSync());
  assert.deepEqual(first(1), first(1));
  assert.notDeepEqual(first(1), first(2));
  const { train, test } = worlds.spirals();
  assert.notDeepEqual(Array.from(train.x(0).dataSync()), Array.from(test.x(0).dataSync()));
});

test("spirals: classes are even, points lie on their arms, and noise is what was asked for", () => {
  const { train } = worlds.spirals({ arms: 4, turns: 1.5, noise: 0, train: 1_000 });
  const counts = [0, 0, 0, 0];
  for (const index of indices(1_000)) {
    const [x, y] = train.x(index).dataSync() as unknown as [number, number];
    const arm = train.y(index) as number;
    const radius = Math.hypot(x, y);
    assert.ok(radius >= 0.0999 && radius <= 1.0001);
    const turn = Math.atan2(y, x) / (2 * Math.PI) - 1.5 * radius - arm / 4;
    assert.ok(Math.abs(turn - Math.round(turn)) < 1e-4, `${index}`);
    counts[arm]! += 1;
  }
  assert.deepEqual(counts, [250, 250, 250, 250]);
  assert.equal(train.classes!.length, 4);
  const { x } = worlds.spirals({ noise: 0.5 }).train.batch(indices(2_000));
  // Without noise coordinates have a variance of (0.1² + 0.1 + 1) / 6 = 0.185; noise adds its own.
  const variance = x.square().mean().dataSync()[0]!;
  assert.ok(Math.abs(variance - 0.185 - 0.25) < 0.03, `${variance}`);
});

test("adding: two marks, one in each half, and their sum; the mean answer errs by 1/6", () => {
  for (const length of [2, 3, 200]) {
    const { train } = worlds.adding({ length, train: 2_000 });
    let error = 0;
    for (const index of indices(length === 200 ? 2_000 : 50)) {
      const values = train.x(index).dataSync();
      const marks = indices(length).filter((step) => values[2 * step + 1] === 1);
      assert.equal(marks.length, 2);
      assert.ok(marks[0]! < length >> 1 && marks[1]! >= length >> 1);
      const [sum] = train.y(index) as number[];
      assert.ok(Math.abs(sum! - marks.reduce((total, step) => total + values[2 * step]!, 0)) < 1e-6);
      error += (sum! - 1) ** 2;
    }
    if (length === 200) assert.ok(Math.abs(error / 2_000 - 1 / 6) < 0.015, `${error / 2_000}`);
  }
});

test("copying and sorting: the answer is what was shown, in its place; no symbols are in both halves", () => {
  const copy = worlds.copying({ length: 3, symbols: 4, delay: 5, train: 300, test: 60 });
  const sort = worlds.sorting({ length: 4, symbols: 12, train: 300, test: 60 });
  for (const [world, length, delay, symbols] of [
    [copy, 3, 5, 4],
    [sort, 4, 0, 12],
  ] as const) {
    const shown = [world.train, world.test].map((part) =>
      indices(part.size).map((index) => {
        const x = Array.from(part.x(index).dataSync());
        const y = part.y(index) as number[];
        const symbolsShown = x.slice(0, length);
        assert.ok(symbolsShown.every((symbol) => symbol >= 1 && symbol <= symbols));
        const sorted = [...symbolsShown].sort((a, b) => a - b);
        assert.deepEqual(x.slice(length), [...Array(delay).fill(0), symbols + 1, ...Array(length).fill(0)]);
        const answer = world === copy ? symbolsShown : sorted;
        assert.deepEqual(y, [...Array(length + delay + 1).fill(0), ...answer]);
        return symbolsShown.join(" ");
      }),
    );
    const known = new Set(shown[0]);
    for (const symbolsShown of shown[1]!) assert.ok(!known.has(symbolsShown));
  }
  assert.throws(() => worlds.copying({ length: 1, symbols: 2 }).test.y(0), /expected enough different examples/);
  assert.deepEqual(worlds.copying().train.inputShape, [121]);
});

test("in-context regression: a linear prompt is solved by as many pairs as it has dimensions", () => {
  const { train } = worlds.inContextRegression({ dimensions: 3, points: 8 });
  for (const index of indices(20)) {
    const rows = train.x(index).arraySync() as number[][];
    const values = train.y(index) as number[];
    rows.forEach((row, point) => {
      assert.equal(row[3], point === 0 ? 0 : values[point - 1]);
    });
    const weights = solve(
      rows.slice(0, 3).map((row) => row.slice(0, 3)),
      values.slice(0, 3),
    );
    for (let point = 3; point < 8; point++) {
      const guess = weights.reduce((sum, weight, i) => sum + weight * rows[point]![i]!, 0);
      // Drawn in float32; a prompt may be badly conditioned.
      assert.ok(Math.abs(guess - values[point]!) < 1e-2 * Math.max(1, ...weights.map(Math.abs)), `${index}`);
    }
  }
});

test("in-context regression: values of all families have variance 1; sparse ones see three inputs, trees leaves", () => {
  for (const family of ["linear", "sparse", "network", "tree"] as const) {
    const { train } = worlds.inContextRegression({ family, dimensions: 10, points: 6 });
    const { y } = train.batch(indices(3_000));
    const variance = y.square().mean().dataSync()[0]!;
    assert.ok(Math.abs(variance - 1) < 0.12, `${family}: ${variance}`);
  }
  const { train } = worlds.inContextRegression({ family: "tree", dimensions: 2, points: 400, train: 5 });
  // Two signs leave at most four values.
  for (const index of indices(5)) assert.ok(new Set(train.y(index) as number[]).size <= 4);
});

test("worlds are data sets like others: they can be split, and unknown options are named", () => {
  const { train } = worlds.spirals({ train: 90 });
  const { train: most, validation } = data.split(train, 1 / 3, { stratified: true });
  assert.deepEqual([most.size, validation.size], [60, 30]);
  assert.throws(() => worlds.spirals({ arm: 3 } as object), /got 'arm'. Did you mean 'arms'\?/);
  assert.throws(() => worlds.spirals({ arms: 1 }), /arms: expected a whole number from 2 to 100, got 1/);
  assert.throws(() => worlds.spirals({ noise: -1 }), ValueError);
  assert.throws(() => worlds.spirals({ seed: Number.NaN }), ValueError);
  assert.throws(() => worlds.adding({ length: 1 }), ValueError);
  assert.throws(() => worlds.copying({ delay: -1 }), ValueError);
  assert.throws(() => worlds.sorting({ symbols: 1 }), ValueError);
  assert.throws(() => worlds.inContextRegression({ family: "cubic" as "tree" }), /family: expected "linear" or/);
});

/** Gauss's elimination. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let i = 0; i < n; i++) {
    const best = indices(n)
      .slice(i)
      .reduce((a, b) => (Math.abs(rows[b]![i]!) > Math.abs(rows[a]![i]!) ? b : a));
    [rows[i], rows[best]] = [rows[best]!, rows[i]!];
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      const factor = rows[j]![i]! / rows[i]![i]!;
      for (let k = i; k <= n; k++) rows[j]![k]! -= factor * rows[i]![k]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}
