import { ValueError } from "../errors.js";
import { positiveInteger } from "../tensor/arguments.js";
import type { Product } from "../tensor/arithmetic.js";
import { type Shape, sizeOf, type Writable } from "../tensor/shape.js";
import { callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "./layer.js";

/** The type of `reshape(...shape)`. */
export interface Reshape<S extends Shape> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape
    ? number extends Product<I> | Product<S>
      ? Writable<S>
      : [Product<I>] extends [Product<S>]
        ? Writable<S>
        : Reject<"reshape", `of ${Product<S>} values`, I>
    : never;
}

/** The same values, in order, as another shape: [a, b, ...] → `shape`, which has as many of them. Throws ValueError. */
export function reshape<const S extends Shape>(...shape: S): Reshape<S> {
  if (shape.length === 0) throw new ValueError({ what: "reshape", expected: "at least one axis", got: "none" });
  shape.forEach((size, axis) => {
    positiveInteger(`reshape: size of axis ${axis}`, size);
  });
  const size = sizeOf(shape);
  return makeLayer<Reshape<S>>({
    label: callText("reshape", shape),
    build(input, scope) {
      if (sizeOf(input) !== size) throw misfit("reshape", `of ${size} values`, input, scope);
      return { output: shape, flops: 0, forward: (x) => x.reshape([x.shape[0]!, ...(shape as Shape)]) };
    },
  });
}
