import type { Tensor, Variable } from "../../runtime/tf.js";
import { checkOptions, numberIn } from "../../tensor/arguments.js";
import { batchNormal, normalAfter } from "../../tensor/batch-normal.js";
import { sizeOf } from "../../tensor/shape.js";
import type { SameShape } from "../elementwise.js";
import { constant } from "../initializers/initial.js";
import { type Built, callText, makeLayer } from "../layer.js";
import type { Scope } from "../scope.js";

/** What {@link batchNorm} takes. */
export interface BatchNormOptions {
  /** The share of each batch in the moving averages. Default 0.1. */
  readonly momentum?: number;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

/**
 * Brings each feature (the last axis) to mean 0 and variance 1, then scales and shifts it by learned weights (arXiv 1502.03167),
 * shape kept. In training over the batch and all other axes; otherwise with the moving averages of the batches seen in training.
 * Weight [features] one, bias [features] zero; not trained, but saved: movingMean [features] zero, movingVariance [features] one.
 * Momentum and ε as PyTorch's BatchNorm2d: Keras's momentum of 0.99 is 0.01 here. Frozen, it takes the moving averages in training,
 * too. Throws ValueError.
 */
export function batchNorm(options: BatchNormOptions = {}): SameShape {
  checkOptions("batchNorm", options, ["momentum", "epsilon"]);
  numberIn("batchNorm: momentum", options.momentum ?? 0.1, 0, 1);
  numberIn("batchNorm: epsilon", options.epsilon ?? 1e-5, 0);
  const label = callText("batchNorm", [], options);
  return makeLayer<SameShape>({ label, build: (input, scope) => buildBatchNorm(input, scope, options) });
}

function buildBatchNorm(input: readonly number[], scope: Scope, options: BatchNormOptions): Built {
  const { momentum = 0.1, epsilon = 1e-5 } = options;
  const features = input[input.length - 1]!;
  const weight = scope.weight("weight", [features], constant(1));
  const bias = scope.weight("bias", [features], constant(0));
  const mean = scope.weight("movingMean", [features], constant(0), { trainable: false });
  const variance = scope.weight("movingVariance", [features], constant(1), { trainable: false });
  const looks = (training: boolean) => training && !mean.frozen;
  scope.keepWhole(looks);
  return {
    output: input,
    flops: sizeOf(input) * 2,
    forward(x, { training, remember = assign }) {
      const moving = { mean: mean.value, variance: variance.value };
      if (!looks(training)) return normalAfter(x, weight.value, bias.value, moving, epsilon);
      const batch = batchNormal(x, weight.value, bias.value, moving, momentum, epsilon);
      remember(mean.value, batch.mean);
      remember(variance.value, batch.variance);
      return batch.output;
    },
  };
}

function assign(variable: Variable, value: Tensor): void {
  variable.assign(value);
}
