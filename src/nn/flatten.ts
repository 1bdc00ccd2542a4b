import type { Product } from "../tensor/arithmetic.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { type given, type Layer, makeLayer, type yields } from "./layer.js";

/** The type of `flatten()`. */
export interface Flatten extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? [Product<I>] : never;
}

/** All axes of an example in one: [a, b, ...] → [a × b × ...]. */
export function flatten(): Flatten {
  return makeLayer<Flatten>({
    label: "flatten()",
    build(input) {
      const size = sizeOf(input);
      return { output: [size], flops: 0, forward: (x) => x.reshape([x.shape[0]!, size]) };
    },
  });
}
