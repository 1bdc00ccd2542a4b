import type { Generated } from "./generated.js";
import { recalls } from "./recall.js";
import { makeWorld, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link sorting} takes. Default sizes: 10,000 and 1,000. */
export interface SortingOptions extends WorldOptions {
  /** How many symbols are to be sorted. Default 10. */
  readonly length?: number;
  /** How many different symbols there are, from 2. Default 10. */
  readonly symbols?: number;
}

/**
 * Symbols to be given back in ascending order, each as often as it came: x: [2 length + 1] tokens (the symbols 1 … symbols, the sign to
 * answer symbols + 1, then blanks, 0), y: a token a step, blank before the answer. Nothing after the sign says what was answered
 * before, so that the same examples serve networks of all kinds. No symbols of `test` are shown in `train`. Throws ValueError.
 */
export function sorting(options: SortingOptions = {}): World<Generated<readonly [number]>> {
  const { length = 10, symbols = 10 } = options;
  wholeNumber("sorting: length", length, 1);
  wholeNumber("sorting: symbols", symbols, 2);
  return makeWorld("sorting", options, ["length", "symbols"], { train: 10_000, test: 1_000 }, (part) =>
    recalls(part, { length, symbols, delay: 0, answer: (shown) => shown.slice().sort() }),
  );
}
