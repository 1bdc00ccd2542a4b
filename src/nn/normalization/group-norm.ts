import { checkOptions, numberIn, positiveInteger } from "../../tensor/arguments.js";
import type { Divides } from "../../tensor/arithmetic.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { standardised } from "../../tensor/standardise.js";
import { constant } from "../initializers/initial.js";
import { type Built, callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "../layer.js";
import type { Scope } from "../scope.js";

/** What {@link groupNorm} takes besides the number of groups. */
export interface GroupNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

/** The type of `groupNorm(groups)`. */
export interface GroupNorm<Groups extends number> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? GroupNormOutput<I, Groups> : never;
}

type GroupNormOutput<I extends Shape, Groups extends number> = number extends I["length"]
  ? Shape
  : I extends readonly [...Shape, infer Channels extends number]
    ? Divides<Groups, Channels> extends true
      ? I
      : Reject<"groupNorm", `[..., channels] with channels that ${Groups} groups divide`, I>
    : never;

/**
 * Brings each group of neighbouring channels (the last axis) of an example to mean 0 and variance 1 over the group and all other
 * axes, then scales and shifts each channel by learned weights (arXiv 1803.08494), shape kept: a batchNorm that does not look at
 * the batch. Weight [channels] one, bias [channels] zero (as PyTorch's GroupNorm). Throws ValueError.
 */
export function groupNorm<const Groups extends number>(
  groups: Groups,
  options: GroupNormOptions = {},
): GroupNorm<Groups> {
  positiveInteger("groupNorm: groups", groups);
  checkOptions("groupNorm", options, ["epsilon"]);
  const { epsilon = 1e-5 } = options;
  numberIn("groupNorm: epsilon", epsilon, 0);
  return makeLayer<GroupNorm<Groups>>({
    label: callText("groupNorm", [groups], options),
    build: (input, scope) => buildGroupNorm(input, groups, epsilon, scope),
  });
}

function buildGroupNorm(input: Shape, groups: number, epsilon: number, scope: Scope): Built {
  const channels = input[input.length - 1]!;
  if (channels % groups !== 0) {
    throw misfit("groupNorm", `[..., channels] with channels that ${groups} groups divide`, input, scope);
  }
  const weight = scope.weight("weight", [channels], constant(1));
  const bias = scope.weight("bias", [channels], constant(0));
  return {
    output: input,
    flops: sizeOf(input) * 8,
    forward(x) {
      const places = sizeOf(x.shape.slice(1, -1));
      const parts = x.reshape([x.shape[0]!, places, groups, channels / groups]);
      return standardised(parts, [1, 3], epsilon).reshape(x.shape).mul(weight.value).add(bias.value);
    },
  };
}
