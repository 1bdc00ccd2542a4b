/** Worlds of pictures: what the labels say is what is to be seen, and what they must not tell is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dataset } from "../../../../src/data/dataset.js";
import { drawFace, drawIdentity, type Identity, traits } from "../../../../src/data/worlds/face-drawing.js";
import * as worlds from "../../../../src/data/worlds/index.js";
import { ValueError } from "../../../../src/errors.js";
import { Random } from "../../../../src/tensor/random.js";

const indices = (size: number) => Array.from({ length: size }, (_, index) => index);

/** How often each class occurs among the labels of these examples. */
function shares(dataset: Dataset, count: number): number[] {
  const counts = new Array<number>(dataset.classes!.length).fill(0);
  let all = 0;
  for (const index of indices(count)) {
    for (const label of [dataset.y(index)].flat()) {
      counts[label as number]! += 1;
      all++;
    }
  }
  return counts.map((times) => times / all);
}

/** The mean colour of the pixels of each class of a picture, where there are some. */
function means(pixels: ArrayLike<number>, mask: readonly number[]): Map<number, number[]> {
  const sums = new Map<number, number[]>();
  mask.forEach((label, at) => {
    const sum = sums.get(label) ?? [0, 0, 0, 0];
    for (let channel = 0; channel < 3; channel++) sum[channel]! += pixels[3 * at + channel]!;
    sum[3]! += 1;
    sums.set(label, sum);
  });
  return new Map([...sums].map(([label, [r, g, b, n]]) => [label, [r! / n!, g! / n!, b! / n!]]));
}

test("pictures are within 0 and 1, of the size that was asked for, and repeat with the seed", () => {
  const all = [
    (size: 32, seed: number) => worlds.faces({ size, seed, people: 4 }).train,
    (size: 32, seed: number) => worlds.facePairs({ size, seed, people: 4 }).train,
    (size: 32, seed: number) => worlds.faceTriplets({ size, seed, people: 4 }).train,
    (size: 32, seed: number) => worlds.roads({ size, seed }).train,
    (size: 32, seed: number) => worlds.lesions({ size, seed }).train,
    (size: 32, seed: number) => worlds.satelliteTiles({ size, seed }).train,
  ];
  for (const make of all) {
    const dataset: Dataset = make(32, 1);
    const { x } = dataset.batch(indices(20));
    assert.deepEqual(x.shape.slice(1), dataset.inputShape);
    const values = Float32Array.from(x.dataSync());
    assert.ok(
      values.every((value) => value >= 0 && value <= 1),
      dataset.name,
    );
    const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    assert.ok(low < 0.1 && high > 0.8, `${dataset.name}: ${low} … ${high}`);
    assert.ok(sameNumbers(make(32, 1).batch(indices(20)).x.dataSync(), values));
    assert.ok(!sameNumbers(make(32, 2).x(0).dataSync(), values.slice(0, values.length / 20)));
  }
});

test("roads: the sky is above, the road darker than its lines, each class is there", () => {
  const { train } = worlds.roads();
  const parts = shares(train, 60);
  // Sky, land, road, line, car.
  const range = [
    [0.2, 0.5],
    [0.1, 0.5],
    [0.15, 0.6],
    [0.005, 0.06],
    [0.005, 0.1],
  ];
  parts.forEach((share, label) => {
    assert.ok(share > range[label]![0]! && share < range[label]![1]!, `${parts}`);
  });
  for (const index of indices(30)) {
    const mask = train.y(index) as number[];
    const rows = (label: number) => mask.flatMap((one, at) => (one === label ? [Math.floor(at / 64)] : []));
    assert.ok(Math.max(...rows(0)) < Math.min(...rows(2)), "sky is above road");
    assert.ok(mask.slice(-64).includes(2) || mask.slice(-64).includes(4), "the road reaches the lower edge");
    const colours = means(train.x(index).dataSync(), mask);
    const light = (label: number) => colours.get(label)!.reduce((sum, value) => sum + value);
    assert.ok(light(3) > light(2) + 0.1, `lines are lighter than the road in picture ${index}`);
  }
});

