import { checkOptions, numberIn } from "../../tensor/arguments.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { standardised } from "../../tensor/standardise.js";
import { constant } from "../initializers/initial.js";
import { type Built, callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "../layer.js";
import type { Scope } from "../scope.js";

/** What {@link instanceNorm} takes. */
export interface InstanceNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
  /** Scale and shift each channel by learned weights. Default false. */
  readonly affine?: boolean;
}

/** The type of `instanceNorm()`. */
export interface InstanceNorm extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? InstanceNormOutput<I> : never;
}

type InstanceNormOutput<I extends Shape> = number extends I["length"]
  ? Shape
  : I extends readonly [number, number, ...Shape]
    ? I
    : Reject<"instanceNorm", "[time, channels] or [height, width, channels]", I>;

/**
 * Brings each channel (the last axis) of an example to mean 0 and variance 1 over all other axes (arXiv 1607.08022), shape kept.
 * With `affine`: weight [channels] one, bias [channels] zero (as PyTorch's InstanceNorm2d). Throws ValueError.
 */
export function instanceNorm(options: InstanceNormOptions = {}): InstanceNorm {
  checkOptions("instanceNorm", options, ["epsilon", "affine"]);
  numberIn("instanceNorm: epsilon", options.epsilon ?? 1e-5, 0);
  return makeLayer<InstanceNorm>({
    label: callText("instanceNorm", [], options),
    build: (input, scope) => buildInstanceNorm(input, scope, options),
  });
}

function buildInstanceNorm(input: Shape, scope: Scope, options: InstanceNormOptions): Built {
  const { epsilon = 1e-5, affine = false } = options;
  if (input.length < 2) throw misfit("instanceNorm", "[time, channels] or [height, width, channels]", input, scope);
  const channels = input[input.length - 1]!;
  const weight = affine ? scope.weight("weight", [channels], constant(1)) : undefined;
  const bias = affine ? scope.weight("bias", [channels], constant(0)) : undefined;
  const axes = input.slice(1).map((_, axis) => axis + 1);
  return {
    output: input,
    flops: sizeOf(input) * 8,
    forward(x) {
      const normal = standardised(x, axes, epsilon);
      return weight === undefined ? normal : normal.mul(weight.value).add(bias!.value);
    },
  };
}
