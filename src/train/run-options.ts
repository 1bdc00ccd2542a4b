/** Options of `fit` that say when a run ends, how much of the data it takes and who sees it. */
import type { Dataset } from "../data/dataset.js";
import { ValueError } from "../errors.js";
import { positiveInteger, show, trueOrFalse } from "../tensor/arguments.js";
import { type EarlyStoppingOptions, type EarlyStoppingSettings, earlyStoppingSettings } from "./early-stopping.js";

/** A part of the options of `fit`. */
export interface RunOptions {
  /**
   * Measured at the end of every epoch. A share, 0 … 1: so much of the data is set aside for it and not trained on, drawn by `seed`
   * as `data.split` does, so that a later run with the same seed sets the same aside.
   */
  readonly validate?: Dataset | number;
  /** Ends the run when it does not get better any more, with the weights of its best epoch. Default: no. */
  readonly earlyStopping?: EarlyStoppingOptions;
  /** Whether every epoch has an order of its own, drawn by `seed`; false: that of the data set. Default true. */
  readonly shuffle?: boolean;
  /**
   * Only shows that all of it works, in one batch of training and one of validation (`true`), or so many: afterwards the model, its
   * history, the optimizer and random numbers are as they were, and nothing is there to be resumed. Lightning's `fast_dev_run`.
   */
  readonly fastDevRun?: boolean | number;
  /**
   * Trains on the same so many batches in every epoch, drawn by `seed`: a model that cannot learn these by heart has a mistake
   * somewhere. Lightning's `overfit_batches`.
   */
  readonly overfitBatches?: number;
  /**
   * In every so many steps, from the first, looks at each weight, its gradient and how far it moves: see `history(model).statistics`.
   * Default: never.
   */
  readonly statistics?: number;
  /** The makers of `observeRuns` do not see this run: no loss curve is drawn. Default false. */
  readonly quiet?: boolean;
}

/** {@link RunOptions} checked and filled in. */
export interface RunSettings {
  readonly validate: Dataset | undefined;
  /** Of the data, to be set aside. */
  readonly validationShare: number | undefined;
  readonly earlyStopping: EarlyStoppingSettings | undefined;
  readonly shuffle: boolean;
  /** Batches. */
  readonly fastDevRun: number | undefined;
  readonly overfitBatches: number | undefined;
  readonly statistics: number | undefined;
  readonly quiet: boolean;
}

export const runOptionNames = [
  "validate",
  "earlyStopping",
  "shuffle",
  "fastDevRun",
  "overfitBatches",
  "statistics",
  "quiet",
] as const satisfies readonly (keyof RunOptions)[];

/** Throws ValueError. `measured`: the loss and the metrics by name. */
export function runSettings(options: RunOptions, measured: readonly string[]): RunSettings {
  const { validate, earlyStopping, shuffle = true, overfitBatches, statistics, quiet = false } = options;
  const share = typeof validate === "number" ? validate : undefined;
  if (share !== undefined && !(share > 0 && share < 1)) {
    throw new ValueError({
      what: "fit: validate",
      expected: "a data set, or a share between 0 and 1",
      got: show(share),
    });
  }
  trueOrFalse("fit: shuffle", shuffle);
  trueOrFalse("fit: quiet", quiet);
  if (overfitBatches !== undefined) positiveInteger("fit: overfitBatches", overfitBatches);
  if (statistics !== undefined) positiveInteger("fit: statistics", statistics);
  const fastDevRun = options.fastDevRun === true ? 1 : options.fastDevRun || undefined;
  if (fastDevRun !== undefined) positiveInteger("fit: fastDevRun", fastDevRun);
  const validated = validate !== undefined;
  return {
    validate: typeof validate === "number" ? undefined : validate,
    validationShare: share,
    earlyStopping: earlyStopping && earlyStoppingSettings("fit: earlyStopping", earlyStopping, measured, validated),
    shuffle: shuffle && overfitBatches === undefined,
    fastDevRun,
    overfitBatches,
    statistics,
    quiet,
  };
}
