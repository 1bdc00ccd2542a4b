import type { Tensor } from "../runtime/tf.js";
import { checkOptions, positiveInteger } from "../tensor/arguments.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { constant, glorotUniform } from "./initializers/initial.js";
import { type Built, callText, type given, type Layer, makeLayer, type yields } from "./layer.js";
import type { Scope } from "./scope.js";
import { type BiasedWeightOptions, biasedWeightOptions, checkWeightOptions } from "./weight-options.js";

/** What {@link dense} takes besides its size. */
export interface DenseOptions extends BiasedWeightOptions {
  /** Add a learned offset. Default true. */
  readonly bias?: boolean;
}

/** The type of `dense(units)`. */
export interface Dense<Units extends number> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? DenseOutput<I, Units> : never;
}

type DenseOutput<I extends Shape, Units extends number> = number extends I["length"]
  ? Shape
  : I extends readonly [...infer Outer extends Shape, number]
    ? [...Outer, Units]
    : never;

/**
 * A linear map of the last axis: [..., features] → [..., units]. Weight [features, units], `initial`, Glorot uniform by default;
 * bias [units], `biasInitial`, zero by default (as Keras's Dense). Throws ValueError.
 */
export function dense<const Units extends number>(units: Units, options: DenseOptions = {}): Dense<Units> {
  positiveInteger("dense: units", units);
  checkOptions("dense", options, ["bias", ...biasedWeightOptions]);
  checkWeightOptions("dense", options);
  return makeLayer<Dense<Units>>({
    label: callText("dense", [units], options),
    build: (input, scope) => buildDense(input, units, scope, options),
  });
}

/** {@link dense} for layers made of it, which choose their own first weights. */
export function buildDense(
  input: Shape,
  units: number,
  scope: Scope,
  { bias = true, initial = glorotUniform, biasInitial = constant(0), regularizer }: DenseOptions = {},
): Built {
  const features = input[input.length - 1]!;
  const weight = scope.weight("weight", [features, units], initial, { regularizer });
  const offset = bias ? scope.weight("bias", [units], biasInitial) : undefined;
  return {
    output: [...input.slice(0, -1), units],
    flops: sizeOf(input) * units * 2,
    causal: input.length > 1,
    forward: (x) => linear(x, weight.value, { bias: offset?.value }),
  };
}

/** `x: [..., features]` times `weight: [features, units]`, as one product of two matrices, plus `bias: [units]`. */
export function linear(
  x: Tensor,
  weight: Tensor,
  { transpose = false, bias }: { transpose?: boolean; bias?: Tensor | undefined } = {},
): Tensor {
  const features = x.shape[x.rank - 1]!;
  const outer = x.shape.slice(0, -1);
  const rows = x.rank === 2 ? x : x.reshape([sizeOf(outer), features]);
  const product = rows.matMul(weight, false, transpose);
  // Directly behind the product, where TensorFlow fuses the two.
  const sum = bias === undefined ? product : product.add(bias);
  return x.rank === 2 ? sum : sum.reshape([...outer, sum.shape[1]!]);
}
