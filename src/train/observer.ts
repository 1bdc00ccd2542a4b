/** What a training run tells its watchers; the loss curve is one of them. */
import { ValueError } from "../errors.js";
import { nearest } from "../nearest.js";
import { show } from "../tensor/arguments.js";
import type { StatisticsRecord } from "./weight-statistics.js";

/** Known before the first step. */
export interface RunPlan {
  readonly model: string;
  readonly parameters: number;
  /** The optimizer as the user wrote it: `adam(0.001)`. */
  readonly optimizer: string;
  readonly loss: string;
  readonly metrics: readonly string[];
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  /** Steps the model has made before this run, or before it goes on: the first record's step is one more. */
  readonly firstStep: number;
  /** The step with which the run is to end, counted as {@link StepRecord.step}: `lastStep - step` are still to be done. */
  readonly lastStep: number;
  readonly validated: boolean;
  /** Whether the run goes on where it was stopped or saved: its steps up to `firstStep` were told before. */
  readonly resumed: boolean;
  /** Whether it is one of `fastDevRun`, of which nothing stays: `csv` and `tensorBoard` pass it over. */
  readonly rehearsal: boolean;
}

/** One optimizer step. */
export interface StepRecord {
  /** Counts from 1 over the model's whole history, earlier runs included. */
  readonly step: number;
  /** Epochs done over the whole history, as a fraction: 1.5 in the middle of the second. */
  readonly epoch: number;
  readonly loss: number;
  /** Metrics of this batch. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly learningRate: number;
  /** √ of the sum of the squares of all gradients, before they were clipped. */
  readonly gradientNorm: number;
  /** Milliseconds since the run began, or since it went on. */
  readonly elapsed: number;
  /** Examples a second, averaged over the last steps. */
  readonly throughput: number;
}

/** The end of an epoch. */
export interface EpochRecord {
  /** Counts from 1 over the model's whole history. */
  readonly epoch: number;
  readonly step: number;
  /** Means over the epoch's batches; metrics that are no means are those of all batches together, but AUC, BLEU and the like. */
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** On the validation set, where one was given. */
  readonly validation?: { readonly loss: number; readonly metrics: Readonly<Record<string, number>> };
  readonly elapsed: number;
}

/** How a run ended. */
export type RunEnd =
  | { readonly reason: "finished" }
  /** It did not get better any more: `why` says what, and since when. */
  | { readonly reason: "early"; readonly why: string }
  | { readonly reason: "interrupted" }
  | { readonly reason: "failed"; readonly error: Error };

/** Watches a run. Exceptions from an observer end the run. */
export interface Observer {
  onStart?(plan: RunPlan): void;
  onStep?(record: StepRecord): void;
  /** After `onStep`, where the option `statistics` of `fit` looked at the step. */
  onStatistics?(record: StatisticsRecord): void;
  onEpoch?(record: EpochRecord): void;
  /** Awaited before `fit` settles: the last figure is drawn here. */
  onEnd?(end: RunEnd): void | Promise<void>;
}

const moments = [
  "onStart",
  "onStep",
  "onStatistics",
  "onEpoch",
  "onEnd",
] as const satisfies readonly (keyof Observer)[];

/** Throws ValueError unless it is a list of observers, each of which sees something. */
export function assertObservers(what: string, observers: readonly Observer[]): void {
  if (!Array.isArray(observers)) {
    throw new ValueError({ what, expected: 'a list like [train.csv("run.csv")]', got: show(observers) });
  }
  observers.forEach((observer: Observer, index) => {
    const isObject = typeof observer === "object" && observer !== null;
    if (isObject && moments.some((moment) => typeof observer[moment] === "function")) return;
    const like = isObject ? Object.keys(observer).flatMap((key) => nearest(key, moments) ?? [])[0] : undefined;
    throw new ValueError({
      what: `${what}[${index}]`,
      expected: `an object with some of ${moments.join(", ")}`,
      got: show(observer),
      ...(like !== undefined && { hint: `Did you mean '${like}'?` }),
    });
  });
}
