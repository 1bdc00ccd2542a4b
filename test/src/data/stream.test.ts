/** Streams, against what arrays give for the same steps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { stream } from "../../../src/data/index.js";
import { DataError, ValueError } from "../../../src/errors.js";

const numbers = Array.from({ length: 23 }, (_, index) => index);
const some = stream(numbers);

test("steps do what they do to arrays, and leave the stream as it was", async () => {
  assert.deepEqual(
    await some.map((n) => n * 2).toArray(),
    numbers.map((n) => n * 2),
  );
  assert.deepEqual(
    await some.filter((n) => n % 3 === 0).toArray(),
    numbers.filter((n) => n % 3 === 0),
  );
  assert.deepEqual(await some.take(5).toArray(), numbers.slice(0, 5));
  assert.deepEqual(await some.take(0).toArray(), []);
  assert.deepEqual(await some.skip(20).toArray(), [20, 21, 22]);
  assert.deepEqual(await some.take(2).concat(some.skip(21)).toArray(), [0, 1, 21, 22]);
  assert.deepEqual(await some.take(2).repeat(3).toArray(), [0, 1, 0, 1, 0, 1]);
  assert.deepEqual(await some.take(3).zip(some.skip(20)).toArray(), [
    [0, 20],
    [1, 21],
    [2, 22],
  ]);
  assert.deepEqual(await some.toArray(), numbers);
});

test("batches, windows and buckets hold what belongs together", async () => {
  const batches = await some.batch(10).toArray();
  assert.deepEqual(batches, [numbers.slice(0, 10), numbers.slice(10, 20), numbers.slice(20)]);
  assert.equal((await some.batch(10, { dropLast: true }).toArray()).length, 2);
  assert.deepEqual(await some.take(5).window(3).toArray(), [
    [0, 1, 2],
    [1, 2, 3],
    [2, 3, 4],
  ]);
  assert.deepEqual(await some.take(9).window(2, { stride: 4 }).toArray(), [
    [0, 1],
    [4, 5],
  ]);
  assert.deepEqual(await some.take(9).window(2, { stride: 4, dropLast: false }).toArray(), [[0, 1], [4, 5], [8]]);
  const words = stream(["a", "bbbb", "cc", "ddddddd", "ee", "f", "gggg"]);
  const lists = await words.bucket({ length: (word) => word.length, bounds: [2, 5], size: 2 }).toArray();
  assert.deepEqual(lists, [["a", "cc"], ["ee", "f"], ["bbbb", "gggg"], ["ddddddd"]]);
});

test("shuffle gives all, another order in each epoch, and the same again for the same seed", async () => {
  const shuffled = (seed: number) => some.shuffle({ buffer: 8, seed });
  const one = shuffled(1);
  const [first, second] = [await one.toArray(), await one.toArray()];
  assert.notDeepEqual(first, second);
  assert.deepEqual(
    [...first].sort((a, b) => a - b),
    numbers,
  );
  assert.deepEqual(await shuffled(1).toArray(), first);
  assert.notDeepEqual(await shuffled(2).toArray(), first);
  // No element comes before its place in the buffer allows it.
  for (const [place, value] of first.entries()) assert.ok(value < place + 8);
});

test("a shuffle of all is even: each element stands everywhere as often", async () => {
  const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
  const four = stream([0, 1, 2, 3]).shuffle({ buffer: 4 });
  for (let epoch = 0; epoch < 2000; epoch++) {
    for (const [place, value] of (await four.toArray()).entries()) counts[value]![place]! += 1;
  }
  for (const row of counts) for (const count of row) assert.ok(Math.abs(count - 500) < 110, String(counts));
});

test("nothing is read before it is asked for, and nothing more than that", async () => {
  let made = 0;
  let left = false;
  const endless = stream(function* () {
    try {
      for (;;) yield made++;
    } finally {
      left = true;
    }
  });
  const steps = endless
    .map((n) => n)
    .filter((n) => n % 2 === 0)
    .batch(2);
  assert.equal(made, 0);
  assert.deepEqual(await steps.take(2).toArray(), [
    [0, 2],
    [4, 6],
  ]);
  assert.equal(made, 7);
  assert.ok(left, "the source hears that nobody reads on");
});

test("prefetch makes elements while the one before is worked with, and so does a concurrent map", async () => {
  let running = 0;
  let most = 0;
  const slow = async (n: number) => {
    most = Math.max(most, ++running);
    await setTimeout(5);
    running--;
    return n;
  };
  assert.deepEqual(await some.map(slow, { concurrency: 4 }).toArray(), numbers);
  assert.equal(most, 4);
  const asked: number[] = [];
  const ahead = some.map((n) => (asked.push(n), n)).prefetch(3);
  for await (const element of ahead) {
    await setTimeout(1);
    assert.ok(Math.max(...asked) <= element + 3);
    if (element === 5) {
      assert.ok(asked.includes(8), "three ahead");
      break;
    }
  }
});

test("cache reads the source once, and only a whole walk counts", async () => {
  let walks = 0;
  const source = stream(() => (walks++, numbers)).cache();
  assert.deepEqual(await source.take(3).toArray(), [0, 1, 2]);
  assert.deepEqual(await source.toArray(), numbers);
  assert.deepEqual(await source.toArray(), numbers);
  assert.equal(walks, 2);
});

test("an error in map names its element, and the rest stays usable", async () => {
  const parse = (n: number) => {
    if (n === 7) throw new TypeError("no number");
    return n;
  };
  await assert.rejects(
    some.map(parse).toArray(),
    (error: unknown) =>
      error instanceof DataError &&
      /^map: expected a value for each element, got TypeError: no number for element 7\. Leave such/.test(
        error.message,
      ) &&
      error.cause instanceof TypeError,
  );
  assert.deepEqual(
    await some.map(parse, { onError: "skip" }).toArray(),
    numbers.filter((n) => n !== 7),
  );
  await assert.rejects(some.map(async (n) => parse(n), { concurrency: 4 }).toArray(), /element 7/);
});

test("what cannot be is refused in the house words", () => {
  assert.throws(() => stream(3 as never), /^ValueError: stream: expected something to walk through .*, got 3\.$/);
  assert.throws(() => some.batch(0), /^ValueError: window: size: expected a whole number above 0, got 0\.$/);
  assert.throws(() => some.take(-1), /^ValueError: take: expected a whole number from 0, got -1\.$/);
  assert.throws(() => some.shuffle({ bufer: 3 } as never), /Did you mean 'buffer'\?$/);
  assert.throws(() => some.map((n) => n, { concurrency: 1.5 }), ValueError);
});
