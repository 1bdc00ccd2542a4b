import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { mnist } from "../../../src/data/mnist.js";
import { ValueError } from "../../../src/errors.js";

test("mnist holds the package's own digits: each image is one of those that the package lists under its label", async () => {
  const { train, test: held } = await mnist();
  assert.deepEqual([train.size, held.size], [8000, 2000]);
  assert.deepEqual(train.inputShape, [28, 28, 1]);
  assert.deepEqual(train.classes, [..."0123456789"]);
  const raw = Array.from({ length: 10 }, (_, digit) => {
    const { data } = createRequire(import.meta.url)(`mnist/src/digits/${digit}.json`) as { data: number[] };
    const images = Array.from({ length: data.length / 784 }, (_, i) => data.slice(i * 784, (i + 1) * 784));
    return new Set(images.map((image) => Float32Array.from(image).join()));
  });
  for (let index = 0; index < 2000; index += 7) {
    const x = held.x(index);
    assert.ok(raw[held.y(index) as number]!.has(x.dataSync().join()), `test example ${index}`);
  }
});

test("the split is fixed by the seed, its parts are disjoint, and every class is in both", async () => {
  const key = (set: Awaited<ReturnType<typeof mnist>>["train"]) =>
    Array.from({ length: set.size }, (_, i) => set.x(i).dataSync().join());
  const first = await mnist({ train: 700, test: 300 });
  const again = await mnist({ train: 700, test: 300 });
  const other = await mnist({ train: 700, test: 300, seed: 1 });
  const images = key(first.train);
  assert.deepEqual(images, key(again.train));
  assert.notDeepEqual(images, key(other.train));
  const known = new Set(images);
  assert.deepEqual(
    key(first.test).filter((image) => known.has(image)),
    [],
  );
  for (const set of [first.train, first.test]) {
    assert.equal(new Set(Array.from({ length: set.size }, (_, i) => set.y(i))).size, 10);
  }
});

test("more digits than there are is an error", async () => {
  await assert.rejects(mnist({ train: 9000, test: 2000 }), (error) => {
    assert.ok(error instanceof ValueError);
    assert.match(error.message, /mnist: train, test: expected .* at most 10000, got train 9000, test 2000/);
    return true;
  });
  await assert.rejects(mnist({ train: 0 }), ValueError);
  await assert.rejects(mnist({ test: 1.5 }), ValueError);
});
