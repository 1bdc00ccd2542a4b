import * as tf from "../runtime/tf.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { type Initial, uniform } from "./initial.js";
import { type Built, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "./layer.js";
import type { Scope } from "./scope.js";

/** The type of `positions()`. */
export interface Positions extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? PositionsOutput<I> : never;
}

type PositionsOutput<I extends Shape> = number extends I["length"]
  ? Shape
  : I extends readonly [number, number]
    ? I
    : Reject<"positions", "[time, width]", I>;

/**
 * Adds a learned vector for each position: [time, width] → [time, width]. Weight [time, width], even between ±0.05 (the default
 * of Keras's Embedding).
 */
export function positions(): Positions {
  return makeLayer<Positions>({
    label: "positions()",
    build: (input, scope) => buildPositions(input, scope, uniform(0.05)),
  });
}

/** {@link positions} for models made of it, which choose their own first weights. */
export function buildPositions(input: Shape, scope: Scope, initial: Initial): Built {
  if (input.length !== 2) throw misfit("positions", "[time, width]", input, scope);
  const [longest, width] = input as readonly [number, number];
  const weight = scope.weight("weight", input, initial, { kind: "table" });
  return {
    output: input,
    flops: sizeOf(input),
    causal: true,
    forward(x, { cache }) {
      if (cache?.position !== undefined) return x.add(tf.gather(weight.value, cache.position));
      const time = x.shape[1]!;
      return x.add(time === longest ? weight.value : weight.value.slice([0, 0], [time, width]));
    },
  };
}
