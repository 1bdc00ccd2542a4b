import { DataError } from "../errors.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, positiveInteger } from "../tensor/arguments.js";
import { type Shape, showShape, sizeOf } from "../tensor/shape.js";
import { ArrayDataset, assertNotEmpty } from "./arrays.js";

/** Numbers, or rows of numbers, or rows of rows …: arrays and typed arrays alike. */
export type Nested = ArrayLike<number> | ArrayLike<Nested>;

/** The shape of one example of `X`, as far as the type knows it. A list of bare numbers holds examples of shape [1]. */
export type ExampleShape<X> =
  X extends ArrayLike<number>
    ? readonly [1]
    : X extends ArrayLike<ArrayLike<number>>
      ? readonly [number]
      : X extends ArrayLike<ArrayLike<ArrayLike<number>>>
        ? readonly [number, number]
        : X extends ArrayLike<ArrayLike<ArrayLike<ArrayLike<number>>>>
          ? readonly [number, number, number]
          : Shape;

/** What {@link fromArrays} cannot see in the numbers. */
export interface FromArraysOptions {
  readonly name?: string;
  /** How many classes, or their names: the targets are then class indices. Without it they are values to be predicted. */
  readonly classes?: number | readonly string[];
  /** A class index that need be no class, e.g. -100: positions that losses and metrics with the same `ignoreIndex` leave out. */
  readonly ignoreIndex?: number;
}

/**
 * A dataset of the user's own numbers, copied. `x`: [examples, ...I], nested arrays or a tensor; int32 (tokens) when a tensor
 * or the rows are int32. `y`: [examples] class indices when `classes` is given, or [examples, time] of tokens, else [examples, ...O] values, bare numbers
 * becoming [examples, 1]. Throws DataError for an empty set, ragged rows, lengths that differ, numbers that are not finite and
 * labels out of range.
 */
export function fromArrays<X extends Nested | tf.Tensor>(
  x: X,
  y: Nested | tf.Tensor,
  options: FromArraysOptions = {},
): ArrayDataset<ExampleShape<X>> {
  checkOptions("fromArrays", options, ["name", "classes", "ignoreIndex"]);
  const inputs = numbers("fromArrays: x", x);
  const targets = numbers("fromArrays: y", y);
  if (inputs.shape[0] !== targets.shape[0]) {
    const got = `${inputs.shape[0]} inputs and ${targets.shape[0]} targets`;
    throw new DataError({ what: "fromArrays", expected: "as many targets as inputs", got });
  }
  const columns = {
    name: options.name ?? "your data",
    inputShape: exampleShape(inputs.shape) as ExampleShape<X>,
    inputs: inputs.values,
  };
  if (options.classes === undefined) {
    const values = Float32Array.from(targets.values);
    return new ArrayDataset({ ...columns, targetShape: exampleShape(targets.shape), targets: values });
  }
  if (typeof options.classes === "number") positiveInteger("fromArrays: classes", options.classes);
  const classes =
    typeof options.classes === "number" ? Array.from({ length: options.classes }, (_, i) => `${i}`) : options.classes;
  const time = targets.shape[1];
  // Of two texts that are one input, source and target, only the target's tokens have classes.
  const fits = time === undefined || time === inputs.shape[1] || (isTokens(inputs) && time < inputs.shape[1]!);
  if (targets.shape.length > 2 || !fits) {
    const got = `shape ${showShape(targets.shape)}`;
    const hint = "One-hot rows? Give the index of the 1 instead.";
    throw new DataError({ what: "fromArrays: y", expected: "one class index an example (or a token)", got, hint });
  }
  assertLabels("fromArrays: y", targets.values, classes.length, { ignored: options.ignoreIndex });
  const labels = Int32Array.from(targets.values);
  return new ArrayDataset({ ...columns, targetShape: targets.shape.slice(1), targets: labels, classes });
}

/**
 * Throws DataError for the first label that is not a whole number from 0 to `classes` − 1, nor `ignored`; `width` labels make up one
 * example.
 */
export function assertLabels(
  what: string,
  labels: ArrayLike<number>,
  classes: number,
  { width = 1, ignored }: { readonly width?: number; readonly ignored?: number | undefined } = {},
): void {
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at]!;
    if (label === ignored || (Number.isInteger(label) && label >= 0 && label < classes)) continue;
    const expected = `class indices from 0 to ${classes - 1} (${classes} ${classes === 1 ? "class" : "classes"})`;
    const hint =
      classes === 1
        ? "Each class has an output of its own: dense(2) for two. One output is for binaryCrossEntropy, of data without `classes`."
        : "Classes count from 0.";
    const place = width === 1 ? `example ${at}` : `example ${Math.floor(at / width)}, position ${at % width}`;
    throw new DataError({ what, expected, got: `${label} at ${place}`, hint });
  }
}

interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

function isTokens({ shape, values }: Numbers): boolean {
  return values instanceof Int32Array && shape.length === 2;
}

function exampleShape(shape: Shape): Shape {
  return shape.length === 1 ? [1] : shape.slice(1);
}

function numbers(what: string, source: Nested | tf.Tensor): Numbers {
  const { shape, values } = source instanceof tf.Tensor ? fromTensor(source) : fromNested(what, source);
  assertNotEmpty(what, shape[0] ?? 0);
  const width = sizeOf(shape.slice(1));
  for (let at = 0; at < values.length; at++) {
    if (Number.isFinite(values[at])) continue;
    const got = `${values[at]} in example ${Math.floor(at / width)}${width > 1 ? `, number ${at % width}` : ""}`;
    const hint = "Leave such examples out, or replace the numbers that are missing.";
    throw new DataError({ what, expected: "finite numbers", got, hint });
  }
  return { shape, values };
}

function fromTensor(tensor: tf.Tensor): Numbers {
  const values = tensor.dataSync();
  return { shape: tensor.shape, values: values instanceof Int32Array ? values.slice() : Float32Array.from(values) };
}

function fromNested(what: string, source: Nested): Numbers {
  const shape: number[] = [];
  let sample: Nested | number | undefined = source;
  while (isList(sample)) {
    shape.push(sample.length);
    if (sample instanceof Int32Array) break;
    sample = sample[0];
  }
  const values = new Float64Array(sizeOf(shape));
  let filled = 0;
  const fill = (part: unknown, depth: number, path: string): void => {
    if (depth === shape.length) {
      if (typeof part !== "number") throw new DataError({ what: path, expected: "a number", got: describe(part) });
      values[filled++] = part;
      return;
    }
    if (!isList(part) || part.length !== shape[depth]) {
      const expected = `${shape[depth]} entries, as in the first of its kind`;
      throw new DataError({
        what: path,
        expected,
        got: describe(part),
        hint: "All examples must have the same shape.",
      });
    }
    for (let index = 0; index < part.length; index++) fill(part[index], depth + 1, `${path}[${index}]`);
  };
  fill(source, 0, what);
  const tokens = sample instanceof Int32Array && values.every(Number.isInteger);
  return { shape, values: tokens ? Int32Array.from(values) : Float32Array.from(values) };
}

function isList(value: unknown): value is Nested {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function describe(value: unknown): string {
  return isList(value) ? `${value.length} entries` : typeof value === "string" ? JSON.stringify(value) : String(value);
}
