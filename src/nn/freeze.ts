import { ValueError } from "../errors.js";
import { show } from "../tensor/arguments.js";
import { assertModel } from "./assert-model.js";
import type { Model } from "./module.js";
import { matches, nothingAt, patternsOf } from "./paths.js";
import { Weight } from "./scope.js";

/**
 * From its next run on, training leaves these weights alone, to the bit, those included that a layer sets itself: a frozen
 * batchNorm normalizes with the moving averages that it has (as Keras's). `patterns` are weights or places, with all that lies
 * under them: `"layers.0"`, `["tokens", "blocks.*.attention"]`; default: the whole model. Returns the paths of the weights that are
 * now frozen and were not. Throws ValueError for a pattern that no weight matches; then nothing is frozen.
 */
export function freeze(model: Model, patterns?: string | readonly string[]): string[] {
  return change("freeze", model, patterns, true);
}

/** Takes {@link freeze} back, for all weights or some. Returns the paths of those that were frozen. Throws ValueError. */
export function unfreeze(model: Model, patterns?: string | readonly string[]): string[] {
  return change("unfreeze", model, patterns, false);
}

function change(what: string, model: Model, given: string | readonly string[] | undefined, frozen: boolean): string[] {
  const weights = weightsOf(what, model);
  const patterns = given === undefined ? ["**"] : patternsOf(what, given);
  const paths = weights.map(({ path }) => path);
  for (const pattern of patterns) {
    if (given === undefined || paths.some((path) => matches(pattern, path, { below: true }))) continue;
    throw nothingAt(what, `weights of ${model.name}`, pattern, paths);
  }
  const changed = weights.filter(
    (weight) => weight.frozen !== frozen && patterns.some((pattern) => matches(pattern, weight.path, { below: true })),
  );
  for (const weight of changed) weight.frozen = frozen;
  return changed.map(({ path }) => path);
}

function weightsOf(what: string, model: Model): readonly Weight[] {
  assertModel(what, model);
  const { parameters } = model;
  if (parameters.every((one) => one instanceof Weight)) return parameters;
  const hint = "Make one with nn.sequential(…).";
  throw new ValueError({ what, expected: "a model", got: show(model), hint });
}
