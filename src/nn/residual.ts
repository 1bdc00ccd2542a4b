import { ShapeError } from "../errors.js";
import type { ShowShape } from "../tensor/arithmetic.js";
import { type Shape, sameShape, showShape, sizeOf } from "../tensor/shape.js";
import { type given, type Layer, type Misfit, makeLayer, type Through, type yields } from "./layer.js";
import { buildStack, numbered } from "./stack.js";

/** The type of `residual(...layers)`. */
export interface Residual<L extends readonly Layer[]> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? ResidualOutput<I, Through<I, L>> : never;
}

type ResidualOutput<I extends Shape, O> = O extends Shape
  ? number extends (I | O)["length"]
    ? Shape
    : O extends I
      ? I
      : I extends O
        ? O
        : Misfit<`residual: expected layers that give ${ShowShape<I>}, got ${ShowShape<O>}`>
  : O;

/** Adds what the layers make of x to x (arXiv 1512.03385); they must keep the shape. Throws ShapeError when built. */
export function residual<L extends readonly Layer[]>(...layers: L): Residual<L> {
  return makeLayer<Residual<L>>({
    label: `residual(${layers.map((layer) => layer.label).join(", ")})`,
    build(input, scope) {
      const inner = buildStack(input, numbered(layers), scope);
      if (!sameShape(inner.output, input)) {
        throw new ShapeError({
          what: "residual",
          expected: `layers that give ${showShape(input)}`,
          got: showShape(inner.output),
        });
      }
      return {
        output: input,
        flops: inner.flops + sizeOf(input),
        forward: (x, context) => x.add(inner.forward(x, context)),
      };
    },
  });
}
