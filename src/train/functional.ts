import { ShapeError, ValueError } from "../errors.js";
import { assertModel } from "../nn/assert-model.js";
import type { Model, Parameter } from "../nn/module.js";
import { withStandIns } from "../nn/stand-in.js";
import * as tf from "../runtime/tf.js";
import { show } from "../tensor/arguments.js";
import { sameShape, showShape } from "../tensor/shape.js";

/** A model as a function of its weights: see {@link functional}. */
export interface Functional {
  /** The weights that are trained, in the order in which `forward` takes their values. An optimizer's `step` takes them. */
  readonly parameters: readonly Parameter[];
  /** Copies of what they hold now. */
  weights(): tf.Tensor[];
  /**
   * The model's forward pass with these weights instead of its own: `x: [batch, ...I]` → `[batch, ...O]`. With `training`, dropout is
   * active and batchNorm looks at the batch, but moves no averages. Throws ValueError, ShapeError.
   */
  forward(weights: readonly tf.Tensor[], x: tf.Tensor, options?: { readonly training?: boolean }): tf.Tensor;
}

/**
 * The model as a function of its weights, plain tensors, so that derivatives go through steps that changed them: the inner loop of
 * MAML (arXiv 1703.03400), hypergradients. As `torch.func.functional_call`.
 *
 *     const { forward, weights, parameters } = train.functional(net);
 *     const slope = tf.grads((...w: tf.Tensor[]) => loss(forward(w, x), y));
 *     const outer = tf.grads((...w: tf.Tensor[]) => {
 *       const adapted = slope(w).map((gradient, i) => w[i]!.sub(gradient.mul(0.1)));
 *       return loss(forward(adapted, x2), y2);
 *     });
 *     optimizer.step(parameters, outer(weights()));
 *
 * What is not trained (batchNorm's moving averages) is the model's own. Throws ValueError where nothing is trained.
 */
export function functional(model: Model): Functional {
  assertModel("functional", model);
  const parameters = model.parameters.filter(({ trainable }) => trainable);
  if (parameters.length === 0) {
    throw new ValueError({
      what: "functional",
      expected: "a model with weights to train",
      got: `${model.name} without any`,
    });
  }
  return {
    parameters,
    weights: () => parameters.map(({ variable }) => tf.tidy(() => variable.clone())),
    forward(weights, x, { training = false } = {}) {
      check(model, parameters, weights);
      const standIns = new Map(parameters.map(({ variable }, index) => [variable, weights[index]!]));
      return withStandIns(standIns, () => model.forward(x, { training, remember: () => {} }));
    },
  };
}

function check(model: Model, parameters: readonly Parameter[], weights: readonly tf.Tensor[]): void {
  if (!Array.isArray(weights) || weights.length !== parameters.length) {
    const got = Array.isArray(weights) ? String(weights.length) : show(weights);
    const hint = "Take `weights()` of train.functional.";
    throw new ValueError({
      what: "functional: forward",
      expected: `${parameters.length} weights of ${model.name}`,
      got,
      hint,
    });
  }
  parameters.forEach(({ path, variable }, index) => {
    const weight: tf.Tensor = weights[index];
    if (weight instanceof tf.Tensor && sameShape(weight.shape, variable.shape)) return;
    const got = weight instanceof tf.Tensor ? showShape(weight.shape) : show(weight);
    throw new ShapeError({ what: `functional: forward: ${path}`, expected: showShape(variable.shape), got });
  });
}
