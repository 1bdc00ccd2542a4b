import assert from "node:assert/strict";
import { test } from "node:test";
import { nextSeed, Random, seed } from "../../../src/tensor/random.js";

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.bits());

test("the same seed and stream give the same numbers, today and on every machine", () => {
  // Written down from this implementation when it was made: a change would silently change every seeded notebook.
  assert.deepEqual(draw(new Random(1, "layers.0.weight"), 3), [1572896595, 3900074506, 1169883389]);
  assert.deepEqual(draw(new Random(1), 5), draw(new Random(1), 5));
  assert.notDeepEqual(draw(new Random(1, "a"), 5), draw(new Random(1, "b"), 5));
  assert.notDeepEqual(draw(new Random(1), 5), draw(new Random(2), 5));
  assert.notDeepEqual(draw(new Random(1), 5), draw(new Random(2 ** 40 + 1), 5));
});

test("bits step as xoshiro128++ steps", () => {
  // The reference code of Blackman and Vigna, in 64-bit arithmetic, from the state that the generator starts with.
  const random = new Random(123, "reference");
  const state = initialState(123, "reference");
  const mask = 0xffffffffn;
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  for (let i = 0; i < 100; i++) {
    const [a, b, c, d] = state as [bigint, bigint, bigint, bigint];
    const result = (rotate((a + d) & mask, 7n) + a) & mask;
    const shifted = (b << 9n) & mask;
    const [c1, d1] = [c ^ a, d ^ b];
    state[1] = b ^ c1;
    state[0] = a ^ d1;
    state[2] = c1 ^ shifted;
    state[3] = rotate(d1, 11n);
    assert.equal(random.bits(), Number(result));
  }
});

test("uniform, normal and whole numbers are spread as they should be", () => {
  const random = new Random(9);
  const count = 40_000;
  const moments = (next: () => number) => {
    const values = Array.from({ length: count }, next);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count] as const;
  };
  const [uniformMean, uniformVariance] = moments(() => random.uniform());
  assert.ok(Math.abs(uniformMean - 0.5) < 0.01 && Math.abs(uniformVariance - 1 / 12) < 0.002);
  const [normalMean, normalVariance] = moments(() => random.normal());
  assert.ok(Math.abs(normalMean) < 0.03 && Math.abs(normalVariance - 1) < 0.04);
  const counts = new Array<number>(5).fill(0);
  for (let i = 0; i < count; i++) counts[random.integer(5)]!++;
  assert.ok(counts.every((seen) => Math.abs(seen / count - 0.2) < 0.01));
  assert.throws(() => random.integer(0));
});

test("a permutation holds every number once, and every order is likely", () => {
  const random = new Random(3);
  assert.deepEqual(
    [...random.permutation(1000)].sort((a, b) => a - b),
    [...Array(1000).keys()],
  );
  const orders = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = random.permutation(3).join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.equal(orders.size, 6);
  assert.ok([...orders.values()].every((seen) => Math.abs(seen - 1000) < 150));
});

test("seed makes what follows reproducible", () => {
  seed(5);
  const first = [nextSeed(), nextSeed()];
  seed(5);
  assert.deepEqual([nextSeed(), nextSeed()], first);
  assert.notEqual(first[0], first[1]);
});

/** SplitMix32 with MurmurHash3's finaliser, as the class's comment says. */
function initialState(value: number, stream: string): bigint[] {
  const finalise = (input: number) => {
    let h = input >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
    return (h ^ (h >>> 16)) >>> 0;
  };
  const start = [...stream].reduce((state, letter) => finalise(state ^ letter.charCodeAt(0)), value);
  return [1, 2, 3, 4].map((step) => BigInt(finalise(start + Math.imul(step, 0x9e3779b9))));
}
