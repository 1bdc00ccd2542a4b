import assert from "node:assert/strict";
import { test } from "node:test";
import { Series } from "../../../src/display/series.js";

test("a short series is kept value by value", () => {
  const series = new Series(5);
  for (const [index, value] of [3, 1, 2].entries()) series.add(index + 1, value);
  assert.deepEqual(series.raw(), { x: [1, 2, 3], y: [3, 1, 2] });
});

test("a million steps take the room of a few hundred, and a spike of one step is still there", () => {
  const series = new Series(100);
  for (let step = 1; step <= 1_000_000; step++) {
    series.add(step, step === 654_321 ? 99 : step === 123_456 ? -99 : Math.sin(step));
  }
  const { x, y } = series.raw();
  assert.ok(x.length <= 802, `${x.length} points`);
  assert.ok(x.length >= 200, `${x.length} points`);
  assert.equal(x[y.indexOf(99)], 654_321);
  assert.equal(x[y.indexOf(-99)], 123_456);
  assert.deepEqual(
    x,
    [...x].sort((a, b) => a - b),
    "in the order of the steps",
  );
  assert.equal(series.line().x.at(-1), 1_000_000);
});

test("the smoothed line is the exponential average with its start corrected", () => {
  // Oracle: the definition, m = Σ w^(n-i) v_i / Σ w^(n-i), w = e^(-1/window).
  const values = [4, 2, 6, 1];
  const weight = Math.exp(-1 / 3);
  const powers = values.map((_, index) => weight ** (values.length - 1 - index));
  const expected =
    values.reduce((sum, value, index) => sum + value * (powers[index] ?? 0), 0) / powers.reduce((a, b) => a + b);
  const series = new Series(3);
  for (const [index, value] of values.entries()) series.add(index, value);
  assert.ok(Math.abs(series.smoothed - expected) < 1e-12);
});

test("at the start of a long run the smoothed line keeps up with what it smooths", () => {
  const series = new Series(100);
  const value = (step: number) => Math.exp(-step / 30);
  for (let step = 0; step < 60; step++) series.add(step, value(step));
  // It lies about its window, 6 steps, behind.
  assert.ok(series.smoothed < value(45), `${series.smoothed} against ${value(45)}`);
});

test("values that are not finite leave the series as it was", () => {
  const series = new Series(3);
  series.add(1, 2);
  series.add(2, Number.NaN);
  series.add(3, Infinity);
  assert.deepEqual(series.raw(), { x: [1], y: [2] });
  assert.equal(series.smoothed, 2);
});
