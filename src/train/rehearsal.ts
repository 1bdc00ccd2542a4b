import type { Dataset } from "../data/dataset.js";
import { Subset } from "../data/subset.js";
import type { Settings } from "./options.js";

/** The settings of a run that only shows that it can be made: so many batches of training and of validation, nothing kept on disk. */
export function rehearsed(settings: Settings): Settings {
  const { fastDevRun, batchSize, validate } = settings;
  if (fastDevRun === undefined) return settings;
  return {
    ...settings,
    epochs: 1,
    maxSteps: fastDevRun,
    validate: validate && first(validate, fastDevRun * batchSize),
    earlyStopping: undefined,
    checkpoint: undefined,
  };
}

function first(dataset: Dataset, count: number): Dataset {
  if (count >= dataset.size) return dataset;
  return new Subset(
    dataset,
    Array.from({ length: count }, (_, index) => index),
  );
}
