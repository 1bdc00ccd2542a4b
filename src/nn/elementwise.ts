import type { Tensor } from "../runtime/tf.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { type given, type Layer, makeLayer, type yields } from "./layer.js";
import type { Forward } from "./module.js";

/** The type of a layer that keeps the shape. */
export interface SameShape extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? I : never;
}

/** A layer without weights that keeps the shape, e.g. an activation. `flops`: operations for each value. */
export function elementwise(label: string, flops: number, forward: (x: Tensor, context: Forward) => Tensor): SameShape {
  return makeLayer<SameShape>({
    label,
    build: (input) => ({ output: input, flops: sizeOf(input) * flops, causal: input.length > 1, forward }),
  });
}
