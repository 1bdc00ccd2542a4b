import type { Dataset } from "../data/dataset.js";
import { assertLabels } from "../data/from-arrays.js";
import { DataError } from "../errors.js";
import type { PartialTargets, Targets } from "../nn/losses/targets.js";
import type { Model } from "../nn/module.js";
import { sameShape, showShape, sizeOf } from "../tensor/shape.js";

/** How far from 1 the sum of a distribution may be. */
const tolerance = 1e-3;

/** A loss, as far as its targets go. */
export interface Wanted {
  readonly lossName: string;
  /** Undefined for a function of the user's. */
  readonly targets: Targets | undefined;
}

/** What is looked at of a model, or of a head of one. */
type Judged = Pick<Model, "name" | "outputShape">;

/** The same of targets. */
type Answers = Pick<Dataset, "name" | "size" | "classes" | "y">;

/** Throws DataError where the targets of the data set are none for the loss, or for what the model gives. */
export function checkTargets(what: string, model: Judged, dataset: Answers, { lossName, targets }: Wanted): void {
  if (targets === undefined) return;
  const { kind, check, parts } = targets;
  if (parts !== undefined) checkParts(what, model, dataset, parts());
  if (check !== undefined) checkEach(what, model, dataset, check);
  if (kind === "any") {
    if (targets.range !== undefined) checkRange(what, dataset, targets.range);
    return;
  }
  if (kind === "classes" || (kind === "either" && !areValues(model, dataset))) {
    checkClasses(what, model, dataset, lossName, targets.ignored);
  } else checkValues(what, model, dataset, lossName, targets);
}

/** Looks at what each of several losses takes of the rows as if it were alone. */
function checkParts(what: string, model: Judged, dataset: Answers, parts: readonly PartialTargets[]): void {
  const width = parts.reduce((sum, { width }) => sum + width, 0);
  const row = (index: number): readonly number[] => {
    const target = dataset.y(index);
    return typeof target === "number" ? [target] : target;
  };
  if (row(0).length !== width) {
    const each = parts.map(({ name, width }) => `${name} ${width}`).join(", ");
    const expected = `rows of ${width} targets (${each})`;
    throw new DataError({ what: `${what}: ${dataset.name}`, expected, got: `${row(0).length} in example 0` });
  }
  for (const { name, lossName, targets, output, shape, from, width, areClasses } of parts) {
    const alone = areClasses && shape.length === 0;
    const view: Answers = {
      name: `${dataset.name}: ${name}`,
      size: dataset.size,
      y: (index) => (alone ? row(index)[from]! : row(index).slice(from, from + width)),
    };
    checkTargets(what, { name: `${model.name}: ${name}`, outputShape: output }, view, { lossName, targets });
  }
}

/** Whether the targets of an example are as many numbers as the model gives, and no class indices. */
function areValues({ outputShape }: Judged, dataset: Answers): boolean {
  const target = dataset.y(0);
  return dataset.classes === undefined && typeof target !== "number" && target.length === sizeOf(outputShape);
}

function checkClasses(what: string, model: Judged, dataset: Answers, lossName: string, ignored?: number): void {
  const positions = model.outputShape.slice(0, -1);
  const target = dataset.y(0);
  const fits = typeof target === "number" ? positions.length === 0 : isMap(positions, target.length);
  if (!fits) {
    throw new DataError({
      what,
      expected: `${positions.length === 0 ? "one class index" : `${showShape(positions)} class indices`} an example for ${lossName}`,
      got: typeof target === "number" ? "one" : `${target.length} ${target.length === 1 ? "value" : "values"}`,
      hint: classHint(target),
    });
  }
  const classes = model.outputShape.at(-1) ?? 0;
  if (isChecked(dataset, `${classes} classes, ${ignored}`)) return;
  const width = sizeOf(positions);
  const labels = new Float64Array(dataset.size * width);
  for (let index = 0; index < dataset.size; index++) {
    const label = dataset.y(index);
    if (typeof label === "number") labels[index] = label;
    else labels.set(label, index * width);
  }
  assertLabels(`${what}: ${dataset.name}`, labels, classes, { width, ignored });
  setChecked(dataset, `${classes} classes, ${ignored}`);
}

