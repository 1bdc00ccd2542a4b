import { ShapeError } from "../../errors.js";
import * as tf from "../../runtime/tf.js";
import { positiveNumber, trueOrFalse } from "../../tensor/arguments.js";
import { withGradient } from "../../tensor/gradient.js";
import { sameShape, showShape } from "../../tensor/shape.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";

/** What {@link gaussianNll} takes. */
export interface GaussianNllOptions extends LossOptions {
  /** Whether the second half are logarithms of variances, which any number is, or the variances themselves. Default true. */
  readonly logVariance?: boolean;
  /** Adds ½ ln 2π. Default false. */
  readonly full?: boolean;
  /** The least variance. Default 1e-6. */
  readonly epsilon?: number;
}

/**
 * Mean of ½ (ln variance + (mean − target)² / variance): how unlikely targets are (but for a constant) that are drawn from normal
 * distributions (Nix and Weigend 1994). `prediction: [..., 2 n]` are n means, then n logarithms of variances; `target: [..., n]`. As
 * PyTorch's `GaussianNLLLoss`. Throws ShapeError, ValueError.
 */
export function gaussianNll(options: GaussianNllOptions = {}): KnownLoss {
  const { logVariance = true, full = false, epsilon = 1e-6 } = options;
  trueOrFalse("gaussianNll: logVariance", logVariance);
  trueOrFalse("gaussianNll: full", full);
  positiveNumber("gaussianNll: epsilon", epsilon);
  return makeLoss("gaussianNll", options, ["logVariance", "full", "epsilon"], {
    targets: { kind: "values", shape: (output) => [...output.slice(0, -1), Math.floor((output.at(-1) ?? 0) / 2)] },
    each(prediction, target) {
      const [...positions] = prediction.shape;
      const width = positions.pop() ?? 0;
      if (width % 2 === 1 || !sameShape(target.shape, [...positions, width / 2])) {
        const expected = "predictions [..., 2 n] (n means, n variances) and targets [..., n]";
        const got = `${showShape(prediction.shape)} and ${showShape(target.shape)}`;
        throw new ShapeError({ what: "gaussianNll", expected, got });
      }
      const [mean, spread] = tf.split(prediction, 2, -1) as [tf.Tensor, tf.Tensor];
      const squares = target.sub(mean).square();
      const log = logVariance ? atLeast(spread, Math.log(epsilon)) : atLeast(spread, epsilon).log();
      const values = log.add(squares.mul(log.neg().exp())).mul(0.5);
      return { values: full ? values.add(0.5 * Math.log(2 * Math.PI)) : values };
    },
  });
}

/** The value is raised, and the gradient passes as if it were not: a variance that is too small must be able to grow. */
function atLeast(x: tf.Tensor, least: number): tf.Tensor {
  return withGradient(
    x,
    (value) => tf.maximum(value, least),
    (dy) => dy,
  );
}
