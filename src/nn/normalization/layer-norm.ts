import { checkOptions, numberIn } from "../../tensor/arguments.js";
import { sizeOf } from "../../tensor/shape.js";
import { standardised } from "../../tensor/standardise.js";
import type { SameShape } from "../elementwise.js";
import { constant } from "../initializers/initial.js";
import { type Built, callText, makeLayer } from "../layer.js";
import type { Scope } from "../scope.js";

/** What {@link layerNorm} takes. */
export interface LayerNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
  /** Shift by a learned offset. Default true. */
  readonly bias?: boolean;
}

/**
 * Brings the last axis to mean 0 and variance 1, then scales and shifts it by learned weights (arXiv 1607.06450), shape kept.
 * Weight [features] one, bias [features] zero (as PyTorch's LayerNorm; Keras's ε is 1e-3). Throws ValueError.
 */
export function layerNorm(options: LayerNormOptions = {}): SameShape {
  checkOptions("layerNorm", options, ["epsilon", "bias"]);
  numberIn("layerNorm: epsilon", options.epsilon ?? 1e-5, 0);
  const label = callText("layerNorm", [], options);
  return makeLayer<SameShape>({ label, build: (input, scope) => buildLayerNorm(input, scope, options) });
}

/** {@link layerNorm} for layers made of it. */
export function buildLayerNorm(
  input: readonly number[],
  scope: Scope,
  { epsilon = 1e-5, bias = true }: LayerNormOptions = {},
): Built {
  const features = input[input.length - 1]!;
  const weight = scope.weight("weight", [features], constant(1));
  const offset = bias ? scope.weight("bias", [features], constant(0)) : undefined;
  return {
    output: input,
    flops: sizeOf(input) * 8,
    causal: input.length > 1,
    forward(x) {
      const scaled = standardised(x, [-1], epsilon).mul(weight.value);
      return offset === undefined ? scaled : scaled.add(offset.value);
    },
  };
}
