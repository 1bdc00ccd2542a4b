import { hostname } from "node:os";
import { join } from "node:path";
import { ValueError } from "../../errors.js";
import { assertPath } from "../../files/arguments.js";
import { nonNegativeInteger, show } from "../../tensor/arguments.js";
import type { EpochRecord, Observer, StepRecord } from "../observer.js";
import type { StatisticsRecord } from "../weight-statistics.js";
import { restartRecord, type Summary, summaryRecord, versionRecord } from "./event-file.js";
import { histogramOf } from "./histogram.js";
import { LogFile } from "./log-file.js";

/** An observer that writes for TensorBoard; values of one's own may be added. */
export interface TensorBoard extends Observer {
  /** A number after a step. Throws ValueError, FileError. */
  scalar(tag: string, value: number, step: number): void;
  /** How numbers are distributed after a step; those that are not finite are left out. Throws ValueError, FileError. */
  histogram(tag: string, values: ArrayLike<number>, step: number): void;
  /** Brings all of it to the disk now, not within a second. */
  flush(): void;
}

let files = 0;

/**
 * An observer that writes what a run measures into a folder that `tensorboard --logdir` reads, under `loss/batch`, `loss/epoch`,
 * `loss/validation`, the same for each metric, `optimizer/learningRate`, `optimizer/gradientNorm` and `speed/examplesPerSecond`; what the
 * option `statistics` of `fit` sees under `updateRatio/PATH`, `gradientNorm/PATH`, `weightNorm/PATH`, `weightDeviation/PATH`. Each
 * observer writes a file of its own (TFRecords of `Event` messages), so that runs may share a folder; of a run that goes on, TensorBoard
 * forgets the steps that are made again. Throws ValueError at once, and
 * FileError during the run when it cannot be written.
 */
export function tensorBoard(directory: string): TensorBoard {
  assertPath("tensorBoard", directory, "folder");
  let file: LogFile | undefined;
  let muted = false;
  const seconds = () => Date.now() / 1000;
  const opened = (now: number): LogFile => {
    if (file === undefined) {
      const time = String(Math.floor(now)).padStart(10, "0");
      const name = `events.out.tfevents.${time}.${hostname()}.${process.pid}.${files++}`;
      file = new LogFile("tensorBoard", join(directory, name), false);
      file.add(versionRecord(now));
    }
    return file;
  };
  const add = (step: number, summaries: readonly Summary[]): void => {
    const now = seconds();
    opened(now).add(summaryRecord(step, now, summaries));
  };
  const told = (step: number, summaries: readonly Summary[]): void => {
    if (!muted) add(step, summaries);
  };
  const flush = (): void => file?.flush();
  return {
    onStart({ resumed, rehearsal, firstStep }): void {
      muted = rehearsal;
      const now = seconds();
      if (resumed && !muted) opened(now).add(restartRecord(firstStep + 1, now));
    },
    onStep: (record) => told(record.step, stepSummaries(record)),
    onEpoch: (record) => told(record.step, epochSummaries(record)),
    onStatistics: (record) => told(record.step, statisticsSummaries(record)),
    onEnd: flush,
    flush,
    scalar(tag, value, step) {
      check("scalar", tag, step);
      if (typeof value !== "number") {
        throw new ValueError({ what: `tensorBoard: scalar '${tag}'`, expected: "a number", got: show(value) });
      }
      add(step, [{ tag, scalar: value }]);
    },
    histogram(tag, values, step) {
      check("histogram", tag, step);
      add(step, [{ tag, histogram: histogramOf(values) }]);
    },
  };
}

function stepSummaries({ loss, metrics, learningRate, gradientNorm, throughput }: StepRecord): Summary[] {
  const rest = { "optimizer/learningRate": learningRate, "optimizer/gradientNorm": gradientNorm };
  return [...under("batch", { loss, ...metrics }), ...scalars({ ...rest, "speed/examplesPerSecond": throughput })];
}

function epochSummaries({ loss, metrics, validation }: EpochRecord): Summary[] {
  const held = validation === undefined ? {} : { loss: validation.loss, ...validation.metrics };
  return [...under("epoch", { loss, ...metrics }), ...under("validation", held)];
}

function statisticsSummaries({ weights }: StatisticsRecord): Summary[] {
  return Object.entries(weights).flatMap(([path, { updateRatio, gradient, weight }]) => [
    ...scalars({ [`updateRatio/${path}`]: updateRatio, [`gradientNorm/${path}`]: gradient.norm }),
    ...scalars({ [`weightNorm/${path}`]: weight.norm, [`weightDeviation/${path}`]: weight.deviation }),
  ]);
}

function under(place: string, values: Readonly<Record<string, number>>): Summary[] {
  return scalars(Object.fromEntries(Object.entries(values).map(([name, value]) => [`${name}/${place}`, value])));
}

function scalars(values: Readonly<Record<string, number>>): Summary[] {
  return Object.entries(values).map(([tag, scalar]) => ({ tag, scalar }));
}

function check(kind: string, tag: unknown, step: unknown): void {
  if (typeof tag !== "string" || tag === "") {
    throw new ValueError({ what: `tensorBoard: ${kind}`, expected: 'a tag like "loss/batch"', got: show(tag) });
  }
  nonNegativeInteger(`tensorBoard: ${kind} '${tag}': step`, step);
}
