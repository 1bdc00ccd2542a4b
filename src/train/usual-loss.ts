import { assertNotEmpty } from "../data/arrays.js";
import type { Dataset } from "../data/dataset.js";
import { assertModel } from "../nn/assert-model.js";
import type { Loss } from "../nn/losses/loss.js";
import type { LossName } from "../nn/losses/names.js";
import type { Model } from "../nn/module.js";
import { assertDataset, hasClasses } from "./checks.js";
import { remembered } from "./runs.js";

/**
 * The loss where nobody says one: what the model was last trained with; for a new model crossEntropy where the data set has classes,
 * meanSquaredError where it has values. Throws ValueError, DataError where there is no model or no data.
 */
export function usualLoss(what: string, model: Model, dataset: Dataset): LossName | Loss {
  assertModel(what, model);
  assertDataset(what, dataset);
  assertNotEmpty(`${what}: ${dataset.name}`, dataset.size);
  return remembered(model).criteria?.given ?? (hasClasses(model, dataset) ? "crossEntropy" : "meanSquaredError");
}