test("lesions: darker than the skin around them, in one piece of the size that was said", () => {
  const { train } = worlds.lesions();
  let faint = 0;
  for (const index of indices(60)) {
    const mask = train.y(index) as number[];
    const area = mask.reduce((sum, label) => sum + label, 0) / mask.length;
    assert.ok(area > 0.02 && area < 0.5, `${index}: ${area}`);
    assert.equal(pieces(mask, 64), 1, `${index}`);
    const pixels = train.x(index).dataSync();
    // Of the skin, a ring around the lesion: corners may be dark.
    const near = mask.map((label, at) =>
      label === 1 ? 1 : mask[at - 4] || mask[at + 4] || mask[at - 256] || mask[at + 256] ? 0 : 2,
    );
    const colours = means(pixels, near);
    const [skin, lesion] = [0, 1].map((label) => colours.get(label)!.reduce((sum, value) => sum + value)) as [
      number,
      number,
    ];
    assert.ok(lesion < skin, `${index}`);
    if (lesion > 0.85 * skin) faint++;
  }
  assert.ok(faint > 5, `${faint} of 60 are faint`);
});

test("satellite tiles: the class covers at least half of the tile; mask and class tell of the same tile", () => {
  const [named, masked] = [worlds.satelliteTiles(), worlds.satelliteTiles({ targets: "mask" })];
  assert.deepEqual(shares(named.train, 60), Array(6).fill(1 / 6));
  for (const index of indices(60)) {
    assert.ok(sameNumbers(named.train.x(index).dataSync(), masked.train.x(index).dataSync()));
    const mask = masked.train.y(index) as number[];
    const name = named.train.y(index);
    const most = mask.filter((label) => label === name).length;
    assert.ok(most >= mask.length / 2, `${index}: ${most}`);
  }
  const blue = (label: number) => {
    const own = indices(60).filter((index) => named.train.y(index) === label);
    return own
      .map((index) => means(masked.train.x(index).dataSync(), masked.train.y(index) as number[]).get(label)!)
      .reduce((sum, [red, , blueness]) => sum + blueness! - red!, 0);
  };
  assert.ok(blue(0) > blue(5), "water is bluer than soil");
});

test("faces: each person as often, people of both halves differ, and raw pixels hardly tell who it is", () => {
  const { train, test } = worlds.faces({ people: 40, train: 400, test: 200 });
  assert.deepEqual(shares(train, 400), Array(40).fill(1 / 40));
  assert.equal(test.classes!.length, 10);
  assert.ok(!sameNumbers(train.x(0).dataSync(), test.x(0).dataSync()));
  const pairs = worlds.facePairs({ people: 40, test: 400, size: 32 }).test;
  assert.deepEqual(shares(pairs, 400), [0.5, 0.5]);
  const distances = indices(400).map((index) => {
    const values = pairs.x(index).dataSync();
    const half = values.length / 2;
    return { same: pairs.y(index) === 1, far: apart(values.subarray(0, half), values.subarray(half)) };
  });
  const area = auc(
    distances.filter(({ same }) => same).map(({ far }) => -far),
    distances.filter(({ same }) => !same).map(({ far }) => -far),
  );
  // 0.5 would be chance, 1 would make the world trivial.
  assert.ok(area > 0.5 && area < 0.75, `ROC-AUC of raw pixels: ${area}`);
});

test("faces: each trait is to be seen, and nothing but traits tells people apart", () => {
  const size = 48;
  const draw = (person: Identity, seed: number): Float32Array => {
    const pixels = new Float32Array(size * size);
    drawFace(person, new Random(seed), pixels, size);
    return pixels;
  };
  const person = drawIdentity(new Random(1));
  assert.equal(traits.length, 16);
  for (const trait of traits) {
    // Brows may hide behind hair or glasses in one picture.
    const most = indices(5).map((seed) => {
      const [less, more] = [-1, 1].map((value) => draw({ ...person, [trait]: value }, seed)) as [
        Float32Array,
        Float32Array,
      ];
      return less.reduce((sum, value, at) => sum + Math.abs(value - more[at]!), 0);
    });
    assert.ok(Math.max(...most) > 2, `${trait}: ${most}`);
  }
  assert.deepEqual(draw({ ...person }, 9), draw(person, 9));
  assert.ok(apart(draw(person, 9), draw(person, 10)) > 0.2);
});

