import { checkOptions } from "../../tensor/arguments.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { SameShape } from "../elementwise.js";
import { constant } from "../initializers/initial.js";
import { type Built, callText, makeLayer } from "../layer.js";
import type { Scope } from "../scope.js";
import { checkWeightOptions, type WeightOptions, weightOptions } from "../weight-options.js";

/**
 * x where it is above 0, else slope · x with a learned slope for each feature, the last axis (arXiv 1502.01852, section 2.1;
 * PyTorch's PReLU), shape kept. Weight [features], `initial`, 0.25 by default. Throws ValueError.
 */
export function prelu(options: WeightOptions = {}): SameShape {
  checkOptions("prelu", options, weightOptions);
  checkWeightOptions("prelu", options);
  return makeLayer<SameShape>({
    label: callText("prelu", [], options),
    build: (input, scope) => build(input, scope, options),
  });
}

function build(input: Shape, scope: Scope, { initial = constant(0.25), regularizer }: WeightOptions): Built {
  const weight = scope.weight("weight", [input[input.length - 1]!], initial, { regularizer });
  return {
    output: input,
    flops: sizeOf(input) * 2,
    causal: input.length > 1,
    forward: (x) => x.prelu(weight.value),
  };
}
