import { inspect } from "node:util";
import type { Model } from "../nn/module.js";
import type { BestEpoch } from "./early-stopping.js";
import type { History } from "./history.js";
import type { EpochRecord, RunEnd, RunPlan } from "./observer.js";
import type { Training } from "./training.js";

/** A training run that has come to its end. */
export class Run<M extends Model = Model> {
  readonly model: M;
  readonly plan: RunPlan;
  /** All that the model has gone through, earlier runs included. */
  readonly history: History;
  /** The epochs of this run, those before an interruption included. */
  readonly epochs: readonly EpochRecord[];
  /** The steps that this run has made, those before an interruption included. */
  readonly steps: number;
  /** `{ reason: "finished" }`, or `{ reason: "early", why }` where `earlyStopping` ended it. */
  readonly end: RunEnd;
  /** The best epoch, where `earlyStopping` watched the run. */
  readonly best: BestEpoch | undefined;

  constructor(model: M, plan: RunPlan, training: Training) {
    this.model = model;
    this.plan = plan;
    this.history = training.history;
    this.epochs = training.epochRecords;
    this.steps = training.steps;
    this.end = training.end;
    this.best = training.best;
  }

  /** Length and last measurements in a line: `sequential: 3 epochs, 375 steps · loss 0.104 · validation accuracy 0.969`. */
  toString(): string {
    const last = this.epochs.at(-1);
    const measured = (record: Pick<EpochRecord, "loss" | "metrics"> | undefined, prefix: string) =>
      ["loss", ...this.plan.metrics].flatMap((name) => {
        const value = name === "loss" ? record?.loss : record?.metrics[name];
        return value === undefined ? [] : [`${prefix}${name} ${Number(value.toPrecision(3))}`];
      });
    const { length } = this.epochs;
    const made = `${this.model.name}: ${length} ${length === 1 ? "epoch" : "epochs"}, ${this.steps} ${this.steps === 1 ? "step" : "steps"}`;
    const early = this.end.reason === "early" ? [`ended early: ${this.end.why}`] : [];
    return [made, ...measured(last, ""), ...measured(last?.validation, "validation "), ...early].join(" · ");
  }

  [inspect.custom](): string {
    return `Run of ${this.toString()}`;
  }
}