function isMap(positions: readonly number[], count: number): boolean {
  return positions.length > 0 && (sameShape(positions, [count]) || sizeOf(positions) === count);
}

function classHint(target: number | readonly number[]): string {
  if (typeof target === "number") return "Did you forget nn.flatten() before the last nn.dense()?";
  return "Class indices come from data.fromArrays(x, y, { classes }); for values take meanSquaredError.";
}

function checkValues(what: string, model: Judged, dataset: Answers, lossName: string, targets: Targets): void {
  const target = dataset.y(0);
  const { shape, range } = targets;
  const expected = shape?.(model.outputShape) ?? model.outputShape;
  if (typeof target === "number" || target.length !== sizeOf(expected)) {
    throw new DataError({
      what,
      expected: `targets of shape ${showShape(expected)} for ${lossName}${shape === undefined ? ", like the model's output" : ""}`,
      got: typeof target === "number" ? "class indices" : `${target.length} values an example`,
      hint:
        typeof target === "number"
          ? "For classes take crossEntropy, or leave `classes` out."
          : "Change the last layer.",
    });
  }
  if (targets.distributions) checkDistributions(what, dataset, model.outputShape.at(-1) ?? 1);
  else if (range !== undefined) checkRange(what, dataset, range);
}

function checkRange(what: string, dataset: Answers, [least, most]: readonly [number, number]): void {
  const expected = most === Number.POSITIVE_INFINITY ? `targets from ${least}` : `targets from ${least} to ${most}`;
  eachTarget(dataset, `${least} to ${most}`, (target, index) => {
    const wrong = target.find((value) => !(value >= least && value <= most));
    if (wrong === undefined) return;
    throw new DataError({ what: `${what}: ${dataset.name}`, expected, got: `${wrong} in example ${index}` });
  });
}

function checkDistributions(what: string, dataset: Answers, classes: number): void {
  eachTarget(dataset, `distributions over ${classes}`, (target, index) => {
    for (let from = 0; from < target.length; from += classes) {
      const row = target.slice(from, from + classes);
      const sum = row.reduce((total, value) => total + value, 0);
      if (row.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) <= tolerance) continue;
      const shown = row.length > 8 ? `${row.slice(0, 8).join(", ")}, …` : row.join(", ");
      throw new DataError({
        what: `${what}: ${dataset.name}`,
        expected: "probabilities, 0 to 1 each and 1 together",
        got: `[${shown}] in example ${index}`,
      });
    }
  });
}

function checkEach(what: string, model: Judged, dataset: Answers, check: NonNullable<Targets["check"]>): void {
  for (let index = 0; index < dataset.size; index++) {
    const target = dataset.y(index);
    const wrong = check(typeof target === "number" ? [target] : target, model.outputShape);
    if (wrong === undefined) continue;
    const expected = `labels that ${model.name} with output ${showShape(model.outputShape)} can give`;
    throw new DataError({ what: `${what}: ${dataset.name}`, expected, got: `${wrong} in example ${index}` });
  }
}

/** Looks at the targets of all examples, unless it found them good before. */
function eachTarget(dataset: Answers, rule: string, look: (target: readonly number[], index: number) => void): void {
  if (isChecked(dataset, rule)) return;
  for (let index = 0; index < dataset.size; index++) {
    const target = dataset.y(index);
    look(typeof target === "number" ? [target] : target, index);
  }
  setChecked(dataset, rule);
}

/** Rules that all targets of a data set were found to keep: a second run need not look again. */
const checked = new WeakMap<Answers, Set<string>>();

function isChecked(dataset: Answers, rule: string): boolean {
  return checked.get(dataset)?.has(rule) === true;
}

function setChecked(dataset: Answers, rule: string): void {
  checked.set(dataset, (checked.get(dataset) ?? new Set()).add(rule));
}
