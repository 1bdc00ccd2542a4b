/** tfjs's losses; one of them has a wrong gradient there. */
import * as core from "@tensorflow/tfjs-core";

/**
 * The cross entropy of labels that are distributions and of logits, both [batch, classes]. tfjs's own has the gradient by the
 * labels wrong, and no second derivative.
 */
const softmaxCrossEntropy: typeof core.losses.softmaxCrossEntropy = (
  onehotLabels,
  logits,
  weights,
  smoothing = 0,
  reduction,
) => {
  const [labels, scores] = [asTensor(onehotLabels), asTensor(logits)];
  core.util.assertShapesMatch(labels.shape, scores.shape, "Error in softmaxCrossEntropy: ");
  const smooth =
    smoothing > 0 ? core.add(core.mul(labels, 1 - smoothing), smoothing / (labels.shape[1] as number)) : labels;
  const each = core.neg(core.sum(core.mul(smooth, core.logSoftmax(scores)), -1));
  return core.losses.computeWeightedLoss(each, weights, reduction);
};

function asTensor(x: core.Tensor | core.TensorLike): core.Tensor {
  return x instanceof core.Tensor ? x : core.tensor(x as number[]);
}

/** `tf.losses`, with gradients to any order. */
export const losses: typeof core.losses = { ...core.losses, softmaxCrossEntropy };
