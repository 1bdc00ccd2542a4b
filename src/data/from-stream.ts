import { DataError, ValueError } from "../errors.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, positiveInteger, show } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import { collate, type Example, type ExampleKind, type Flat, flat } from "./collate.js";
import type { Batch, Dataset } from "./dataset.js";
import { assertLabels, type ExampleShape, type Nested } from "./from-arrays.js";
import type { Stream } from "./stream.js";

/** What {@link fromStream} takes. */
export interface FromStreamOptions {
  readonly name?: string;
  /** Examples of an epoch. Default: they are counted, by a walk through all of them. */
  readonly size?: number;
  /** How many classes, or their names: the targets are then class indices. */
  readonly classes?: number | readonly string[];
}

/** An example as numbers side by side. */
interface FlatExample {
  readonly x: Flat;
  readonly y: Flat;
}

/**
 * A data set over a stream: the examples come in the stream's own order, a batch at a time, and only those of the batches that are under
 * way are in memory. Stream-wise steps (`shuffle`, `prefetch`, …) belong before it. A run that goes on reads anew from the beginning
 * of its epoch up to where it was.
 */
export class StreamDataset<I extends Shape = Shape> implements Dataset<I> {
  readonly name: string;
  readonly size: number;
  readonly inputShape: I;
  readonly classes?: readonly string[];
  readonly sequential = true;
  readonly #stream: Stream<Example>;
  readonly #kind: ExampleKind;
  readonly #first: FlatExample;
  readonly #near = new Map<number, FlatExample>();
  /** One walk at a time. */
  #bringing: Promise<void> = Promise.resolve();
  #walk: AsyncGenerator<Example, void, undefined> | undefined;
  #epoch = -1;
  #position = 0;

  constructor(
    stream: Stream<Example>,
    first: FlatExample,
    size: number,
    { name = "your stream", classes }: FromStreamOptions,
  ) {
    this.#stream = stream;
    this.#first = first;
    this.name = name;
    this.size = size;
    this.inputShape = first.x.shape as I;
    if (classes !== undefined) {
      this.classes = typeof classes === "number" ? Array.from({ length: classes }, (_, index) => `${index}`) : classes;
    }
    this.#kind = {
      inputShape: first.x.shape,
      inputDtype: first.x.values instanceof Int32Array ? "int32" : "float32",
      targetShape: first.y.shape,
      targetDtype: classes === undefined ? "float32" : "int32",
    };
  }

  /** Of the first example only. */
  x(index: number): tf.Tensor {
    this.#mustBeFirst("x", index);
    const { shape, values } = this.#first.x;
    return tf.tensor(values, [...shape], this.#kind.inputDtype);
  }

  /** Of the first example only. */
  y(index: number): number | readonly number[] {
    this.#mustBeFirst("y", index);
    const { shape, values } = this.#first.y;
    return shape.length === 0 ? values[0]! : Array.from(values);
  }

  /** Reads on up to these examples, which must follow each other. Throws DataError where the stream ends before. */
  prepare(indices: readonly number[], epoch: number): Promise<void> {
    this.#bringing = this.#bringing.catch(() => {}).then(() => this.#bring(indices, epoch));
    return this.#bringing;
  }

  batch(indices: readonly number[]): Batch {
    const examples = indices.map((index) => {
      const example = this.#near.get(index);
      if (example !== undefined) return example;
      const hint = "Write await dataset.prepare(indices, epoch) before it.";
      throw new ValueError({
        what: `${this.name}: batch`,
        expected: "examples that have been read",
        got: show(index),
        hint,
      });
    });
    for (const index of indices) this.#near.delete(index);
    return collate(this.name, this.#kind, examples, indices);
  }

  async #bring(indices: readonly number[], epoch: number): Promise<void> {
    const [begin = 0] = indices;
    if (epoch !== this.#epoch || begin < this.#position || this.#walk === undefined) {
      await this.#walk?.return();
      this.#walk = this.#stream.epoch(epoch);
      this.#epoch = epoch;
      this.#position = 0;
      this.#near.clear();
    }
    while (this.#position < begin + indices.length) {
      const next = await this.#walk.next();
      if (next.done) {
        this.#walk = undefined;
        const got = `${this.#position} in epoch ${epoch}`;
        const hint = "A generator can be walked through once: give data.stream a function that makes it anew.";
        throw new DataError({ what: this.name, expected: `${this.size} examples`, got, hint });
      }
      const place = this.#position++;
      if (place >= begin) this.#near.set(place, flatExample(this.name, next.value, place, this.classes?.length));
    }
  }

  #mustBeFirst(what: string, index: number): void {
    if (index === 0) return;
    const hint = "To choose examples, collect them: data.fromArrays(…).";
    throw new ValueError({
      what: `${this.name}: ${what}`,
      expected: "0, the only example that is known before",
      got: show(index),
      hint,
    });
  }
}

/**
 * A data set over a stream of `{ x, y }`, e.g. rows of a file that is larger than memory: `await data.fromStream(rows.shuffle({ buffer:
 * 1000 }).prefetch(64), { classes: 2 })`. The first example is read at once, to know the shapes. Throws DataError for an empty stream,
 * and on the way for examples of another shape, labels that are no classes, numbers that are not finite, each with its place.
 */
export async function fromStream<X extends Nested | tf.Tensor>(
  stream: Stream<Example<X>>,
  options: FromStreamOptions = {},
): Promise<StreamDataset<ExampleShape<readonly X[]>>> {
  checkOptions("fromStream", options, ["name", "size", "classes"]);
  const { name = "your stream", classes } = options;
  if (typeof stream?.epoch !== "function") {
    const hint = "Make one of what you have: data.stream(…).";
    throw new ValueError({ what: "fromStream", expected: "a stream", got: show(stream), hint });
  }
  if (options.size !== undefined) positiveInteger("fromStream: size", options.size);
  const count = classes === undefined || typeof classes === "number" ? classes : classes.length;
  let first: FlatExample | undefined;
  let size = 0;
  for await (const example of stream.epoch(0)) {
    first ??= flatExample(name, example, 0, count);
    size++;
    if (options.size !== undefined) break;
  }
  if (first === undefined) {
    throw new DataError({ what: `fromStream: ${name}`, expected: "at least one example", got: "an empty stream" });
  }
  return new StreamDataset(stream as Stream<Example>, first, options.size ?? size, options);
}

function flatExample(what: string, example: Example, place: number, classes: number | undefined): FlatExample {
  if (typeof example !== "object" || example === null || !("x" in example && "y" in example)) {
    throw new DataError({ what, expected: "examples { x, y }", got: `${show(example)} as example ${place}` });
  }
  const y = flat(`${what}: y of example ${place}`, example.y);
  if (classes !== undefined) assertLabels(`${what}: y of example ${place}`, y.values, classes);
  const target = y.shape.length === 0 && classes === undefined ? { ...y, shape: [1] } : y;
  return { x: flat(`${what}: x of example ${place}`, example.x), y: target };
}
