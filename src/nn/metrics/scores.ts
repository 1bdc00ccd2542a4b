import { ShapeError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import { checkOptions, oneOf, trueOrFalse } from "../../tensor/arguments.js";
import { sameShape, showShape } from "../../tensor/shape.js";
import { callText } from "../layer.js";
import { requireInside } from "./decisions.js";
import { type Gathered, type KnownMetric, requireFinite, streaming, type Values } from "./metric.js";

/** What metrics of rankings take. */
export interface ScoreOptions {
  /**
   * With more than two classes each is held against the others. "macro" (default): the mean over the classes that are both true and not
   * somewhere. "weighted": each weighs as often as it is true. "none": one number a class, NaN where there is none.
   */
  readonly average?: "macro" | "weighted" | "none";
  /** Every class is a yes or no for itself: targets of the prediction's shape, 0 or 1 each. Default false. */
  readonly multilabel?: boolean;
}

/** Positions from the highest score to the lowest: those with one score stand together. */
export interface Ranking {
  /** How many of the true there are with each score, highest score first. */
  readonly right: readonly number[];
  /** How many others. */
  readonly wrong: readonly number[];
}

/**
 * A metric that is reckoned from the order of all scores of the data set, which it keeps until the end. `prediction: [..., classes]` are
 * logits, `target: [...]` class indices; one logit, or two, are a yes or no. Throws ValueError for bad options.
 */
export function rankingMetric(name: string, options: ScoreOptions, score: (ranking: Ranking) => number): KnownMetric {
  checkOptions(name, options, ["average", "multilabel"]);
  const { average = "macro", multilabel = false } = options;
  oneOf(`${name}: average`, average, ["macro", "weighted", "none"]);
  trueOrFalse(`${name}: multilabel`, multilabel);
  const result = ([scores, labels]: readonly Gathered[]): Values => {
    requireFinite(name, scores!.values);
    const classes = scores!.shape[1]!;
    const known = Math.max(multilabel ? 2 : classes, 2);
    const inside = Array.from(labels!.values).filter((label) => Number.isInteger(label) && label >= 0 && label < known);
    requireInside(name, inside.length, labels!.values.length);
    const isTrue = (row: number, column: number) =>
      multilabel ? labels!.values[row * classes + column]! > 0.5 : labels!.values[row] === (classes === 1 ? 1 : column);
    const all = Array.from({ length: classes }, (_, column) => {
      const ranking = ranked(scores!, column, isTrue);
      return { value: score(ranking), weight: ranking.right.reduce((sum, count) => sum + count, 0) };
    });
    if (average === "none") return classes === 1 ? all[0]!.value : all.map(({ value }) => value);
    const sure = all.filter(({ value }) => !Number.isNaN(value));
    const weighed = sure.map(({ value, weight }) => ({ value, weight: average === "weighted" ? weight : 1 }));
    const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
    return weighed.reduce((sum, { value, weight }) => sum + value * weight, 0) / total;
  };
  const parts = {
    gather: "rows" as const,
    many: average === "none",
    state: (prediction: Tensor, target: Tensor) => state(name, prediction, target, multilabel),
    result,
  };
  return streaming(name, parts, callText(name, [], options));
}

/** → scores [positions, classes], labels [positions] or, for labels that stand for themselves, [positions, classes]. */
function state(what: string, prediction: Tensor, target: Tensor, multilabel: boolean): Tensor[] {
  const classes = prediction.rank < 2 ? 1 : prediction.shape[prediction.rank - 1]!;
  const same = sameShape(prediction.shape, target.shape);
  const fits = same || (!multilabel && prediction.rank > 0 && sameShape(prediction.shape.slice(0, -1), target.shape));
  if (!fits) {
    const expected = multilabel
      ? `targets ${showShape(prediction.shape)}, 0 or 1 for each label`
      : `targets ${showShape(prediction.shape.slice(0, -1))} (class indices) for logits ${showShape(prediction.shape)}`;
    throw new ShapeError({ what, expected, got: showShape(target.shape) });
  }
  const rows = prediction.reshape([-1, classes]).toFloat();
  if (multilabel) return [rows, target.reshape([-1, classes]).toFloat()];
  const labels = (same && classes > 1 ? target.argMax(-1) : target).flatten().toFloat();
  if (classes === 1) return [rows, labels];
  // Of two classes the second is the yes, and the difference of the logits is ordered as its probability.
  if (classes === 2) return [rows.slice([0, 1], [-1, 1]).sub(rows.slice([0, 0], [-1, 1])), labels];
  return [rows.softmax(), labels];
}

function ranked(
  { values, shape }: Gathered,
  column: number,
  isTrue: (row: number, column: number) => boolean,
): Ranking {
  const [count, classes] = shape as [number, number];
  const scores = Float64Array.from({ length: count }, (_, row) => values[row * classes + column]!);
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => scores[b]! - scores[a]!);
  const [right, wrong]: [number[], number[]] = [[], []];
  order.forEach((row, place) => {
    if (place === 0 || scores[row] !== scores[order[place - 1]!]) {
      right.push(0);
      wrong.push(0);
    }
    (isTrue(row, column) ? right : wrong)[right.length - 1]!++;
  });
  return { right, wrong };
}
