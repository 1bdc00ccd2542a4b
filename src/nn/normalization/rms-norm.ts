import { checkOptions, numberIn } from "../../tensor/arguments.js";
import { sizeOf } from "../../tensor/shape.js";
import { scaledToUnit } from "../../tensor/standardise.js";
import type { SameShape } from "../elementwise.js";
import { constant } from "../initializers/initial.js";
import { type Built, callText, makeLayer } from "../layer.js";
import type { Scope } from "../scope.js";

/** What {@link rmsNorm} takes. */
export interface RmsNormOptions {
  /** Added to the mean of the squares. Default 1e-6. */
  readonly epsilon?: number;
}

/**
 * Divides the last axis by its root mean square, then scales it by a learned weight: a layerNorm without means (arXiv
 * 1910.07467), shape kept. Weight [features] one (as Keras's RMSNormalization and, with its ε, PyTorch's RMSNorm). Throws
 * ValueError.
 */
export function rmsNorm(options: RmsNormOptions = {}): SameShape {
  checkOptions("rmsNorm", options, ["epsilon"]);
  numberIn("rmsNorm: epsilon", options.epsilon ?? 1e-6, 0);
  const label = callText("rmsNorm", [], options);
  return makeLayer<SameShape>({ label, build: (input, scope) => buildRmsNorm(input, scope, options) });
}

/** {@link rmsNorm} for layers made of it. */
export function buildRmsNorm(input: readonly number[], scope: Scope, { epsilon = 1e-6 }: RmsNormOptions = {}): Built {
  const weight = scope.weight("weight", [input[input.length - 1]!], constant(1));
  return {
    output: input,
    flops: sizeOf(input) * 4,
    causal: input.length > 1,
    forward: (x) => scaledToUnit(x, epsilon).mul(weight.value),
  };
}
