import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions } from "../../tensor/arguments.js";
import { callText } from "../layer.js";
import { checkIndex } from "../losses/cross-entropy.js";
import { type ClassOptions, decisions, requireInside, totals } from "./decisions.js";
import { type Gathered, type KnownMetric, streaming, type Values } from "./metric.js";

/**
 * How often each class (row) was taken for each class (column) in the whole data set. `prediction: [..., classes]` are scores,
 * `target: [...]` class indices (int32); one score is a yes or no, two classes. As scikit-learn's `confusion_matrix`. Throws ShapeError,
 * ValueError; DataError for labels that are no class and scores that are NaN.
 */
export function confusionMatrix(options: ClassOptions = {}): KnownMetric {
  const parts = { many: true, result: ([counts]: readonly Gathered[]) => table(counts!) };
  return confusionMetric("confusionMatrix", options, ["ignoreIndex"], parts);
}

/** A metric that is reckoned from the confusion matrix. Throws ValueError for an option that is not in `known`. */
export function confusionMetric(
  name: string,
  options: ClassOptions,
  known: readonly string[],
  parts: Pick<KnownMetric, "many" | "result">,
): KnownMetric {
  checkOptions(name, options, known);
  const { ignoreIndex } = options;
  checkIndex(`${name}: ignoreIndex`, ignoreIndex);
  const state = (prediction: Tensor, target: Tensor): Tensor[] => {
    const { predicted, actual, counts, classes } = decisions(name, prediction, target, ignoreIndex);
    const places = actual.mul(tf.scalar(classes, "int32")).add(predicted);
    const known = predicted.less(classes).toFloat().mul(counts);
    return [totals(places, known, classes * classes).reshape([classes, classes]), counts.sum().reshape([1])];
  };
  const result = (gathered: readonly Gathered[]): Values => {
    const [counts, all] = gathered as [Gathered, Gathered];
    const inside = Array.from(counts.values).reduce((sum, count) => sum + count, 0);
    requireInside(name, inside, all.values[0]!, "labels that are classes of scores that are numbers");
    return parts.result(gathered);
  };
  return streaming(name, { gather: "sum", state, ...parts, result }, callText(name, [], options));
}

/** The counts as rows. */
export function table({ values, shape }: Gathered): number[][] {
  const classes = shape[0]!;
  return Array.from({ length: classes }, (_, row) =>
    Array.from({ length: classes }, (_, i) => values[row * classes + i]!),
  );
}

/** The sums of a confusion matrix that its figures are made of. */
export function margins(rows: readonly (readonly number[])[]): {
  readonly actual: number[];
  readonly said: number[];
  readonly all: number;
} {
  const actual = rows.map((row) => row.reduce((sum, count) => sum + count, 0));
  const said = rows.map((_, column) => rows.reduce((sum, row) => sum + row[column]!, 0));
  return { actual, said, all: actual.reduce((sum, count) => sum + count, 0) };
}
