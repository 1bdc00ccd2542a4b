/** What spatialDropout1d and spatialDropout2d share: a channel is dropped everywhere or nowhere. */
import { numberIn } from "../../tensor/arguments.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "../layer.js";
import { dropper } from "./dropout.js";

/** The type of a layer `Name` that keeps inputs of shape `Fits`, described as `Expected`. */
export interface SpatialDropout<Name extends string, Expected extends string, Fits extends Shape> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape
    ? number extends I["length"]
      ? Shape
      : I extends Fits
        ? I
        : Reject<Name, Expected, I>
    : never;
}

/** The layer `name`, for inputs of `rank` axes. Throws ValueError. */
export function spatialDropout<L extends Layer>(name: string, expected: string, rank: number, rate: number): L {
  numberIn(`${name}: rate`, rate, 0, 1);
  return makeLayer<Layer>({
    label: callText(name, [rate]),
    build(input, scope) {
      if (input.length !== rank) throw misfit(name, expected, input, scope);
      const together = (shape: Shape) => shape.map((size, axis) => (axis === 0 || axis === rank ? size : 1));
      return { output: input, flops: sizeOf(input), causal: false, forward: dropper(rate, scope, together) };
    },
  }) as L;
}
