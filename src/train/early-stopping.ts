import { ValueError } from "../errors.js";
import { nearest } from "../nearest.js";
import type { Model } from "../nn/module.js";
import { setWeights, type Weights, weights } from "../nn/weights.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, nonNegativeInteger, numberIn, oneOf, show, trueOrFalse } from "../tensor/arguments.js";
import type { EpochRecord } from "./observer.js";

/** When a run ends before its last epoch, and with which weights. Keras's `EarlyStopping`. */
export interface EarlyStoppingOptions {
  /**
   * What is watched at the end of every epoch: `"loss"`, the name of a metric, or `"validation "` and one of these. Default:
   * `"validation loss"`, or `"loss"` where nothing is validated.
   */
  readonly metric?: string;
  /** Which values of it are better. Default: what its name tells (errors and losses are better low, accuracies high). */
  readonly better?: "lower" | "higher";
  /** The run ends after so many epochs in a row without a better value; `Infinity`: never, only the best weights are kept. Default 3. */
  readonly patience?: number;
  /** A value that is better by less than this is not better. Default 0. */
  readonly minDelta?: number;
  /** So many first epochs are not looked at. Default 0. */
  readonly startAfter?: number;
  /** The run ends with the weights of its best epoch; the optimizer keeps what it knows of the last. Default true. */
  readonly restoreBest?: boolean;
}

/** {@link EarlyStoppingOptions} checked and filled in. */
export type EarlyStoppingSettings = Required<EarlyStoppingOptions>;

/** The epoch of a run in which the watched value was best. */
export interface BestEpoch {
  /** What was watched: `"validation loss"`. */
  readonly metric: string;
  readonly value: number;
  /** Counted as {@link EpochRecord.epoch}. */
  readonly epoch: number;
}

const lower = /loss|error|entropy|perplexity|divergence|brier/i;
const higher = /accuracy|precision|recall|specificity|f1|auc|r2|iou|dice|kappa|matthews|bleu/i;

/**
 * Throws ValueError for an option that is unknown or cannot be; for a metric that is not among `measured` (`["loss", "accuracy"]`),
 * it names the nearest.
 */
export function earlyStoppingSettings(
  what: string,
  options: EarlyStoppingOptions,
  measured: readonly string[],
  validated: boolean,
): EarlyStoppingSettings {
  checkOptions(what, options, ["metric", "better", "patience", "minDelta", "startAfter", "restoreBest"]);
  const { metric = validated ? "validation loss" : "loss", patience = 3, minDelta = 0 } = options;
  const { startAfter = 0, restoreBest = true } = options;
  checkMetric(`${what}: metric`, metric, measured, validated);
  if (patience !== Number.POSITIVE_INFINITY) nonNegativeInteger(`${what}: patience`, patience);
  numberIn(`${what}: minDelta`, minDelta, 0);
  nonNegativeInteger(`${what}: startAfter`, startAfter);
  trueOrFalse(`${what}: restoreBest`, restoreBest);
  const better = options.better ?? usuallyBetter(metric);
  if (better === undefined) {
    const hint = `Is a low '${metric}' good, or a high one?`;
    throw new ValueError({ what: `${what}: better`, expected: `"lower" or "higher"`, got: "undefined", hint });
  }
  oneOf(`${what}: better`, better, ["lower", "higher"]);
  return { metric, better, patience, minDelta, startAfter, restoreBest };
}

/** Which values of a metric are better, as far as its name tells. */
export function usuallyBetter(metric: string): "lower" | "higher" | undefined {
  if (lower.test(metric)) return "lower";
  return higher.test(metric) ? "higher" : undefined;
}

/** The value of an epoch with that name: `"accuracy"`, `"validation loss"`; NaN where it has none. */
function epochValue({ loss, metrics, validation }: EpochRecord, metric: string): number {
  const held = /^validation (.*)$/s.exec(metric)?.[1];
  const from = held === undefined ? { loss, metrics } : validation;
  const values: Readonly<Record<string, number>> = from === undefined ? {} : { loss: from.loss, ...from.metrics };
  return values[held ?? metric] ?? Number.NaN;
}

