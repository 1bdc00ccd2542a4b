import type { Dataset } from "../data/dataset.js";
import { InterruptedError, ValueError } from "../errors.js";
import { known } from "../nn/losses/loss.js";
import type { Model } from "../nn/module.js";
import type { Shape } from "../tensor/shape.js";
import { keepAll } from "./as-before.js";
import { keeperOf } from "./checkpoint/keeper.js";
import { checkData, type Matching } from "./checks.js";
import { Clock } from "./clock.js";
import { HistoryLog } from "./history.js";
import type { Means } from "./means.js";
import { measure } from "./measure.js";
import { checkMemory } from "./memory.js";
import type { Observer, RunEnd, RunPlan, StepRecord } from "./observer.js";
import { type FitOptions, settings } from "./options.js";
import { portions } from "./portions.js";
import { rehearsed } from "./rehearsal.js";
import { type Remembered, remembered } from "./runs.js";
import { Training } from "./training.js";
import { usualLoss } from "./usual-loss.js";
import { Watch } from "./watch.js";
import { weighing, weighingOf } from "./weighing.js";

/** Makes an observer for a run that begins or goes on, if it wants to see this one. */
export type ObserverMaker = (plan: RunPlan) => Observer | undefined;

const makers: ObserverMaker[] = [];

/** From now on every run of this process is seen by an observer of this kind, before the run's own. */
export function observeRuns(make: ObserverMaker): void {
  makers.push(make);
}

/**
 * A training run as a loop, a step at a time: `for await (const step of train.steps(net, digits, options))`. Leaving the loop
 * leaves the run unfinished: `train.resume` goes on. All that `fit` throws; mistakes in the arguments at once.
 */
export function steps<M extends Model, J extends Shape>(
  model: M,
  dataset: Dataset<J> & Matching<J, M["inputShape"]>,
  options: FitOptions = {},
): AsyncGenerator<StepRecord, void, undefined> {
  const training = prepare(model, dataset, options);
  return drive(training, training.settings.observers, training.settings.signal);
}

/** A run that has passed every check and not begun. `history`: where it writes what it does, by default into the model's. */
export function prepare(model: Model, dataset: Dataset, options: FitOptions, history?: HistoryLog): Training {
  const chosen = settings(options, () => usualLoss("fit", model, dataset));
  const wanted = { lossName: chosen.lossName, targets: known(chosen.loss)?.targets };
  checkData("fit", model, dataset, wanted);
  if (chosen.validate !== undefined) checkData("fit: validate", model, chosen.validate, wanted);
  const weights = weighing("fit", options, chosen.loss, model, dataset);
  checkMemory(model, Math.min(chosen.batchSize, dataset.size));
  const { train, validate, rows } = portions(dataset, chosen);
  const run = rehearsed({ ...chosen, validate, weighing: weighingOf(weights, rows) });
  const own = chosen.fastDevRun === undefined ? remembered(model).history : new HistoryLog();
  return new Training(model, train, run, history ?? own);
}

/** Takes a run from where it is to its end, telling the observers. */
export async function* drive(
  training: Training,
  own: readonly Observer[],
  signal: AbortSignal | undefined,
): AsyncGenerator<StepRecord, void, undefined> {
  const watch = new Watch(signal);
  const clock = new Clock();
  const { model, settings } = training;
  const isRehearsal = settings.fastDevRun !== undefined;
  const putBack = isRehearsal ? keepAll(model, settings.optimizer) : undefined;
  const memory: Remembered = isRehearsal ? { history: training.history, judges: [] } : remembered(model);
  const driver = Symbol("run");
  memory.unfinished = training;
  memory.driver = driver;
  memory.criteria = training.settings;
  const keeper = keeperOf(training);
  const { plan } = training;
  const watchers = training.settings.quiet ? [] : makers.flatMap((make) => make(plan) ?? []);
  const observers = [...watchers, ...own];
  const mine = (): void => {
    if (memory.driver !== driver) throw taken(training);
  };
  let end: RunEnd = { reason: "interrupted" };
  try {
    for (const observer of observers) observer.onStart?.(plan);
    clock.skip();
    for (;;) {
      mine();
      keeper?.check();
      if (keeper?.due) await keeper.save(watch, mine);
      if (training.finished) break;
      if (watch.stopped) throw interrupted(training);
      if (training.epochPending) {
        const validation = await validate(training, watch);
        mine();
        const record = training.endEpoch(validation, clock);
        clock.skip();
        for (const observer of observers) observer.onEpoch?.(record);
        continue;
      }
      const ready = training.ready();
      if (ready !== undefined) {
        await ready;
        mine();
        if (watch.stopped) throw interrupted(training);
      }
      const record = await watch.through(watch.whole(() => training.step(clock)));
      mine();
      for (const observer of observers) observer.onStep?.(record);
      const statistics = training.history.statistics.at(-1);
      if (statistics?.step === record.step) {
        for (const observer of observers) observer.onStatistics?.(statistics);
      }
      yield record;
      await watch.rest();
    }
    await keeper?.settle();
    end = watch.whole(() => training.conclude());
    memory.unfinished = undefined;
    memory.lastEnd = end;
  } catch (error) {
    if (!(error instanceof InterruptedError)) end = { reason: "failed", error: error as Error };
    throw error;
  } finally {
    training.rest();
    if (putBack !== undefined) watch.whole(putBack);
    await watch.closing(async () => {
      if (memory.driver === driver) await keeper?.rest(watch, mine, end.reason === "interrupted");
      for (const observer of observers) await observer.onEnd?.(end);
    });
  }
}

async function validate(training: Training, watch: Watch): Promise<Means | undefined> {
  const { validate: dataset, batchSize } = training.settings;
  if (dataset === undefined) return undefined;
  // Compiled from the first batch on, or a run that goes on in another process would find other last digits.
  const means = await measure(training.model, dataset, training.settings, batchSize, watch, { lazy: false });
  if (means === undefined) throw interrupted(training);
  return means;
}

function interrupted(training: Training): InterruptedError {
  const { settings, steps, length, epochs } = training;
  return new InterruptedError({
    what: "fit",
    expected: `${length} steps (${settings.epochs} ${settings.epochs === 1 ? "epoch" : "epochs"})`,
    got: `a stop after ${steps} (${Number(epochs.toFixed(2))} epochs)`,
    hint:
      settings.fastDevRun !== undefined
        ? "All is as it was before."
        : "Weights and history are kept: `await train.resume(model)` goes on from here, train.fit trains on afresh.",
  });
}

function taken(training: Training): ValueError {
  return new ValueError({
    what: "fit",
    expected: `${training.model.name} to itself`,
    got: `another run of it, begun after step ${training.steps}`,
    hint: "Put await before train.fit.",
  });
}