test("triplets: the second is of the first's person", () => {
  const { train } = worlds.faceTriplets({ people: 30, train: 300, size: 24 });
  const { x, y } = train.batch(indices(300));
  assert.deepEqual(
    [x.shape, y.shape],
    [
      [300, 3, 24, 24, 1],
      [300, 1],
    ],
  );
  const values = x.dataSync();
  const face = (index: number, place: number) =>
    values.subarray((index * 3 + place) * 576, (index * 3 + place + 1) * 576);
  const nearer = indices(300).filter((i) => apart(face(i, 0), face(i, 1)) < apart(face(i, 0), face(i, 2))).length;
  assert.ok(nearer > 165, `${nearer} of 300 are nearer to their own person in raw pixels`);
});

test("sizes that are no sizes, people that are too few, unknown targets: errors that say so", () => {
  const bad: readonly (readonly [() => unknown, RegExp])[] = [
    [() => worlds.faces({ size: 8 }), /faces: size: expected a whole number from 24 to 1024, got 8/],
    [() => worlds.facePairs({ people: 1 }), /facePairs: people: expected a whole number from 2/],
    [() => worlds.faceTriplets({ persons: 4 } as object), /got 'persons'/],
    [() => worlds.roads({ size: 31.5 }), /roads: size/],
    [() => worlds.lesions({ size: 0 }), /lesions: size/],
    [() => worlds.satelliteTiles({ targets: "masks" as "mask" }), /Did you mean 'mask'\?/],
    [() => worlds.roads({ test: -1 }), /roads: test/],
  ];
  for (const [make, message] of bad) {
    assert.throws(make, (error) => error instanceof ValueError && message.test(error.message));
  }
});

/** Euclid's distance between two pictures of which each was brought to mean 0 and length 1. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [u, v] = [unit(a), unit(b)];
  return Math.sqrt(u.reduce((sum, value, at) => sum + (value - v[at]!) ** 2, 0));
}

function unit(values: ArrayLike<number>): number[] {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const length = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return all.map((value) => (value - mean) / length);
}

/** How likely a score of the first is above one of the second. */
function auc(positive: readonly number[], negative: readonly number[]): number {
  let above = 0;
  for (const high of positive) for (const low of negative) above += Number(high > low) + 0.5 * Number(high === low);
  return above / (positive.length * negative.length);
}

/** As deepEqual, which takes half a second for a picture. */
function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((value, at) => value === b[at]);
}

/** Of how many connected pieces the 1s are made. */
function pieces(mask: readonly number[], size: number): number {
  const left = [...mask];
  let found = 0;
  for (let start = 0; start < left.length; start++) {
    if (left[start] !== 1) continue;
    found++;
    const stack = [start];
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (left[at] !== 1) continue;
      left[at] = 0;
      const column = at % size;
      if (column > 0) stack.push(at - 1);
      if (column < size - 1) stack.push(at + 1);
      stack.push(at - size, at + size);
    }
  }
  return found;
}

test("a class that is known without the picture is that of the picture's batch, and costs no drawing", () => {
  let drawn = 0;
  const counted = new worlds.Generated({
    ...{ name: "counted", size: 1_000_000_000, seed: 0, inputShape: [1], inputs: "float32" as const },
    ...{ targetShape: [], targets: "int32" as const, label: (index: number) => index % 7 },
    draw: () => {
      drawn++;
    },
  });
  assert.deepEqual([counted.y(0), counted.y(12), drawn], [0, 5, 0]);
  assert.deepEqual([Array.from(counted.batch([12]).y.dataSync()), drawn], [[5], 1]);
  assert.throws(() => counted.y(-1), ValueError);
  for (const { train } of [
    worlds.faces(),
    worlds.facePairs(),
    worlds.satelliteTiles(),
    worlds.spirals(),
    worlds.toneWords(),
  ]) {
    const { y } = (train as Dataset).batch([3, 10]);
    assert.deepEqual(Array.from(y.dataSync()), [train.y(3), train.y(10)]);
  }
});
