import { DataError, ValueError } from "../errors.js";
import { gatherRows } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";
import { Random } from "../tensor/random.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { Batch, Dataset } from "./dataset.js";

/** What an {@link ArrayDataset} is made of: rows of numbers side by side. */
export interface Columns<I extends Shape = Shape> {
  readonly name: string;
  readonly inputShape: I;
  /** [examples, ...inputShape]; int32 for tokens. */
  readonly inputs: Float32Array | Int32Array;
  /** [] for class indices, [time] for tokens, [...O] for values. */
  readonly targetShape: Shape;
  /** [examples, ...targetShape]; int32 for class indices and tokens. */
  readonly targets: Float32Array | Int32Array;
  readonly classes?: readonly string[];
}

/** A dataset whose examples lie in two typed arrays. Parts of it share them: nothing is copied until a batch is made. */
export class ArrayDataset<I extends Shape = Shape> implements Dataset<I> {
  readonly name: string;
  readonly size: number;
  readonly inputShape: I;
  readonly classes?: readonly string[];
  readonly #columns: Columns<I>;
  readonly #rows: Int32Array;

  /** `rows`: which examples of the columns belong to it, in this order; all by default. */
  constructor(columns: Columns<I>, rows?: Int32Array) {
    this.#columns = columns;
    this.#rows = rows ?? Int32Array.from({ length: columns.inputs.length / sizeOf(columns.inputShape) }, (_, i) => i);
    this.name = columns.name;
    this.size = this.#rows.length;
    this.inputShape = columns.inputShape;
    if (columns.classes !== undefined) this.classes = columns.classes;
  }

  x(index: number): tf.Tensor {
    const values = this.#row(this.#columns.inputs, this.inputShape, index, "x");
    return tf.tensor(values, [...this.inputShape], values instanceof Int32Array ? "int32" : "float32");
  }

  y(index: number): number | readonly number[] {
    const { targets, targetShape } = this.#columns;
    const values = this.#row(targets, targetShape, index, "y");
    return targetShape.length === 0 ? values[0]! : Array.from(values);
  }

  batch(indices: readonly number[]): Batch {
    const { inputs, inputShape, targets, targetShape } = this.#columns;
    const places = indices.map((index) => this.#place(index, "batch"));
    return { x: gatherRows(inputs, inputShape, places), y: gatherRows(targets, targetShape, places) };
  }

  /** The examples `from` … `to` − 1 as a dataset of their own. */
  slice(from: number, to: number = this.size): ArrayDataset<I> {
    if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= this.size)) {
      throw new ValueError({ what: "slice", expected: `0 ≤ from < to ≤ ${this.size}`, got: `from ${from}, to ${to}` });
    }
    return new ArrayDataset(this.#columns, this.#rows.subarray(from, to));
  }

  /** The same examples in an order drawn from the seed. */
  shuffle(seed = 0): ArrayDataset<I> {
    const rows = new Random(seed, "shuffle").permutation(this.size).map((place) => this.#rows[place]!);
    return new ArrayDataset(this.#columns, rows);
  }

  /** Two datasets: a share of the examples, drawn by the seed, is set aside for validation. */
  split(validation = 0.1, seed = 0): { train: ArrayDataset<I>; validation: ArrayDataset<I> } {
    const aside = Math.round(this.size * validation);
    if (!(aside > 0 && aside < this.size)) {
      const got = `${validation} of ${this.size} examples`;
      throw new ValueError({ what: "split", expected: "a share that leaves examples on both sides", got });
    }
    const shuffled = this.shuffle(seed);
    return { train: shuffled.slice(aside), validation: shuffled.slice(0, aside) };
  }

  /** A copy of one example's numbers. */
  #row<A extends Float32Array | Int32Array>(from: A, shape: Shape, index: number, what: string): A {
    const width = sizeOf(shape);
    const place = this.#place(index, what);
    return from.slice(place * width, (place + 1) * width) as A;
  }

  /** Where an example stands in the columns. */
  #place(index: number, what: string): number {
    const place = this.#rows[index];
    if (place !== undefined) return place;
    const expected = `an index from 0 to ${this.size - 1} (${this.name} has ${this.size} examples)`;
    throw new ValueError({ what, expected, got: String(index) });
  }
}

/** Throws DataError where a dataset would have no examples. */
export function assertNotEmpty(what: string, size: number): void {
  if (size > 0) return;
  throw new DataError({ what, expected: "at least one example", got: "an empty data set" });
}
