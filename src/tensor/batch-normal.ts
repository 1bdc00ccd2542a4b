import { theEngine } from "../runtime/engine.js";
import { bool, float } from "../runtime/kernels/run.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { withGradients } from "./gradient.js";
import { type Native, nativeBackend } from "./native.js";
import { sizeOf } from "./shape.js";

/** What is known of the features before a batch, each [features]. */
export interface Moving {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** A batch brought to mean 0 and variance 1, and what is known of the features after it. */
export interface BatchNormal extends Moving {
  readonly output: Tensor;
}

/**
 * Brings every feature of `x: [..., features]` to mean 0 and variance 1 over all other axes, then multiplies it by `scale` and
 * adds `offset`, both [features] (arXiv 1502.03167, algorithm 1). The moving averages that come back have taken in `share` of
 * the batch's; the variance among them is the unbiased one. Differentiable in x, scale and offset.
 */
export function batchNormal(
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  moving: Moving,
  share: number,
  epsilon: number,
): BatchNormal {
  const rows = asImage(x);
  const native = nativeBackend();
  const { output, ...after } =
    native === undefined
      ? plainly(rows, scale, offset, moving, share, epsilon)
      : fused(native, rows, scale, offset, moving, share, epsilon);
  return { output: output.reshape(x.shape), ...after };
}

/** The same with the moving averages in the place of the batch's: what a model does that is not being trained. */
export function normalAfter(x: Tensor, scale: Tensor, offset: Tensor, moving: Moving, epsilon: number): Tensor {
  const vector = (tensor: Tensor) => tensor as tf.Tensor1D;
  const rows = asImage(x);
  return tf
    .batchNorm(rows, vector(moving.mean), vector(moving.variance), vector(offset), vector(scale), epsilon)
    .reshape(x.shape);
}

/** [..., features] → [rows, height, width, features], the only rank that TensorFlow's operation takes. */
function asImage(x: Tensor): tf.Tensor4D {
  const features = x.shape[x.rank - 1]!;
  return (x.rank === 4 ? x : x.reshape([-1, 1, 1, features])) as tf.Tensor4D;
}

/**
 * TensorFlow's own operation and gradient: a quarter of the time that their parts take. Version 3 is as fast and has one more
 * result, the shape of which is known only afterwards, so that it cannot be compiled.
 */
function fused(
  native: Native,
  x: tf.Tensor4D,
  scale: Tensor,
  offset: Tensor,
  { mean, variance }: Moving,
  share: number,
  epsilon: number,
): BatchNormal {
  const settings = [float("epsilon", epsilon), bool("is_training", true)];
  const averaging = [...settings, float("exponential_avg_factor", share)];
  const made = native.executeMultipleOutputs("FusedBatchNormV2", averaging, [x, scale, offset, mean, variance], 5);
  const [normal, newMean, newVariance, ...reserved] = made;
  const output = withGradients(
    [x, scale, offset],
    (inputs, save) => {
      save([...inputs, ...reserved]);
      return normal!;
    },
    (dy, [x, scale, offset, ...reserved]) => {
      // TensorFlow's gradient has no gradient: where it is asked for one, its parts answer.
      if (theEngine().state.gradientDepth > 0) {
        return tf.grads((x, scale, offset) => normalise(x!, scale!, offset!, epsilon).output)(
          [x!, scale!, offset!],
          dy,
        );
      }
      return native
        .executeMultipleOutputs("FusedBatchNormGradV2", settings, [dy, x!, scale!, ...reserved], 5)
        .slice(0, 3);
    },
  );
  return { output, mean: newMean!, variance: newVariance! };
}

function plainly(
  x: tf.Tensor4D,
  scale: Tensor,
  offset: Tensor,
  moving: Moving,
  share: number,
  epsilon: number,
): BatchNormal {
  const { output, mean, variance } = normalise(x, scale, offset, epsilon);
  const count = sizeOf(x.shape) / x.shape[3];
  const unbiased = variance.mul(count / Math.max(count - 1, 1));
  const moved = (from: Tensor, to: Tensor) => from.add(to.sub(from).mul(share));
  return { output, mean: moved(moving.mean, mean), variance: moved(moving.variance, unbiased) };
}

/** From parts that tfjs can derive, once and again. */
function normalise(x: Tensor, scale: Tensor, offset: Tensor, epsilon: number): BatchNormal {
  const mean = x.mean([0, 1, 2]);
  const centred = x.sub(mean);
  const variance = centred.square().mean([0, 1, 2]);
  return { output: centred.mul(variance.add(epsilon).rsqrt().mul(scale)).add(offset), mean, variance };
}
