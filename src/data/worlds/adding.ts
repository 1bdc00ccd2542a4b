import { Generated } from "./generated.js";
import { makeWorld, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link adding} takes. Default sizes: 10,000 and 1,000. */
export interface AddingOptions<L extends number = number> extends WorldOptions {
  /** Steps of a sequence, from 2. Default 100. */
  readonly length?: L;
}

/**
 * The adding problem (Hochreiter and Schmidhuber 1997, "Long Short-Term Memory", experiment 4, in the form of Le, Jaitly and Hinton,
 * arXiv 1504.00941): at each step a number drawn evenly from 0 … 1 and a mark, 1 at two steps, one in each half, else 0; the target is
 * the sum of the two marked numbers. x: [length, 2], y: [1]. Who always says 1 has a mean squared error of 1/6. Throws ValueError.
 */
export function adding<const L extends number = 100>(
  options: AddingOptions<L> = {},
): World<Generated<readonly [L, 2]>> {
  const { length = 100 as L } = options;
  wholeNumber("adding: length", length, 2);
  return makeWorld("adding", options, ["length"], { train: 10_000, test: 1_000 }, (part) => {
    return new Generated<readonly [L, 2]>({
      ...part,
      inputShape: [length, 2],
      inputs: "float32",
      targetShape: [1],
      targets: "float32",
      draw(random, x, y) {
        for (let step = 0; step < length; step++) x[2 * step] = random.uniform();
        const middle = length >> 1;
        const marked = [random.integer(middle), middle + random.integer(length - middle)];
        for (const step of marked) {
          x[2 * step + 1] = 1;
          y[0]! += x[2 * step]!;
        }
      },
    });
  });
}
