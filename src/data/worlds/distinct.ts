import { ValueError } from "../../errors.js";
import { Random } from "../../tensor/random.js";
import type { Sizes } from "./world.js";

/** How many rounds of mixing: four make a Feistel network hard to tell from chance (Luby and Rackoff 1988). */
const rounds = 4;

/**
 * The numbers 0 … `count` − 1 in an order drawn by the seed, of which any place can be asked without making the others: a Feistel
 * network over the next power of four, walked until it comes back into the range (Black and Rogaway 2002, "Ciphers with Arbitrary
 * Finite Domains", method 2). `count` is at most 2⁵².
 */
export class Shuffled {
  readonly #count: number;
  readonly #half: number;
  readonly #keys: readonly number[];

  constructor(count: number, seed: number, stream: string) {
    this.#count = count;
    let half = 1;
    while (half * half < count) half *= 2;
    this.#half = half;
    const random = new Random(seed, `${stream} order`);
    this.#keys = Array.from({ length: rounds }, () => random.bits());
  }

  /** Which number stands at this place, 0 … count − 1. */
  at(place: number): number {
    let value = place;
    do value = this.#mix(value);
    while (value >= this.#count);
    return value;
  }

  #mix(value: number): number {
    let left = Math.floor(value / this.#half);
    let right = value % this.#half;
    for (const key of this.#keys) [left, right] = [right, (left ^ scramble(right, key)) & (this.#half - 1)];
    return left * this.#half + right;
  }
}

/** The finaliser of MurmurHash3 over half a number and a key. */
function scramble(value: number, key: number): number {
  let h = value ^ key;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Throws ValueError where a world has fewer different things than are asked for. */
export function checkEnough(what: string, { train, test }: Sizes, available: number, things: string): void {
  if (train + test <= available) return;
  const expected = `together at most ${available}, so many ${things} there are`;
  throw new ValueError({ what: `${what}: train, test`, expected, got: `train ${train}, test ${test}` });
}

/** A number that belongs to a text, 0 … 2³² − 1 (FNV-1a, scrambled): what decides in which half of a world it is. */
export function hash(values: ArrayLike<number>): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < values.length; at++) h = Math.imul(h ^ values[at]!, 0x01000193);
  return scramble(h, 0x9e3779b9) >>> 0;
}

/** One of so many things is a test's. */
const share = 5;

/** Tries before a world gives up to find another thing of one half. */
const patience = 10_000;

/**
 * Draws until what is drawn belongs to the half: its hash says so, and no thing is in both halves. Throws ValueError where there is
 * nothing of that half among ten thousand.
 */
export function drawOf<T extends ArrayLike<number>>(
  what: string,
  isTest: boolean,
  draw: () => T,
  key: (thing: T) => ArrayLike<number> = (thing) => thing,
): T {
  for (let tries = 0; tries < patience; tries++) {
    const thing = draw();
    if ((hash(key(thing)) % share === 0) === isTest) return thing;
  }
  const hint = "Make the examples longer, or of more symbols.";
  throw new ValueError({ what, expected: "enough different examples for two halves", got: "too few", hint });
}
