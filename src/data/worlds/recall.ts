import { drawOf } from "./distinct.js";
import { Generated } from "./generated.js";
import type { Part } from "./world.js";

/** Sequences of symbols that are to be given back, later and maybe changed. */
export interface Recall {
  /** How many symbols are shown. */
  readonly length: number;
  /** How many different symbols there are. */
  readonly symbols: number;
  /** Steps between the last symbol and the sign to answer. */
  readonly delay: number;
  /** What is to be answered, as long as what was shown. */
  answer(shown: Int32Array): Int32Array;
}

/**
 * x: [delay + 2 length + 1] tokens: the symbols (1 … symbols), blanks (0) for the delay, the sign (symbols + 1), blanks; y: blanks, and
 * in the last `length` places the answer. No symbols are shown in both halves of a world.
 */
export function recalls(part: Part, { length, symbols, delay, answer }: Recall): Generated<readonly [number]> {
  const whole = delay + 2 * length + 1;
  return new Generated<readonly [number]>({
    ...part,
    inputShape: [whole],
    inputs: "int32",
    targetShape: [whole],
    targets: "int32",
    classes: ["blank", ...Array.from({ length: symbols }, (_, symbol) => `${symbol + 1}`), "answer"],
    draw(random, x, y) {
      const shown = drawOf(part.name, part.isTest, () =>
        Int32Array.from({ length }, () => 1 + random.integer(symbols)),
      );
      x.set(shown);
      x[length + delay] = symbols + 1;
      y.set(answer(shown), length + delay + 1);
    },
  });
}
