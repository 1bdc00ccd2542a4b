import type { Dataset } from "../data/dataset.js";
import { ValueError } from "../errors.js";
import { assertModel } from "../nn/assert-model.js";
import type { Model } from "../nn/module.js";
import { checkOptions } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import { type RestartOptions, restart } from "./checkpoint/restart.js";
import type { Matching } from "./checks.js";
import { assertObservers, type Observer } from "./observer.js";
import type { FitOptions } from "./options.js";
import { Run } from "./run.js";
import { unfinished } from "./runs.js";
import { drive, prepare } from "./steps.js";
import type { Training } from "./training.js";

/** What a run that goes on does not take over from before. */
export interface ResumeOptions {
  /** Instead of the run's own. */
  readonly observers?: readonly Observer[];
  readonly signal?: AbortSignal;
}

/**
 * Trains the model's weights on the data set, in place, and resolves when all epochs are done. Everything that is wrong with
 * the arguments is said before anything is changed (ValueError, ShapeError, DataError, MemoryError). Stop, or the signal, ends
 * it after the step that is being made: InterruptedError, with weights and history kept. NonFiniteError where a step would
 * have made the weights NaN; that step is not applied.
 */
export async function fit<M extends Model, J extends Shape>(
  model: M,
  dataset: Dataset<J> & Matching<J, M["inputShape"]>,
  options: FitOptions = {},
): Promise<Run<M>> {
  const training = prepare(model, dataset, options);
  return await complete(model, training, training.settings);
}

/**
 * Takes the model's last run, which was interrupted or failed, to its planned end: the same data in the same order, the same
 * options and optimizer, as if it had never stopped. Throws ValueError when there is no such run or option, and all that `fit` throws.
 */
export async function resume<M extends Model>(model: M, options?: ResumeOptions): Promise<Run<M>>;
/**
 * Takes a run that was saved with `fit`'s option `checkpoint` to its planned end, in another process as well: the same model, data and
 * options give the same bytes as a run that never stopped (on a CPU of the same kind). It goes on saving where it was saved; a run
 * that is finished is only put back. Random numbers of this process, `nn.seed`'s too, go on where they were. Throws ValueError where
 * model, data or options are not those of the run, FileError where there is no good checkpoint, and all that `fit` throws; then
 * nothing has changed.
 */
export async function resume<M extends Model, J extends Shape>(
  model: M,
  dataset: Dataset<J> & Matching<J, M["inputShape"]>,
  options: RestartOptions,
): Promise<Run<M>>;
export async function resume<M extends Model>(
  model: M,
  first: ResumeOptions | Dataset = {},
  restartOptions?: RestartOptions,
): Promise<Run<M>> {
  assertModel("resume", model);
  if (restartOptions !== undefined) {
    const training = await restart(model, first as Dataset, restartOptions);
    return await complete(model, training, training.settings);
  }
  const options = first as ResumeOptions;
  if (typeof options === "object" && options !== null && "from" in options) {
    const hint = "Give the data and the run's options, too: train.resume(net, data, { from, loss, optimizer, … }).";
    throw new ValueError({ what: "resume", expected: "a data set before the options with 'from'", got: "none", hint });
  }
  checkOptions("resume", options, ["observers", "signal"]);
  const training = unfinished(model);
  const { observers = training.settings.observers } = options;
  assertObservers("resume: observers", observers);
  return await complete(model, training, {
    observers,
    signal: options.signal,
  });
}

async function complete<M extends Model>(
  model: M,
  training: Training,
  { observers, signal }: { observers: readonly Observer[]; signal: AbortSignal | undefined },
): Promise<Run<M>> {
  const { plan } = training;
  for await (const _ of drive(training, observers, signal));
  return new Run(model, plan, training);
}
