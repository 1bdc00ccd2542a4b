import { DataError, ValueError } from "../errors.js";
import { checkOptions, positiveInteger, show } from "../tensor/arguments.js";
import { Random } from "../tensor/random.js";
import { ahead, bucketed, shuffled, windows } from "./stream-steps.js";

/** What a {@link Stream} is made of: what can be walked through once, or a function that gives it anew for every epoch. */
export type Source<T> = Iterable<T> | AsyncIterable<T> | ((epoch: number) => Iterable<T> | AsyncIterable<T>);

/** What {@link Stream.map} takes besides the function. */
export interface MapOptions {
  /** So many calls of an asynchronous function at once; the order stays. Default 1. */
  readonly concurrency?: number;
  /** An element for which the function throws ends the stream with a DataError ("throw", default), or is left out ("skip"). */
  readonly onError?: "throw" | "skip";
}

/** What {@link Stream.shuffle} takes. */
export interface ShuffleOptions {
  /** The next element is drawn from so many. */
  readonly buffer: number;
  /** Another order in every epoch, the same for the same seed. Default 0. */
  readonly seed?: number;
}

/** What {@link Stream.bucket} takes. */
export interface BucketOptions<T> {
  /** How long an element is. */
  readonly length: (element: T) => number;
  /** Where one bucket ends and the next begins: [10, 20] makes one of up to 10, one of up to 20, and one of the rest. */
  readonly bounds: readonly number[];
  /** Elements a batch. */
  readonly size: number;
}

type Walk<T> = (epoch: number) => AsyncIterable<T> | Iterable<T>;

/**
 * A pipeline of elements that are made one by one, when they are asked for (as tf.data's Dataset and PyTorch's IterableDataset): nothing
 * is held but what a step needs, however long it is. Each step gives a new stream and leaves the old one as it is. `for await` walks
 * through it; every walk is an epoch, and shuffles in another order.
 */
export class Stream<T> implements AsyncIterable<T> {
  readonly #walk: Walk<T>;
  #epoch = 0;

