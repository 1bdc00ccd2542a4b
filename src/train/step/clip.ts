import { ValueError } from "../../errors.js";
import type { Parameter } from "../../nn/module.js";
import * as tf from "../../runtime/tf.js";
import { positiveNumber } from "../../tensor/arguments.js";
import { squaredNorm } from "../../tensor/norm.js";

/** Ways to keep gradients from becoming too large; one of them at most. */
export interface ClipOptions {
  /** Gradients whose norm over all parameters (`gradientNorm`) is larger are scaled down to it. Default: no limit. */
  readonly clipNorm?: number;
  /** The same for the gradient of each parameter by itself. Default: no limit. */
  readonly clipParameterNorm?: number;
  /** Numbers of gradients outside ± this become it. Default: no limit. */
  readonly clipValue?: number;
  /**
   * The gradient of each unit, a column of a matrix or a filter, is scaled down to this share of the norm of its weights (arXiv
   * 2102.06171, `optax.adaptive_grad_clip`); 0.01 is usual. Default: no limit.
   */
  readonly clipAdaptive?: number;
}

/** What becomes of the gradients; `squares` is the sum of the squares of all of them. */
export type Clip = (
  gradients: readonly tf.Tensor[],
  parameters: readonly Parameter[],
  squares: tf.Tensor,
) => readonly tf.Tensor[];

/** Keeps the quotient of two norms finite (as PyTorch's clip_grad_norm_). */
const tiny = 1e-6;
/** No weights count as shorter than this when gradients are measured by them. */
const shortest = 1e-3;

const ways: { readonly [K in keyof Required<ClipOptions>]: (most: number) => Clip } = {
  clipNorm: (most) => (gradients, _, squares) => {
    const share = shareOf(most, squares);
    return gradients.map((gradient) => gradient.mul(share));
  },
  clipParameterNorm: (most) => (gradients) =>
    gradients.map((gradient) => gradient.mul(shareOf(most, squaredNorm([gradient])))),
  clipValue: (most) => (gradients) => gradients.map((gradient) => gradient.clipByValue(-most, most)),
  clipAdaptive: (share) => (gradients, parameters) =>
    gradients.map((gradient, index) => {
      const most = unitNorm(parameters[index]!.variable).maximum(shortest).mul(share);
      const norm = unitNorm(gradient);
      return gradient.mul(tf.where(norm.greater(most), most.div(norm.maximum(tiny)), tf.onesLike(norm)));
    }),
};

/** The names of the {@link ClipOptions}. */
export const clipNames = Object.keys(ways) as (keyof ClipOptions)[];

/** The limits, infinite where there is none. */
export function clipLimits(options: ClipOptions): Required<ClipOptions> {
  const limits = clipNames.map((name) => [name, options[name] ?? Number.POSITIVE_INFINITY]);
  return Object.fromEntries(limits) as Required<ClipOptions>;
}

/** What the options say, undefined where they say nothing. Throws ValueError. */
export function clipOf(options: ClipOptions): Clip | undefined {
  const limits = clipLimits(options);
  const given = clipNames.filter((name) => limits[name] !== Number.POSITIVE_INFINITY);
  for (const name of given) positiveNumber(`fit: ${name}`, limits[name]);
  const [first, second] = given;
  if (second !== undefined) {
    throw new ValueError({ what: `fit: ${second}`, expected: "one way to clip gradients", got: given.join(" and ") });
  }
  return first && ways[first](limits[first]);
}

function shareOf(most: number, squares: tf.Tensor): tf.Tensor {
  return tf.minimum(tf.scalar(most).div(squares.sqrt().add(tiny)), 1);
}

/** The norms of what leads to each output, [1, …, outputs]; of a vector, which has no inputs, the norm of all. */
function unitNorm(weight: tf.Tensor): tf.Tensor {
  const axes = weight.rank < 2 ? undefined : weight.shape.slice(0, -1).map((_, axis) => axis);
  return weight.square().sum(axes, true).sqrt();
}
