import { basename, dirname } from "node:path";
import type { Dataset } from "../../data/dataset.js";
import { ValueError } from "../../errors.js";
import { assertPath } from "../../files/arguments.js";
import type { Model } from "../../nn/module.js";
import { show } from "../../tensor/arguments.js";
import type { FitOptions } from "../options.js";
import { remembered } from "../runs.js";
import { prepare } from "../steps.js";
import type { Training } from "../training.js";
import { Watch } from "../watch.js";
import { readNewest, removeLeftovers } from "./checkpoints.js";
import { checkFingerprint, fingerprint } from "./fingerprint.js";
import { keepFrom } from "./keeper.js";
import { applySnapshot } from "./snapshot.js";

/** How a run goes on in another process: all options that it began with, and where its checkpoints lie. */
export interface RestartOptions extends FitOptions {
  /** The folder of checkpoints, of which the newest good one is taken, or one checkpoint's own folder. */
  readonly from: string;
}

/**
 * The run that a checkpoint holds, with the model, the optimizer, the history and all random numbers as they were. Throws ValueError
 * where model, data or options are not those of the run, FileError where there is no good checkpoint, and all that `fit` throws;
 * then nothing has changed.
 */
export async function restart(model: Model, dataset: Dataset, options: RestartOptions): Promise<Training> {
  if (typeof options !== "object" || options === null) {
    throw new ValueError({ what: "resume", expected: "options { from, … } as the third argument", got: show(options) });
  }
  const { from, ...fitOptions } = options;
  assertPath("resume: from", from, "folder");
  // What is wrong with the arguments is said before anything is read.
  prepare(model, dataset, fitOptions);
  const { path, snapshot } = await readNewest("resume: from", from);
  const { state } = snapshot;
  // Whoever gave the folder of one checkpoint goes on beside it.
  const directory = path === from ? dirname(path) : from;
  const checkpoint = fitOptions.checkpoint ?? { directory, ...state.checkpoint };
  const training = prepare(model, dataset, { ...fitOptions, checkpoint });
  checkFingerprint(state.fingerprint, fingerprint(training), basename(path));
  await removeLeftovers(checkpoint.directory, state.run);
  // A run that is under way is taken over.
  remembered(model).driver = Symbol("restart");
  new Watch().whole(() => applySnapshot(training, snapshot));
  keepFrom(training);
  return training;
}
