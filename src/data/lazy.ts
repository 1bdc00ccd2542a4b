import { DataError, ValueError } from "../errors.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, positiveInteger, show } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import { assertNotEmpty } from "./arrays.js";
import { collate, type ExampleKind, type Flat, flat } from "./collate.js";
import type { Batch, Dataset } from "./dataset.js";
import { assertLabels, type Nested } from "./from-arrays.js";
import { limited } from "./limited.js";

/** What {@link lazy} takes. */
export interface LazyOptions {
  readonly name?: string;
  /** Targets of all examples, in memory: class indices, or rows of values. */
  readonly targets: ArrayLike<number> | readonly ArrayLike<number>[];
  /** How many classes, or their names: the targets are then class indices. */
  readonly classes?: number | readonly string[];
  /** Inputs that are read at once. Default 8. */
  readonly concurrency?: number;
}

/** An input that is read, or being read. */
interface Near {
  readonly reading: Promise<Flat>;
  read?: Flat;
  /** By so many batches. */
  wanted: number;
}

/**
 * A data set whose inputs are read when a batch wants them, e.g. images of a folder (PyTorch's map-style Dataset): only the batches
 * that are under way are in memory, and the next one is read while a step computes.
 */
export class LazyDataset<I extends Shape = Shape> implements Dataset<I> {
  readonly name: string;
  readonly size: number;
  readonly inputShape: I;
  readonly classes?: readonly string[];
  readonly #read: (index: number) => Promise<Flat>;
  readonly #targets: readonly Flat[];
  readonly #kind: ExampleKind;
  readonly #first: Flat;
  readonly #limited: ReturnType<typeof limited>;
  readonly #near = new Map<number, Near>();

  constructor(first: Flat, read: (index: number) => Promise<Flat>, targets: readonly Flat[], options: LazyOptions) {
    const { name = "your data", classes, concurrency = 8 } = options;
    this.#first = first;
    this.#read = read;
    this.#targets = targets;
    this.#limited = limited(concurrency);
    this.name = name;
    this.size = targets.length;
    this.inputShape = first.shape as I;
    if (classes !== undefined) {
      this.classes = typeof classes === "number" ? Array.from({ length: classes }, (_, index) => `${index}`) : classes;
    }
    this.#kind = {
      inputShape: first.shape,
      inputDtype: first.values instanceof Int32Array ? "int32" : "float32",
      targetShape: targets[0]!.shape,
      targetDtype: classes === undefined ? "float32" : "int32",
    };
  }

  /** Only the first can be had without waiting. */
  x(index: number): tf.Tensor {
    const near = index === 0 ? this.#first : this.#near.get(index)?.read;
    if (near !== undefined) return tf.tensor(near.values, [...near.shape], this.#kind.inputDtype);
    const hint = "Write await dataset.prepare([index]) before it.";
    throw new ValueError({
      what: `${this.name}: x`,
      expected: "an example that has been read",
      got: show(index),
      hint,
    });
  }

  y(index: number): number | readonly number[] {
    const target = this.#targets[index];
    if (target === undefined) throw this.#outside(index);
    return target.shape.length === 0 ? target.values[0]! : Array.from(target.values);
  }

  /** Reads the inputs that are not there yet; `batch` of the same indices gives them, once. Throws what reading throws. */
  async prepare(indices: readonly number[]): Promise<void> {
    const near = indices.map((index) => {
      if (this.#targets[index] === undefined) throw this.#outside(index);
      const known = this.#near.get(index) ?? this.#begin(index);
      known.wanted++;
      return known;
    });
    const read = await Promise.allSettled(near.map(({ reading }) => reading));
    const failed = read.find((one) => one.status === "rejected");
    if (failed === undefined) return;
    // What cannot be read this time may be read when it is asked for again.
    for (const [place, { status }] of read.entries()) if (status === "rejected") this.#near.delete(indices[place]!);
    throw failed.reason;
  }

  batch(indices: readonly number[]): Batch {
    const examples = indices.map((index) => {
      const near = this.#near.get(index);
      if (near?.read === undefined) {
        const hint = "Write await dataset.prepare(indices) before it.";
        throw new ValueError({
          what: `${this.name}: batch`,
          expected: "examples that have been read",
          got: show(index),
          hint,
        });
      }
      return { x: near.read, y: this.#targets[index]! };
    });
    const made = collate(this.name, this.#kind, examples, indices);
    for (const index of indices) {
      const near = this.#near.get(index);
      if (near !== undefined && --near.wanted <= 0) this.#near.delete(index);
    }
    return made;
  }

  #begin(index: number): Near {
    const reading = this.#limited(() => (index === 0 ? Promise.resolve(this.#first) : this.#read(index)));
    const near: Near = { reading, wanted: 0 };
    reading.then(
      (read) => {
        near.read = read;
      },
      () => {},
    );
    this.#near.set(index, near);
    return near;
  }

  #outside(index: number): ValueError {
    const expected = `an index from 0 to ${this.size - 1} (${this.name} has ${this.size} examples)`;
    return new ValueError({ what: "batch", expected, got: show(index) });
  }
}

/**
 * A data set whose inputs `read` gives, one at a time, when they are wanted; it may take its time (a promise). The first is read at once,
 * to know the shape. Throws DataError for an empty set, labels out of range, and an input of another shape when it is met.
 */
export async function lazy(
  read: (index: number) => Nested | tf.Tensor | Promise<Nested | tf.Tensor>,
  options: LazyOptions,
): Promise<LazyDataset> {
  checkOptions("lazy", options, ["name", "targets", "classes", "concurrency"]);
  const { name = "your data", targets, classes, concurrency = 8 } = options;
  positiveInteger("lazy: concurrency", concurrency);
  if (typeof targets !== "object" || targets === null) {
    throw new ValueError({ what: "lazy: targets", expected: "a list, a target an example", got: show(targets) });
  }
  assertNotEmpty(`lazy: ${name}`, targets.length);
  if (classes !== undefined) {
    const count = typeof classes === "number" ? classes : classes.length;
    assertLabels("lazy: targets", targets as ArrayLike<number>, count);
  }
  const rows = Array.from(targets as ArrayLike<number | ArrayLike<number>>, (target) =>
    flat("lazy: targets", classes === undefined && typeof target === "number" ? [target] : target),
  );
  const whole = async (index: number): Promise<Flat> => {
    try {
      return flat(`${name}: x`, await read(index));
    } catch (cause) {
      const got = `${cause instanceof Error ? cause.message : show(cause)} for example ${index}`;
      throw new DataError({ what: `${name}: read`, expected: "an input for each example", got }, { cause });
    }
  };
  return new LazyDataset(await whole(0), whole, rows, options);
}
