import { ValueError } from "../errors.js";
import { positiveInteger } from "../tensor/arguments.js";
import type { Shape, Writable } from "../tensor/shape.js";

/** The shape of one example, at the start of a model. */
export interface Input<I extends Shape> {
  readonly shape: I;
}

/** What goes into a model: the shape of one example, without the batch dimension. Throws ValueError. */
export function input<const I extends Shape>(...shape: I): Input<Writable<I>> {
  if (shape.length === 0) throw new ValueError({ what: "input", expected: "at least one axis", got: "none" });
  shape.forEach((size, axis) => {
    positiveInteger(`input: size of axis ${axis}`, size);
  });
  return { shape: [...shape] as number[] as Writable<I> };
}
