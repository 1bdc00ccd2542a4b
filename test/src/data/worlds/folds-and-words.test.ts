/** HP-lattice folds against published numbers and a search of another kind; spoken words against their spectra. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Shuffled } from "../../../../src/data/worlds/distinct.js";
import { table } from "../../../../src/data/worlds/hp-table.js";
import * as worlds from "../../../../src/data/worlds/index.js";
import { FoldSearch } from "../../../../src/data/worlds/lattice-fold.js";
import { ValueError } from "../../../../src/errors.js";

const indices = (size: number) => Array.from({ length: size }, (_, index) => index);

test("walks: as many as OEIS A001411 counts, less those that turn or mirror into each other", () => {
  // A001411: walks of n steps that meet no place twice. All but the 4 straight ones come in eights.
  const published = [12, 36, 100, 284, 780, 2172, 5916, 16268, 44100];
  published.forEach((walks, index) => {
    assert.equal(new FoldSearch(new Uint8Array(index + 3)).folds(0), (walks - 4) / 8 + 1);
  });
});

test("energies of two chains of 20 that the field measures itself by (the first: Unger and Moult 1993)", () => {
  assert.equal(worlds.latticeFold("HPHPPHHPHPPHPHHPPHPH").energy, -9);
  assert.equal(worlds.latticeFold("HHHPPHPHPHPPHPHPHPPH").energy, -10);
});

test("chains with one native fold: as many as Irbäck and Troein 2002 count", () => {
  // Their table, lengths 4 to 11.
  [4, 0, 7, 10, 7, 6, 6, 62].forEach((published, index) => {
    const length = index + 4;
    const single = indices(2 ** length).filter((bits) => {
      const letters = Array.from({ length }, (_, i) => ((bits >> i) & 1 ? "H" : "P")).join("");
      return letters.includes("H") && isSingle(letters);
    });
    assert.equal(single.length, published, `length ${length}`);
  });
  const isPalindrome = (bits: string) => bits === [...bits].reverse().join("");
  const chains = indices(table.length / 9).map((at) =>
    Number.parseInt(table.slice(9 * at, 9 * at + 4), 36)
      .toString(2)
      .padStart(18, "0"),
  );
  assert.equal(new Set(chains).size, 3_189);
  assert.equal(2 * chains.length - chains.filter(isPalindrome).length, 6_349);
});

/** Whether no other fold has as many contacts. */
function isSingle(letters: string): boolean {
  const search = new FoldSearch(Uint8Array.from(letters, (letter) => Number(letter === "H")));
  for (let contacts = search.most; contacts > 0; contacts--) {
    const count = search.folds(contacts, 2);
    if (count > 0) return count === 1;
  }
  return false;
}

test("energy, count and places are those of a search that leaves nothing out", () => {
  for (const letters of ["HPPH", "HHPPHH", "HPHPPHPH", "HPPHPPHPPH", "HHHHHHHHH", "PHPPHPHHPH"]) {
    const fold = worlds.latticeFold(letters);
    const brute = everyFold(letters);
    assert.deepEqual([fold.energy, fold.count], [brute.energy, brute.count], letters);
    assert.equal(energyOf(letters, fold.places), fold.energy);
  }
});

/** All walks on all four ways, none left out for symmetry. */
function everyFold(letters: string): { energy: number; count: number } {
  let [best, count] = [0, 0];
  const walk = (places: [number, number][]): void => {
    if (places.length === letters.length) {
      const energy = energyOf(letters, places);
      if (energy < best) [best, count] = [energy, 0];
      if (energy === best) count++;
      return;
    }
    const [x, y] = places.at(-1)!;
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      if (!places.some(([a, b]) => a === x + dx && b === y + dy)) walk([...places, [x + dx, y + dy]]);
    }
  };
  walk([[0, 0]]);
  return { energy: best, count: count / 8 };
}

function energyOf(letters: string, places: readonly (readonly [number, number])[]): number {
  let energy = 0;
  places.forEach(([x, y], i) => {
    places.forEach(([a, b], j) => {
      if (j > i + 1 && letters[i] === "H" && letters[j] === "H" && Math.abs(x - a) + Math.abs(y - b) === 1) energy--;
    });
  });
  return energy;
}

test("the world's maps are those of native folds, found anew by the search", () => {
  const { train, test } = worlds.hpFolds();
  assert.deepEqual([train.size + test.size, train.inputShape], [3_189, [18]]);
  for (const index of indices(4)) {
    const sequence = test.sequence(index);
    const fold = worlds.latticeFold(sequence);
    assert.equal(fold.count, 1, sequence);
    const expected = new Array<number>(18 * 18).fill(0);
    for (const [i, j] of worlds.latticeContacts(fold.places)) expected[18 * i + j] = expected[18 * j + i] = 1;
    assert.deepEqual(test.y(index), expected);
    assert.equal(Array.from(test.x(index).dataSync(), (residue) => "PH"[residue]).join(""), sequence);
  }
  const canonical = (sequence: string) => [sequence, [...sequence].reverse().join("")].sort()[0]!;
  const known = new Set(indices(train.size).map((index) => canonical(train.sequence(index))));
  assert.equal(known.size, train.size);
  for (const index of indices(test.size)) assert.ok(!known.has(canonical(test.sequence(index))));
});