/** Looks at the epochs of a run, keeps the weights of the best, and says when it is enough. It may rest as its run may. */
export class EarlyStopping {
  readonly #settings: EarlyStoppingSettings;
  readonly #model: Model;
  #looked = 0;
  #waited = 0;
  #best: BestEpoch | undefined;
  #weights: Weights | undefined;

  constructor(settings: EarlyStoppingSettings, model: Model) {
    this.#settings = settings;
    this.#model = model;
  }

  /** The best epoch so far; undefined before the first with a value. */
  get best(): BestEpoch | undefined {
    return this.#best;
  }

  /** The weights of that epoch, where they are kept. Not copies. */
  get bestWeights(): Weights | undefined {
    return this.#weights;
  }

  /** Why the run should go on no longer; undefined where it should. */
  get why(): string | undefined {
    const { metric, patience } = this.#settings;
    if (this.#waited === 0 || this.#waited < patience) return undefined;
    const best =
      this.#best === undefined ? "" : ` than ${Number(this.#best.value.toPrecision(4))} of epoch ${this.#best.epoch}`;
    const epochs = this.#waited === 1 ? "1 epoch" : `${this.#waited} epochs`;
    return `no ${metric} better${best} in ${epochs}`;
  }

  /** An epoch has ended: what it measured is held against the best. */
  look(record: EpochRecord): void {
    if (!this.#judge(record) || !this.#settings.restoreBest) return;
    this.#forget();
    this.#weights = weights(this.#model);
  }

  /** Goes on where another was that had looked at these epochs and kept these weights, which belong to this one now. */
  restore(records: readonly EpochRecord[], best: Weights | undefined): void {
    this.#forget();
    [this.#looked, this.#waited, this.#best] = [0, 0, undefined];
    for (const record of records) this.#judge(record);
    this.#weights = best;
  }

  /** Gives the model the weights of its best epoch, where they were kept. */
  restoreBest(): void {
    if (this.#weights !== undefined) setWeights(this.#model, this.#weights);
    this.#forget();
  }

  /** Whether it is the best so far. */
  #judge(record: EpochRecord): boolean {
    const { metric, startAfter } = this.#settings;
    if (this.#looked++ < startAfter) return false;
    const value = epochValue(record, metric);
    if (!this.#isBetter(value)) {
      this.#waited++;
      return false;
    }
    this.#waited = 0;
    this.#best = { metric, value, epoch: record.epoch };
    return true;
  }

  #isBetter(value: number): boolean {
    const { better, minDelta } = this.#settings;
    if (Number.isNaN(value)) return false;
    if (this.#best === undefined) return true;
    return better === "lower" ? value + minDelta < this.#best.value : value - minDelta > this.#best.value;
  }

  #forget(): void {
    if (this.#weights !== undefined) tf.dispose([...this.#weights.values()]);
    this.#weights = undefined;
  }
}

function checkMetric(what: string, metric: unknown, measured: readonly string[], validated: boolean): void {
  const names = [...measured, ...(validated ? measured.map((name) => `validation ${name}`) : [])];
  if (typeof metric === "string" && names.some((name) => isNamed(metric, name))) return;
  const unvalidated = typeof metric === "string" && metric.startsWith("validation ") && !validated;
  const near = typeof metric === "string" ? nearest(metric, names) : undefined;
  const hint = unvalidated
    ? { hint: "Nothing is validated: give `validate`, too." }
    : near === undefined
      ? {}
      : { hint: `Did you mean '${near}'?` };
  const expected = `one of ${names.map((name) => `"${name}"`).join(", ")}`;
  throw new ValueError({ what, expected, got: show(metric), ...hint });
}

/** Whether it is the name, or one of the numbers of a metric that has many: `f1[…]` stands for `f1[0]`. */
function isNamed(metric: string, name: string): boolean {
  return metric === name || (name.endsWith("[…]") && metric.startsWith(name.slice(0, -2)) && metric.endsWith("]"));
}
