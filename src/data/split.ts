import { DataError, ValueError } from "../errors.js";
import { checkOptions, numberIn, positiveInteger, show } from "../tensor/arguments.js";
import { Random } from "../tensor/random.js";
import type { Shape } from "../tensor/shape.js";
import type { Dataset } from "./dataset.js";
import { Subset } from "./subset.js";

/** How {@link split} draws. */
export interface SplitOptions {
  /** Draws which examples go where. Default 0. */
  readonly seed?: number;
  /** Both parts have the classes in the proportions of the whole, as near as whole numbers allow. Default false. */
  readonly stratified?: boolean;
}

/** How {@link folds} divides. */
export interface FoldsOptions extends SplitOptions {
  /** Default 5. */
  readonly folds?: number;
}

/** Two parts of a data set that have no example in common. */
export interface Parts<I extends Shape = Shape> {
  readonly train: Subset<I>;
  readonly validation: Subset<I>;
}

/**
 * Any data set in two: a share of the examples, drawn by the seed, is set aside for validation. Nothing is copied. With `stratified`,
 * numbers of each class as scikit-learn's `StratifiedShuffleSplit`. Throws ValueError where a part would be empty, DataError where
 * there are no classes or one of them has a single example.
 */
export function split<I extends Shape>(dataset: Dataset<I>, share: number, options: SplitOptions = {}): Parts<I> {
  checkOptions("split", options, ["seed", "stratified"]);
  const { seed = 0, stratified = false } = options;
  numberIn("split: seed", seed, 0);
  const aside = Math.round(dataset.size * share);
  if (!(typeof share === "number" && aside > 0 && aside < dataset.size)) {
    const got = `${show(share)} of ${dataset.size} examples`;
    throw new ValueError({ what: "split", expected: "a share that leaves examples on both sides", got });
  }
  const order = new Random(seed, "shuffle").permutation(dataset.size);
  if (!stratified) return parts(dataset, order.subarray(aside), order.subarray(0, aside));
  const labels = classLabels("split", dataset);
  const rest = quotas(labels, aside, dataset);
  const sides: Sides = { train: [], validation: [] };
  for (const index of order) {
    const label = labels[index]!;
    const left = rest.get(label)!;
    rest.set(label, left - 1);
    sides[left > 0 ? "validation" : "train"].push(index);
  }
  return parts(dataset, sides.train, sides.validation);
}

/**
 * A data set divided into so many parts, each of which once is the validation set and otherwise belongs to the training. Sizes as
 * scikit-learn's `KFold`; with `stratified`, numbers of each class in each fold as its `StratifiedKFold`. Throws ValueError for more
 * folds than examples, DataError where there are no classes, or fewer examples than folds in each of them.
 */
export function folds<I extends Shape>(dataset: Dataset<I>, options: FoldsOptions = {}): readonly Parts<I>[] {
  checkOptions("folds", options, ["folds", "seed", "stratified"]);
  const { folds = 5, seed = 0, stratified = false } = options;
  positiveInteger("folds", folds);
  numberIn("folds: seed", seed, 0);
  if (folds < 2 || folds > dataset.size) {
    const got = `${folds} for ${dataset.size} examples of ${dataset.name}`;
    throw new ValueError({ what: "folds", expected: `2 to ${dataset.size} folds`, got });
  }
  const order = new Random(seed, "folds").permutation(dataset.size);
  const places = stratified ? stratifiedPlaces(dataset, order, folds) : evenPlaces(order, folds);
  return Array.from({ length: folds }, (_, fold) =>
    parts(
      dataset,
      order.filter((index) => places[index] !== fold),
      order.filter((index) => places[index] === fold),
    ),
  );
}

interface Sides {
  readonly train: number[];
  readonly validation: number[];
}

function parts<I extends Shape>(whole: Dataset<I>, train: ArrayLike<number>, validation: ArrayLike<number>): Parts<I> {
  return {
    train: new Subset(whole, train, `${whole.name} train`),
    validation: new Subset(whole, validation, `${whole.name} validation`),
  };
}

/** How many examples of each class are set aside: by its share, rounded down, and the largest remainders get one more. */
function quotas(labels: readonly number[], aside: number, dataset: Dataset): Map<number, number> {
  const counts = counted(labels);
  for (const [label, count] of counts) {
    if (count > 1) continue;
    const name = dataset.classes?.[label] ?? String(label);
    throw new DataError({ what: "split", expected: "at least two examples of each class", got: `one of '${name}'` });
  }
  if (aside < counts.size || labels.length - aside < counts.size) {
    const got = `${aside} and ${labels.length - aside}`;
    throw new ValueError({ what: "split", expected: `${counts.size} examples in each part, one a class`, got });
  }
  const wanted = [...counts].map(([label, count]) => ({ label, exact: (count / labels.length) * aside }));
  const quota = new Map(wanted.map(({ label, exact }) => [label, Math.floor(exact)]));
  const missing = aside - [...quota.values()].reduce((sum, count) => sum + count, 0);
  const neediest = wanted.sort((a, b) => (b.exact % 1) - (a.exact % 1)).slice(0, missing);
  for (const { label } of neediest) quota.set(label, quota.get(label)! + 1);
  return quota;
}

/** Which fold each example is in: as many in each, the first ones get one more. */
function evenPlaces(order: Int32Array, folds: number): Int32Array {
  const places = new Int32Array(order.length);
  const [least, more] = [Math.floor(order.length / folds), order.length % folds];
  let from = 0;
  for (let fold = 0; fold < folds; fold++) {
    const to = from + least + (fold < more ? 1 : 0);
    for (const index of order.subarray(from, to)) places[index] = fold;
    from = to;
  }
  return places;
}

/**
 * The same with the classes in proportion. As scikit-learn does it: the sorted labels are dealt to the folds one by one, like cards,
 * so that sizes differ by one at most; the deal says how many of each class a fold gets, and chance which.
 */
function stratifiedPlaces(dataset: Dataset, order: Int32Array, folds: number): Int32Array {
  const labels = classLabels("folds", dataset);
  const counts = counted(labels);
  const most = Math.max(...counts.values());
  if (most < folds) {
    const expected = `at least ${folds} examples of a class for ${folds} folds`;
    throw new DataError({ what: "folds", expected, got: `${most} of the largest`, hint: "Take fewer folds." });
  }
  const seats = new Map<number, number[]>();
  let dealt = 0;
  // In the order in which the classes first occur.
  for (const [label, count] of counts) {
    const shares = Array.from({ length: folds }, () => 0);
    for (let card = 0; card < count; card++) shares[dealt++ % folds]! += 1;
    seats.set(
      label,
      shares.flatMap((share, fold) => Array.from({ length: share }, () => fold)),
    );
  }
  const places = new Int32Array(labels.length);
  for (const index of order) places[index] = seats.get(labels[index]!)!.pop()!;
  return places;
}

function counted(labels: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** The class of each example. Throws DataError where the targets are no classes. */
function classLabels(what: string, dataset: Dataset): number[] {
  return Array.from({ length: dataset.size }, (_, index) => {
    const label = dataset.y(index);
    if (typeof label === "number") return label;
    const hint = "Leave `stratified` out, or say how many classes there are: data.fromArrays(x, y, { classes }).";
    throw new DataError({ what: `${what}: stratified`, expected: "a data set of classes", got: dataset.name, hint });
  });
}
