import type { Dataset } from "../data/dataset.js";
import { ValueError } from "../errors.js";
import { nearest } from "../nearest.js";
import { known, type Loss } from "../nn/losses/loss.js";
import type { Model } from "../nn/module.js";
import * as tf from "../runtime/tf.js";
import { show } from "../tensor/arguments.js";
import { sizeOf } from "../tensor/shape.js";
import type { Drawn } from "./step/draw.js";

/** How much examples count, as users say it. */
export interface WeighingOptions {
  readonly classWeight?: Readonly<Record<string, number>> | readonly number[] | undefined;
  readonly sampleWeight?: ArrayLike<number> | undefined;
}

/** How much examples count, checked. */
export interface Weighing {
  /** One number a class. */
  readonly classes?: readonly number[];
  /** Whether the targets are one-hot rows. */
  readonly oneHot?: boolean;
  /** One number an example of the data set. */
  readonly samples?: ArrayLike<number>;
}

/** Throws ValueError for weights that are none, or that do not fit the data set or the loss. */
export function weighing(
  what: string,
  { classWeight, sampleWeight }: WeighingOptions,
  loss: Loss,
  model: Model,
  dataset: Dataset,
): Weighing {
  if (classWeight !== undefined) requireOne(`${what}: classWeight`, loss);
  for (const [name, given] of Object.entries({ classWeight, sampleWeight })) {
    if (given !== undefined) requireKnown(`${what}: ${name}`, loss);
  }
  return {
    ...(classWeight !== undefined && classTable(`${what}: classWeight`, classWeight, loss, model, dataset)),
    ...(sampleWeight !== undefined && { samples: checkedSamples(`${what}: sampleWeight`, sampleWeight, dataset) }),
  };
}

/** The same for some of the examples: `rows`, in their order. */
export function weighingOf(whole: Weighing, rows: ArrayLike<number> | undefined): Weighing {
  const { samples } = whole;
  if (samples === undefined || rows === undefined) return whole;
  return { ...whole, samples: Float64Array.from(rows, (row) => samples[row]!) };
}

/** How much each example, or each of its positions, of a batch counts; undefined where all count alike. */
export function weightsOf({ classes, oneHot }: Weighing, { y, weights }: Drawn): tf.Tensor | undefined {
  if (classes === undefined) return weights;
  const labels = (oneHot ? y.argMax(-1) : y).toInt();
  // What a loss ignores may be no class.
  const safe = tf.minimum(tf.maximum(labels, tf.scalar(0, "int32")), tf.scalar(classes.length - 1, "int32"));
  const mine = tf.gather(tf.tensor1d([...classes]), safe as tf.Tensor1D);
  return weights === undefined ? mine : mine.mul(weights.reshape([-1, ...mine.shape.slice(1).map(() => 1)]));
}

function requireOne(what: string, loss: Loss): void {
  const heads = known(loss)
    ?.targets.parts?.()
    .map(({ name }) => name);
  if (heads === undefined) return;
  throw new ValueError({
    what,
    expected: "one loss",
    got: `those of the heads ${heads.join(", ")}`,
    hint: `Say it by head: heads.loss({ ${heads[0]}: { loss, classWeight } }).`,
  });
}

function requireKnown(what: string, loss: Loss): void {
  if (
    known(loss)
      ?.targets.parts?.()
      .every(({ targets }) => targets !== undefined) ??
    known(loss) !== undefined
  )
    return;
  throw new ValueError({
    what,
    expected: "a loss of nn.losses, which knows the loss of each example",
    got: `the function ${loss.name || "loss"}, which gives one number`,
    hint: "Take one like nn.losses.crossEntropy(), or weigh inside of the function.",
  });
}

function checkedSamples(what: string, weights: ArrayLike<number>, dataset: Dataset): ArrayLike<number> {
  if (typeof weights !== "object" || weights === null || weights.length !== dataset.size) {
    const got = typeof weights === "object" && weights !== null ? `${weights.length}` : show(weights);
    throw new ValueError({ what, expected: `${dataset.size} numbers, one an example of ${dataset.name}`, got });
  }
  for (let index = 0; index < weights.length; index++) requireWeight(what, weights[index], `for example ${index}`);
  return weights;
}

function classTable(
  what: string,
  weights: NonNullable<WeighingOptions["classWeight"]>,
  loss: Loss,
  model: Model,
  dataset: Dataset,
): Pick<Weighing, "classes" | "oneHot"> {
  const { kind, range } = known(loss)!.targets;
  if (kind === "values" && range?.[1] !== 1) {
    const hint = "Weigh examples by sampleWeight.";
    throw new ValueError({ what, expected: "a loss of classes", got: loss.name, hint });
  }
  if (typeof weights !== "object" || weights === null) {
    throw new ValueError({ what, expected: "a number for each class, like { 0: 1, 1: 5 }", got: show(weights) });
  }
  const target = dataset.y(0);
  const width = model.outputShape.at(-1) ?? 1;
  const binary = typeof target !== "number" && dataset.classes === undefined && width === 1;
  const oneHot =
    !binary &&
    typeof target !== "number" &&
    dataset.classes === undefined &&
    target.length === sizeOf(model.outputShape);
  const names = dataset.classes ?? Array.from({ length: binary ? 2 : width }, (_, index) => `${index}`);
  if (Array.isArray(weights) && weights.length !== names.length) {
    throw new ValueError({ what, expected: `${names.length} numbers, one a class`, got: `${weights.length}` });
  }
  const classes = names.map(() => 1);
  for (const [key, weight] of Object.entries(weights)) {
    requireWeight(what, weight, `for ${key}`);
    classes[placeOf(what, key, names)] = weight;
  }
  return { classes, oneHot };
}

function placeOf(what: string, key: string, names: readonly string[]): number {
  const named = names.indexOf(key);
  if (named >= 0) return named;
  const place = Number(key);
  if (Number.isInteger(place) && place >= 0 && place < names.length) return place;
  const like = nearest(key, names);
  const expected = `classes from 0 to ${names.length - 1}, or their names`;
  throw new ValueError({
    what,
    expected,
    got: `'${key}'`,
    ...(like !== undefined && { hint: `Did you mean '${like}'?` }),
  });
}

function requireWeight(what: string, weight: unknown, where: string): void {
  if (typeof weight === "number" && weight >= 0 && weight < Number.POSITIVE_INFINITY) return;
  throw new ValueError({ what, expected: "numbers from 0", got: `${show(weight)} ${where}` });
}
