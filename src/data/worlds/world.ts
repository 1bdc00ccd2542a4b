import { ValueError } from "../../errors.js";
import { checkOptions, numberIn, positiveInteger, show } from "../../tensor/arguments.js";

/** What every world takes. */
export interface WorldOptions {
  /** How many examples to learn from. */
  readonly train?: number;
  /** How many to test with; none of them is in `train`. */
  readonly test?: number;
  /** Draws everything: the same seed gives the same examples on every machine. Default 0. */
  readonly seed?: number;
}

/** Examples to learn from and others to test with. */
export interface World<D> {
  readonly train: D;
  readonly test: D;
}

/** One of the two halves of a world, as its maker sees it. */
export interface Part {
  readonly isTest: boolean;
  /** `spirals train`: also the name of its random numbers, which are others than those of the other half. */
  readonly name: string;
  readonly size: number;
  readonly seed: number;
  /** Where it begins in a numbering of both: 0, or behind `train`. */
  readonly from: number;
}

/** The sizes that a world has by default. */
export interface Sizes {
  readonly train: number;
  readonly test: number;
}

/**
 * Both halves of the world `what`, each made by `make`. `known` are its options beside {@link WorldOptions}. Throws ValueError for
 * options that are unknown or no sizes.
 */
export function makeWorld<D>(
  what: string,
  options: WorldOptions,
  known: readonly string[],
  sizes: Sizes,
  make: (part: Part) => D,
): World<D> {
  checkOptions(what, options, [...known, "train", "test", "seed"]);
  const { train = sizes.train, test = sizes.test, seed = 0 } = options;
  positiveInteger(`${what}: train`, train);
  positiveInteger(`${what}: test`, test);
  numberIn(`${what}: seed`, seed, 0);
  return {
    train: make({ isTest: false, name: `${what} train`, size: train, seed, from: 0 }),
    test: make({ isTest: true, name: `${what} test`, size: test, seed, from: train }),
  };
}

/** Throws ValueError unless `value` is a whole number from `least` to `most`. */
export function wholeNumber(what: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return;
  const expected =
    most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`;
  throw new ValueError({ what, expected, got: show(value) });
}

/** Throws ValueError unless `value` is a number from `least` to `most`, both included. */
export function numberBetween(what: string, value: unknown, least: number, most: number): void {
  if (typeof value === "number" && value >= least && value <= most) return;
  throw new ValueError({ what, expected: `a number from ${least} to ${most}`, got: show(value) });
}
