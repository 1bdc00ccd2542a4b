import { ShapeError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, oneOf, trueOrFalse } from "../../tensor/arguments.js";
import { sameShape, showShape } from "../../tensor/shape.js";
import { callText } from "../layer.js";
import { checkIndex } from "../losses/cross-entropy.js";
import { type ClassOptions, decisions, requireInside, totals } from "./decisions.js";
import { type Gathered, type KnownMetric, streaming, type Values } from "./metric.js";

/** What metrics of classes take. */
export interface AverageOptions extends ClassOptions {
  /**
   * "macro" (default): the mean over the classes that occur, all alike. "weighted": each weighs as often as it is true. "micro": all
   * positions together. "none": one number a class. With one logit instead of classes, only yes is looked at.
   */
  readonly average?: "macro" | "micro" | "weighted" | "none";
  /** Every class is a yes or no for itself: targets of the prediction's shape, 0 or 1 each, and logits above 0 for yes. Default false. */
  readonly multilabel?: boolean;
}

/** How often a class was said, was true, was both, and how many positions there were. */
export interface Counts {
  readonly right: number;
  readonly said: number;
  readonly actual: number;
  readonly all: number;
}

const averages = ["macro", "micro", "weighted", "none"] as const;

/** A metric that is reckoned from the counts of each class. Throws ValueError for bad options. */
export function classMetric(name: string, options: AverageOptions, score: (counts: Counts) => number): KnownMetric {
  checkOptions(name, options, ["average", "multilabel", "ignoreIndex"]);
  const { average = "macro", multilabel = false, ignoreIndex } = options;
  oneOf(`${name}: average`, average, averages);
  trueOrFalse(`${name}: multilabel`, multilabel);
  checkIndex(`${name}: ignoreIndex`, ignoreIndex);
  const parts = {
    gather: "sum" as const,
    many: average === "none",
    state: (prediction: Tensor, target: Tensor) =>
      multilabel ? ofLabels(name, prediction, target) : ofClasses(name, prediction, target, ignoreIndex),
    result([counts, positions]: readonly Gathered[]) {
      const [all, inside] = Array.from(positions!.values) as [number, number];
      requireInside(name, inside, all);
      return averaged(perClass(counts!, all), average, score);
    },
  };
  return streaming(name, parts, callText(name, [], options));
}

/** What is left of a division by nothing: 0, as scikit-learn has it. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** → counts [3, classes]: right, said, actual; how many positions there are, and how many have a label that is a class, [2]. */
function ofClasses(name: string, prediction: Tensor, target: Tensor, ignored: number | undefined): Tensor[] {
  const { predicted, actual, counts, classes, binary } = decisions(name, prediction, target, ignored);
  const right = predicted.equal(actual).toFloat().mul(counts);
  const rows = [totals(actual, right, classes), totals(predicted, counts, classes), totals(actual, counts, classes)];
  const all = tf.stack(rows);
  const inside = all.slice([2]).sum();
  return [binary ? all.slice([0, 1], [3, 1]) : all, tf.stack([counts.sum(), inside])];
}

function ofLabels(what: string, prediction: Tensor, target: Tensor): Tensor[] {
  if (prediction.rank < 2 || !sameShape(prediction.shape, target.shape)) {
    const expected = `targets ${showShape(prediction.shape)}, 0 or 1 for each label`;
    throw new ShapeError({ what, expected, got: showShape(target.shape) });
  }
  const labels = prediction.shape[prediction.rank - 1]!;
  const said = prediction.greater(0).toFloat().reshape([-1, labels]);
  const actual = target.greater(0.5).toFloat().reshape([-1, labels]);
  return [tf.stack([said.mul(actual).sum(0), said.sum(0), actual.sum(0)]), tf.fill([2], said.shape[0]!)];
}

function perClass({ values, shape }: Gathered, all: number): Counts[] {
  const classes = shape[1]!;
  return Array.from({ length: classes }, (_, index) => ({
    right: values[index]!,
    said: values[classes + index]!,
    actual: values[2 * classes + index]!,
    all,
  }));
}

function averaged(
  classes: readonly Counts[],
  average: (typeof averages)[number],
  score: (counts: Counts) => number,
): Values {
  if (average === "none") return classes.map(score);
  const sum = (of: (counts: Counts) => number) => classes.reduce((total, counts) => total + of(counts), 0);
  if (average === "micro") {
    return score({
      right: sum(({ right }) => right),
      said: sum(({ said }) => said),
      actual: sum(({ actual }) => actual),
      all: sum(({ all }) => all),
    });
  }
  const weight = ({ said, actual }: Counts) => (average === "weighted" ? actual : said + actual > 0 ? 1 : 0);
  return share(
    sum((counts) => weight(counts) * score(counts)),
    sum(weight),
  );
}