test("the distance along the chain alone does not tell contacts", () => {
  const { train } = worlds.hpFolds({ train: 500 });
  const [touching, all] = [new Float64Array(18), new Float64Array(18)];
  for (const index of indices(500)) {
    const map = train.y(index) as number[];
    for (let i = 0; i < 18; i++) {
      for (let j = i + 1; j < 18; j++) {
        touching[j - i]! += map[18 * i + j]!;
        all[j - i]! += 1;
      }
    }
  }
  const share = touching.map((count, far) => (far === 0 ? 0 : count / all[far]!));
  // Parity forbids even distances; of the odd ones none is certain.
  for (let far = 1; far < 18; far++) {
    if (far % 2 === 0 || far === 1) assert.equal(share[far], 0);
    else assert.ok(share[far]! > 0.02 && share[far]! < 0.6, `${far}: ${share[far]}`);
  }
});

test("other letters, lengths and sizes are errors that say so", () => {
  assert.throws(() => worlds.latticeFold("HPX"), /latticeFold: expected 3 to 36 letters H and P, got "HPX"/);
  assert.throws(() => worlds.latticeFold("HP"), ValueError);
  assert.throws(() => worlds.hpFolds({ train: 3_000, test: 190 }), /at most 3189, so many chains with one native fold/);
  assert.throws(() => worlds.toneWords({ samples: 100 }), /toneWords: samples/);
  assert.throws(() => worlds.toneWords({ signalToNoise: Number.NaN }), /toneWords: signalToNoise/);
});

test("a keyed order has every number once", () => {
  for (const count of [1, 2, 3, 17, 64, 1000]) {
    const order = new Shuffled(count, 7, "test");
    const all = indices(count).map((place) => order.at(place));
    assert.deepEqual(
      [...all].sort((a, b) => a - b),
      indices(count),
    );
    if (count > 100) assert.notDeepEqual(all, indices(count));
  }
  const wide = new Shuffled(5e13, 7, "test");
  const some = new Set(indices(1000).map((place) => wide.at(place)));
  assert.equal(some.size, 1000);
  const mean = [...some].reduce((sum, value) => sum + value / 1000, 0);
  assert.ok(Math.abs(mean / 5e13 - 0.5) < 0.05);
});

test("words: each as often, the noise is as loud as was said, vowels and hiss stand where they should", () => {
  const { train } = worlds.toneWords({ signalToNoise: 40 });
  const words = train.classes!;
  assert.deepEqual(
    words.map((word) => words.includes([...word].reverse().join(""))),
    Array(10).fill(true),
  );
  const counts = new Array<number>(10).fill(0);
  for (const index of indices(100)) counts[train.y(index) as number]! += 1;
  assert.deepEqual(counts, Array(10).fill(10));
  for (const index of indices(60)) {
    const signal = train.x(index).dataSync();
    assert.ok(signal.every((value) => Math.abs(value) <= 1));
    const word = words[train.y(index) as number]!;
    const [first, second] = ends(signal);
    // How much of a sound is above 2 kHz: of hiss nearly all.
    if (word[0] === "s") assert.ok(first > 0.7 && second < first - 0.1, `${word} ${first} ${second}`);
    if (word[1] === "s") assert.ok(second > 0.7 && first < second - 0.1, `${word} ${first} ${second}`);
  }
  const [quiet, loud] = [40, 0].map((signalToNoise) => rest(worlds.toneWords({ signalToNoise }).train.x(0).dataSync()));
  assert.ok(loud! > 30 * quiet!, `${quiet} ${loud}`);
});

/** The share of energy above 2 kHz in the first and the last quarter of what is not silent, by differences and sums of neighbours. */
function ends(signal: ArrayLike<number>): [number, number] {
  const all = Array.from(signal);
  const peak = Math.max(...all.map(Math.abs));
  const [from, to] = [
    all.findIndex((value) => Math.abs(value) > peak / 8),
    all.findLastIndex((value) => Math.abs(value) > peak / 8),
  ];
  const quarter = Math.floor((to - from) / 4);
  const high = (begin: number) => {
    let [sum, difference] = [0, 0];
    for (let t = begin + 1; t < begin + quarter; t++) {
      sum += (all[t]! + all[t - 1]!) ** 2;
      difference += (all[t]! - all[t - 1]!) ** 2;
    }
    return difference / (sum + difference);
  };
  return [high(from), high(to - quarter)];
}

/** The loudness of the quietest tenth. */
function rest(signal: ArrayLike<number>): number {
  const levels = indices(20).map((part) => {
    let sum = 0;
    for (let t = part * 200; t < part * 200 + 200; t++) sum += signal[t]! ** 2;
    return Math.sqrt(sum / 200);
  });
  return levels.sort((a, b) => a - b)[1]!;
}