  constructor(walk: Walk<T>) {
    this.#walk = walk;
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.epoch(this.#epoch++)[Symbol.asyncIterator]();
  }

  /** The elements in the order of this epoch, from 0. */
  async *epoch(epoch: number): AsyncGenerator<T, void, undefined> {
    yield* this.#walk(epoch);
  }

  /** What `change` makes of each. An error says which element it was. Throws DataError on the way. */
  map<U>(change: (element: T, index: number) => U | Promise<U>, options: MapOptions = {}): Stream<U> {
    checkOptions("map", options, ["concurrency", "onError"]);
    const { concurrency = 1, onError = "throw" } = options;
    positiveInteger("map: concurrency", concurrency);
    const one = async (element: T, index: number): Promise<{ readonly made: U } | undefined> => {
      try {
        return { made: await change(element, index) };
      } catch (cause) {
        if (onError === "skip") return undefined;
        const got = `${cause instanceof Error ? `${cause.name}: ${cause.message}` : show(cause)} for element ${index}`;
        const hint = 'Leave such elements out by { onError: "skip" }.';
        throw new DataError({ what: "map", expected: "a value for each element", got, hint }, { cause });
      }
    };
    return this.#then(async function* (elements) {
      const pending: ReturnType<typeof one>[] = [];
      let index = 0;
      for await (const element of elements) {
        const made = one(element, index++);
        // Whoever waits for it hears of it; until then it is no rejection that nobody handles.
        made.catch(() => {});
        pending.push(made);
        if (pending.length < concurrency) continue;
        const first = await pending.shift();
        if (first !== undefined) yield first.made;
      }
      for (const rest of pending) {
        const made = await rest;
        if (made !== undefined) yield made.made;
      }
    });
  }

  /** Those for which `keep` says so. */
  filter<U extends T>(keep: (element: T, index: number) => element is U): Stream<U>;
  filter(keep: (element: T, index: number) => boolean): Stream<T>;
  filter(keep: (element: T, index: number) => boolean): Stream<T> {
    return this.#then(async function* (elements) {
      let index = 0;
      for await (const element of elements) if (keep(element, index++)) yield element;
    });
  }

  /** The first so many. */
  take(count: number): Stream<T> {
    wholeNumber("take", count);
    return this.#then(async function* (elements) {
      let left = count;
      if (left === 0) return;
      for await (const element of elements) {
        yield element;
        if (--left === 0) return;
      }
    });
  }

  /** All but the first so many. */
  skip(count: number): Stream<T> {
    wholeNumber("skip", count);
    return this.#then(async function* (elements) {
      let left = count;
      for await (const element of elements) if (left-- <= 0) yield element;
    });
  }

  /** These, then those of another stream. */
  concat<U>(other: Stream<U>): Stream<T | U> {
    const walk = this.#walk;
    return new Stream<T | U>(async function* (epoch) {
      yield* walk(epoch);
      yield* other.epoch(epoch);
    });
  }

  /** The same so many times, each time in the order of another epoch. */
  repeat(times: number): Stream<T> {
    positiveInteger("repeat", times);
    const walk = this.#walk;
    return new Stream<T>(async function* (epoch) {
      for (let round = 0; round < times; round++) yield* walk(epoch * times + round);
    });
  }

  /** Pairs of these and those of another stream, as long as both have some. */
  zip<U>(other: Stream<U>): Stream<[T, U]> {
    const walk = this.#walk;
    return new Stream<[T, U]>(async function* (epoch) {
      const others = other.epoch(epoch);
      try {
        for await (const element of walk(epoch)) {
          const next = await others.next();
          if (next.done) return;
          yield [element, next.value];
        }
      } finally {
        await others.return();
      }
    });
  }

  /** In an order that is drawn: each element from `buffer` that wait (tf.data's shuffle). All of them where that is no less. */
  shuffle(options: ShuffleOptions): Stream<T> {
    checkOptions("shuffle", options, ["buffer", "seed"]);
    const { buffer, seed = 0 } = options;
    positiveInteger("shuffle: buffer", buffer);
    const walk = this.#walk;
    return new Stream<T>((epoch) => shuffled(walk(epoch), buffer, new Random(seed, `shuffle ${epoch}`)));
  }

  /** Lists of so many; the last may be shorter, unless it is dropped. */
  batch(size: number, options: { readonly dropLast?: boolean } = {}): Stream<T[]> {
    checkOptions("batch", options, ["dropLast"]);
    return this.window(size, { stride: size, dropLast: options.dropLast ?? false });
  }

  /** Lists of so many, each `stride` (default 1) after the other. What is too short for one at the end is dropped. */
  window(size: number, options: { readonly stride?: number; readonly dropLast?: boolean } = {}): Stream<T[]> {
    checkOptions("window", options, ["stride", "dropLast"]);
    const { stride = 1, dropLast = true } = options;
    positiveInteger("window: size", size);
    positiveInteger("window: stride", stride);
    return this.#then((elements) => windows(elements, size, stride, dropLast));
  }

  /** Batches of elements of about one length (tf.data's bucket_by_sequence_length), as soon as a bucket is full; the rest at the end. */
  bucket({ length, bounds, size, ...rest }: BucketOptions<T>): Stream<T[]> {
    checkOptions("bucket", rest, ["length", "bounds", "size"]);
    positiveInteger("bucket: size", size);
    return this.#then((elements) => bucketed(elements, length, bounds, size));
  }

  /** Makes up to `count` elements ahead while somebody works with the one before them. */
  prefetch(count: number): Stream<T> {
    positiveInteger("prefetch", count);
    return this.#then((elements) => ahead(elements, count));
  }

  /** Keeps all elements in memory the first time that a walk reaches the end; later walks take them from there, in the same order. */
  cache(): Stream<T> {
    const walk = this.#walk;
    let kept: readonly T[] | undefined;
    return new Stream<T>(async function* (epoch) {
      if (kept !== undefined) {
        yield* kept;
        return;
      }
      const made: T[] = [];
      for await (const element of walk(epoch)) {
        made.push(element);
        yield element;
      }
      kept = made;
    });
  }

  /** All elements of the next epoch. They must fit into memory. */
  async toArray(): Promise<T[]> {
    const all: T[] = [];
    for await (const element of this) all.push(element);
    return all;
  }

  #then<U>(step: (elements: AsyncIterable<T> | Iterable<T>) => AsyncIterable<U>): Stream<U> {
    const walk = this.#walk;
    return new Stream<U>((epoch) => step(walk(epoch)));
  }
}

/**
 * A stream of what a source gives: an array, a generator, lines of a file, rows of a table. A function that gives the source can be walked
 * through in every epoch; what can be walked through once only (a generator) ends with the first. Throws ValueError.
 */
export function stream<T>(source: Source<T>): Stream<T> {
  if (typeof source === "function") return new Stream(source);
  const isIterable =
    typeof source === "object" && source !== null && (Symbol.iterator in source || Symbol.asyncIterator in source);
  if (isIterable) return new Stream(() => source);
  throw new ValueError({
    what: "stream",
    expected: "something to walk through (an array, a generator, …), or a function that gives it",
    got: show(source),
  });
}

function wholeNumber(what: string, count: number): void {
  if (Number.isInteger(count) && count >= 0) return;
  throw new ValueError({ what, expected: "a whole number from 0", got: show(count) });
}
