/** What glu and swiglu share: one half of the features says how much of the other gets through. */
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import type { Divides, Half } from "../../tensor/arithmetic.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { type given, type Layer, makeLayer, misfit, type Reject, type yields } from "../layer.js";

/** The type of a layer `Name` that halves the last axis. */
export interface Gated<Name extends string> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? GatedOutput<Name, I> : never;
}

type GatedOutput<Name extends string, I extends Shape> = number extends I["length"]
  ? Shape
  : I extends readonly [...infer Outer extends Shape, infer Features extends number]
    ? Divides<2, Features> extends true
      ? [...Outer, Half<Features>]
      : Reject<Name, "with an even last axis", I>
    : never;

/** The layer `name`, which makes one half of two: [..., 2 n] → [..., n]. `flops`: operations for each value that comes out. */
export function gated<Name extends string>(
  name: Name,
  flops: number,
  join: (first: Tensor, second: Tensor) => Tensor,
): Gated<Name> {
  return makeLayer<Gated<Name>>({
    label: `${name}()`,
    build(input, scope) {
      const features = input[input.length - 1]!;
      if (features % 2 !== 0) throw misfit(name, "with an even last axis", input, scope);
      const output = [...input.slice(0, -1), features / 2];
      return {
        output,
        flops: sizeOf(output) * flops,
        causal: input.length > 1,
        forward(x) {
          const [first, second] = tf.split(x, 2, -1);
          return join(first!, second!);
        },
      };
    },
  });
}
