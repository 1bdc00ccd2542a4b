import { inspect } from "node:util";
import type { Dataset } from "../data/dataset.js";
import { folds } from "../data/split.js";
import { InterruptedError, ValueError } from "../errors.js";
import type { Model } from "../nn/module.js";
import { checkOptions, show } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import { assertDataset, type Matching } from "./checks.js";
import { type Evaluation, evaluate } from "./evaluate.js";
import { fit } from "./fit.js";
import { type FitOptions, fitOptionNames } from "./options.js";
import type { Run } from "./run.js";
import { deviation, mean } from "./statistics.js";

/** How {@link kFold} divides and trains: all that `fit` takes but `validate`. Draws nothing unless `quiet: false`. */
export interface KFoldOptions extends Omit<FitOptions, "validate"> {
  /** Default 5. */
  readonly folds?: number;
  /** The classes in each fold as in the whole. Default: true where the targets are one class an example. */
  readonly stratified?: boolean;
}

/** One fold: a model of its own, trained on the others and measured on this one. */
export interface Fold<M extends Model = Model> {
  /** Counts from 1. */
  readonly fold: number;
  readonly run: Run<M>;
  /** Loss and metrics on the examples that its model has not seen. */
  readonly validation: Evaluation;
}

/** What cross-validation found, a row a fold. It displays itself as a table. */
export class Folds<M extends Model = Model> {
  readonly dataset: string;
  readonly folds: readonly Fold<M>[];
  /** Of loss and metrics over the folds. */
  readonly mean: Evaluation;
  /** √ of the variance of the folds, the sum of squares divided by their number less one. */
  readonly deviation: Evaluation;

  constructor(dataset: string, folds: readonly Fold<M>[]) {
    this.dataset = dataset;
    this.folds = folds;
    this.mean = over(folds, mean);
    this.deviation = over(folds, deviation);
  }

  /** In a line: `5 folds: loss 0.312 ± 0.021 · accuracy 0.9 ± 0.012`. */
  toString(): string {
    const values = Object.entries(this.mean).map(([name, value]) => {
      const spread = this.deviation[name] ?? Number.NaN;
      return `${name} ${Number(value.toPrecision(3))} ± ${Number(spread.toPrecision(2))}`;
    });
    return `${this.folds.length} folds: ${values.join(" · ")}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** {@link kFold} was stopped. `folds` are those that were done. */
export class FoldsInterruptedError extends InterruptedError {
  constructor(
    readonly folds: readonly Fold[],
    wanted: number,
  ) {
    const hint = "Those that were done are in the error's `folds`.";
    super({ what: "kFold", expected: `${wanted} folds`, got: `a stop after ${folds.length}`, hint });
  }
}

/**
 * k-fold cross-validation: for each fold, a new model of `makeModel` is trained on the other folds and measured on it. Folds are
 * divided as by `data.folds`, with `seed`. Throws what `data.folds` and `fit` throw, and {@link FoldsInterruptedError}.
 */
export async function kFold<M extends Model, J extends Shape>(
  makeModel: (fold: number) => M,
  dataset: Dataset<J> & Matching<J, M["inputShape"]>,
  options: KFoldOptions = {},
): Promise<Folds<M>> {
  if (typeof makeModel !== "function") {
    const hint = "Write () => nn.sequential(…): every fold needs a model of its own.";
    throw new ValueError({ what: "kFold", expected: "a function that makes a model", got: show(makeModel), hint });
  }
  assertDataset("kFold", dataset);
  checkOptions("kFold", options, [...fitOptionNames, "folds", "stratified"]);
  const { folds: count = 5, stratified = hasClasses(dataset), ...rest } = options;
  if ("validate" in rest) {
    const hint = "Each fold is validated on the examples that the others train on.";
    throw new ValueError({ what: "kFold", expected: "options without 'validate'", got: "'validate'", hint });
  }
  const done: Fold<M>[] = [];
  const models = new Set<M>();
  const { loss, metrics, batchSize, sampleWeight, seed = 0, signal } = rest;
  if (sampleWeight !== undefined && sampleWeight.length !== dataset.size) {
    const expected = `${dataset.size} numbers, one an example of ${dataset.name}`;
    throw new ValueError({ what: "kFold: sampleWeight", expected, got: String(sampleWeight.length) });
  }
  for (const { train, validation } of folds(dataset as Dataset, { folds: count, seed, stratified })) {
    const fold = done.length + 1;
    try {
      const model = makeModel(fold);
      if (models.has(model)) {
        const expected = "another model for each fold";
        const hint = "Make it inside of the function, or it is measured on examples that it has learned.";
        throw new ValueError({ what: "kFold", expected, got: `the same one for fold ${fold}`, hint });
      }
      models.add(model);
      const own = sampleWeight && { sampleWeight: Float64Array.from(train.indices, (row) => sampleWeight[row]!) };
      const run = await fit<Model, Shape>(model, train, { quiet: true, ...rest, ...own, validate: validation });
      const judged = { loss, metrics, batchSize, signal };
      const given = Object.fromEntries(Object.entries(judged).filter(([, value]) => value !== undefined));
      const measured = await evaluate<Shape, Model>(model, validation, given);
      done.push({ fold, run: run as Run<M>, validation: measured });
    } catch (error) {
      throw error instanceof InterruptedError ? new FoldsInterruptedError(done, count) : error;
    }
  }
  return new Folds(dataset.name, done);
}

function over(folds: readonly Fold[], of: (values: readonly number[]) => number): Evaluation {
  const names = Object.keys(folds[0]?.validation ?? {});
  const values = (name: string) => folds.map(({ validation }) => validation[name] ?? Number.NaN);
  return Object.fromEntries(names.map((name) => [name, of(values(name))])) as Evaluation;
}

/** Whether each example has one class. */
function hasClasses(dataset: Dataset): boolean {
  return dataset.size > 0 && typeof dataset.y(0) === "number";
}
