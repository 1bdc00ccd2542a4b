import assert from "node:assert/strict";
import { test } from "node:test";
import { permutation } from "../../../src/data/order.js";

test("a permutation holds every number once, and the seeds name it", () => {
  const order = permutation(1000, 7, 2);
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    Array.from({ length: 1000 }, (_, i) => i),
  );
  assert.deepEqual(order, permutation(1000, 7, 2));
  for (const seeds of [[7], [7, 3], [2, 7], [8, 2]])
    assert.notDeepEqual(order, permutation(1000, ...seeds), `${seeds}`);
  assert.deepEqual(permutation(1, 0), Int32Array.of(0));
  assert.deepEqual(permutation(0, 0), new Int32Array(0));
});

test("every number is as likely at every place: chi-square over 20,000 orders of 8", () => {
  const size = 8;
  const draws = 20_000;
  const counts = new Float64Array(size * size);
  for (let seed = 0; seed < draws; seed++) {
    permutation(size, seed).forEach((value, place) => {
      counts[place * size + value]! += 1;
    });
  }
  const expected = draws / size;
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  assert.ok(chi < 98, `chi-square ${chi} with 49 degrees of freedom; 98 is exceeded once in 20,000 times`);
});
