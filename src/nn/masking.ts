import type * as tf from "../runtime/tf.js";
import { checkOptions, finiteNumber } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import { type Built, callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "./layer.js";
import type { Forward } from "./module.js";
import type { Scope } from "./scope.js";

/** What {@link masking} takes. */
export interface MaskingOptions {
  /** A step is padding where all its features are this. Default 0. */
  readonly value?: number;
}

/** The type of `masking()`. */
export interface Masking extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? MaskingOutput<I> : never;
}

type MaskingOutput<I extends Shape> = number extends I["length"]
  ? Shape
  : I extends readonly [number, number]
    ? I
    : Reject<"masking", "[time, width]", I>;

/**
 * Tells the layers behind it which steps of a sequence are padding, and sets these to 0: [time, width] → [time, width] (Keras's
 * Masking). Recurrent layers, attention and pooling over time leave padding out. For tokens: `embedding(…, { maskZero: true })`.
 * Throws ValueError.
 */
export function masking(options: MaskingOptions = {}): Masking {
  checkOptions("masking", options, ["value"]);
  const { value = 0 } = options;
  finiteNumber("masking: value", value);
  return makeLayer<Masking>({
    label: callText("masking", [], options),
    build: (input, scope) => buildMasking(input, value, scope),
  });
}

function buildMasking(input: Shape, padding: number, scope: Scope): Built {
  if (input.length !== 2) throw misfit("masking", "[time, width]", input, scope);
  const masked = (x: tf.Tensor, { mask: before }: Forward) => {
    const here = x.notEqual(padding).any(-1);
    const mask = before === undefined ? here : here.logicalAnd(before);
    return { value: x.mul(mask.expandDims(-1).toFloat()), mask };
  };
  return {
    output: input,
    flops: input[0]! * input[1]! * 3,
    masked,
    forward: (x, context) => masked(x, context).value,
  };
}
