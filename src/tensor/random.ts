import { seedCreators } from "../runtime/index.js";
import { positiveInteger } from "./arguments.js";

/** The state of a {@link Random}, as JSON can hold it. */
export type RandomState = readonly [a: number, b: number, c: number, d: number, spare: number | null];

/**
 * Random numbers on the host, the same on every machine for the same seed: xoshiro128++ (Blackman and Vigna 2019, "Scrambled
 * linear pseudorandom number generators"), its state filled by SplitMix32 from the seed and the name of the stream. Streams
 * with different names are independent, so that adding a layer does not change the weights of the others.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spare: number | undefined;

  /** `seed` is taken modulo 2³² after folding in its upper half. */
  constructor(seed: number, stream = "") {
    let state = (seed ^ Math.floor(seed / 2 ** 32)) >>> 0;
    for (let i = 0; i < stream.length; i++) state = mix(state ^ stream.charCodeAt(i));
    const next = () => {
      state = (state + 0x9e3779b9) | 0;
      return mix(state);
    };
    [this.#a, this.#b, this.#c, this.#d] = [next(), next(), next(), next()];
    if ((this.#a | this.#b | this.#c | this.#d) === 0) this.#a = 1;
  }

  /** Where it is: four words, and the normal number that is left over, or null. */
  get state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#d, this.#spare ?? null];
  }

  /** Goes on where another was. */
  restore([a, b, c, d, spare]: RandomState): void {
    [this.#a, this.#b, this.#c, this.#d, this.#spare] = [a, b, c, d, spare ?? undefined];
  }

  /** A whole number, 0 … 2³² − 1. */
  bits(): number {
    const sum = (this.#a + this.#d) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + this.#a) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** Evenly from [0, 1). */
  uniform(): number {
    return this.bits() / 2 ** 32;
  }

  /** From the normal distribution with mean 0 and variance 1 (Box and Muller 1958). */
  normal(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log((this.bits() + 1) / 2 ** 32));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Evenly from 0 … `below` − 1. Throws ValueError. */
  integer(below: number): number {
    positiveInteger("random: below", below);
    // Numbers above the last whole multiple of `below` would make the small ones likelier.
    const limit = 2 ** 32 - (2 ** 32 % below);
    let value = this.bits();
    while (value >= limit) value = this.bits();
    return value % below;
  }

  /** The numbers 0 … `size` − 1 in a random order (Fisher and Yates). */
  permutation(size: number): Int32Array {
    const order = Int32Array.from({ length: size }, (_, index) => index);
    for (let i = size - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }
}

/** The finaliser of MurmurHash3: every bit of the input changes half of the output. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

let seeds = new Random(crypto.getRandomValues(new Uint32Array(1))[0]!);

/** From here on, everything that draws random numbers without a seed of its own is reproducible. */
export function seed(value: number): void {
  seeds = new Random(value);
  seedCreators(nextSeed());
}

/** The next seed for something that was given none. */
export function nextSeed(): number {
  return seeds.bits();
}

/** What {@link nextSeed} draws from. */
export function seedSource(): Random {
  return seeds;
}
