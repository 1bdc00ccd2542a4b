import type { Generated } from "./generated.js";
import { recalls } from "./recall.js";
import { makeWorld, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link copying} takes. Default sizes: 10,000 and 1,000. */
export interface CopyingOptions extends WorldOptions {
  /** How many symbols must be kept in mind. Default 10. */
  readonly length?: number;
  /** How many different symbols there are, from 2. Default 8. */
  readonly symbols?: number;
  /** Steps for which they must be kept. Default 100. */
  readonly delay?: number;
}

/**
 * The copying problem (Hochreiter and Schmidhuber 1997, as in Arjovsky, Shah and Bengio, arXiv 1511.06464, section 5.1): symbols, then
 * blanks, a sign to answer, and blanks, during which the symbols are to be given back in their order. x: [delay + 2 length + 1] tokens
 * (0 blank, 1 … symbols, symbols + 1 the sign), y: a token a step, blank before the answer. Symbols are even and independent, so who
 * remembers nothing has a cross-entropy of length · ln(symbols) over the whole sequence. No symbols of `test` are shown in `train`.
 * With `crossEntropy({ ignoreIndex: 0 })` only the answer counts. Throws ValueError.
 */
export function copying(options: CopyingOptions = {}): World<Generated<readonly [number]>> {
  const { length = 10, symbols = 8, delay = 100 } = options;
  wholeNumber("copying: length", length, 1);
  wholeNumber("copying: symbols", symbols, 2);
  wholeNumber("copying: delay", delay, 0);
  return makeWorld("copying", options, ["length", "symbols", "delay"], { train: 10_000, test: 1_000 }, (part) =>
    recalls(part, { length, symbols, delay, answer: (shown) => shown }),
  );
}
