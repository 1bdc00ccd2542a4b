/** Weights of a model by path: to keep them, to put them back, to move them to another model. */
import { ShapeError, ValueError } from "../errors.js";
import { nearest } from "../nearest.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { sameShape, showShape } from "../tensor/shape.js";
import type { Model } from "./module.js";

/** Weights by path, `layers.0.weight`. */
export type Weights = ReadonlyMap<string, Tensor>;

/** A copy of the model's weights, untouched by later training. */
export function weights(model: Model): Weights {
  return new Map(model.parameters.map(({ path, variable }) => [path, tf.tidy(() => variable.clone())]));
}

/**
 * Gives the model these weights, all of them. Throws ValueError on a path too many or missing and ShapeError on another
 * shape; then the model is as it was.
 */
export function setWeights(model: Model, values: Weights): void {
  checkWeights("setWeights", model, values);
  for (const { path, variable } of model.parameters) {
    tf.tidy(() => variable.assign(values.get(path)!.toFloat().clone()));
  }
}

/** Throws what {@link setWeights} throws. `what` is the one to complain. */
export function checkWeights(what: string, model: Model, values: Weights): void {
  const paths = model.parameters.map(({ path }) => path);
  for (const path of values.keys()) {
    if (paths.includes(path)) continue;
    const near = nearest(path, paths);
    const hint = near === undefined ? {} : { hint: `Did you mean '${near}'?` };
    throw new ValueError({ what, expected: `weights of ${model.name}`, got: `'${path}'`, ...hint });
  }
  for (const { path, variable } of model.parameters) {
    const value = values.get(path);
    if (value === undefined) throw new ValueError({ what, expected: `a value for '${path}'`, got: "none" });
    if (!sameShape(value.shape, variable.shape)) {
      const expected = showShape(variable.shape);
      throw new ShapeError({ what: `${what}: ${path}`, expected, got: showShape(value.shape) });
    }
  }
}

/** Gives `to` the weights of `from`, a model of the same layers. Throws ValueError, ShapeError; then `to` is as it was. */
export function copyWeights(from: Model, to: Model): void {
  setWeights(to, new Map(from.parameters.map(({ path, variable }) => [path, variable])));
}
