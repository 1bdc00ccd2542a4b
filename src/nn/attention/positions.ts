import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, oneOf } from "../../tensor/arguments.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { type Initial, uniform } from "../initializers/initial.js";
import { type Built, callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "../layer.js";
import type { Scope } from "../scope.js";

/** Where the vectors of {@link positions} come from. */
export type PositionsKind = "learned" | "sinusoidal";

/** What {@link positions} takes. */
export interface PositionsOptions {
  /** "learned" (default): a weight. "sinusoidal": sines and cosines of many lengths (arXiv 1706.03762, section 3.5). */
  readonly kind?: PositionsKind;
}

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
 * Adds a vector for each position: [time, width] → [time, width]. Learned: weight [time, width], even between ±0.05 (the default
 * of Keras's Embedding). Sinusoidal: sin(position / 10000^(2i / width)) at 2i, the cosine of the same at 2i + 1. Throws ValueError.
 */
export function positions(options: PositionsOptions = {}): Positions {
  checkOptions("positions", options, ["kind"]);
  const { kind = "learned" } = options;
  oneOf("positions: kind", kind, ["learned", "sinusoidal"]);
  return makeLayer<Positions>({
    label: callText("positions", [], options),
    build: (input, scope) =>
      kind === "learned" ? buildPositions(input, scope, uniform(0.05)) : buildSinusoids(input, scope),
  });
}

/** Learned {@link positions} for models made of it, which choose their own first weights. */
export function buildPositions(input: Shape, scope: Scope, initial: Initial): Built {
  mustBeSequence(input, scope);
  const weight = scope.weight("weight", input, initial, { kind: "table" });
  return addRows(input, () => weight.value);
}

/** Sinusoidal {@link positions} for models made of it. */
export function buildSinusoids(input: Shape, scope: Scope): Built {
  mustBeSequence(input, scope);
  const width = input[1]!;
  const values = Float32Array.from({ length: sizeOf(input) }, (_, index) => {
    const [position, column] = [Math.floor(index / width), index % width];
    const angle = position / 10_000 ** ((column - (column % 2)) / width);
    return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  return addRows(input, () => tf.tensor(values, [...input], "float32"));
}

function mustBeSequence(input: Shape, scope: Scope): void {
  if (input.length !== 2) throw misfit("positions", "[time, width]", input, scope);
}

/** Adds the first rows of a table, one to each position, or to each text the row of the position that a cache is at. */
function addRows(input: Shape, table: () => Tensor): Built {
  const [longest, width] = input as readonly [number, number];
  return {
    output: input,
    flops: sizeOf(input),
    causal: true,
    forward(x, { cache }) {
      if (cache?.position !== undefined) {
        return x.add(tf.gather(table(), cache.position as tf.Tensor1D).reshape([-1, 1, width]));
      }
      const time = x.shape[1]!;
      return x.add(time === longest ? table() : table().slice([0, 0], [time, width]));
    },
  };
}
