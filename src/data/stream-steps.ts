/** What the steps of a stream do with its elements. */
import type { Random } from "../tensor/random.js";

type Elements<T> = AsyncIterable<T> | Iterable<T>;

/** Each drawn from `buffer` that wait. */
export async function* shuffled<T>(elements: Elements<T>, buffer: number, random: Random): AsyncGenerator<T> {
  const waiting: T[] = [];
  const draw = (): T => {
    const place = random.integer(waiting.length);
    const drawn = waiting[place]!;
    const last = waiting.pop()!;
    if (place < waiting.length) waiting[place] = last;
    return drawn;
  };
  for await (const element of elements) {
    waiting.push(element);
    if (waiting.length === buffer) yield draw();
  }
  while (waiting.length > 0) yield draw();
}

/** Lists of `size`, each `stride` after the other. */
export async function* windows<T>(
  elements: Elements<T>,
  size: number,
  stride: number,
  dropLast: boolean,
): AsyncGenerator<T[]> {
  let waiting: T[] = [];
  let gap = 0;
  for await (const element of elements) {
    if (gap > 0) {
      gap--;
      continue;
    }
    waiting.push(element);
    if (waiting.length < size) continue;
    yield waiting;
    gap = Math.max(0, stride - size);
    waiting = waiting.slice(stride);
  }
  if (!dropLast && waiting.length > 0) yield waiting;
}

/** Lists of `size` whose lengths lie between the same bounds; the rest at the end. */
export async function* bucketed<T>(
  elements: Elements<T>,
  length: (element: T) => number,
  bounds: readonly number[],
  size: number,
): AsyncGenerator<T[]> {
  const buckets: T[][] = Array.from({ length: bounds.length + 1 }, () => []);
  for await (const element of elements) {
    const found = bounds.findIndex((bound) => length(element) <= bound);
    const place = found < 0 ? bounds.length : found;
    buckets[place]!.push(element);
    if (buckets[place]!.length < size) continue;
    yield buckets[place]!;
    buckets[place] = [];
  }
  for (const bucket of buckets) if (bucket.length > 0) yield bucket;
}

/** The same, of which up to `count` are asked for before they are wanted. */
export async function* ahead<T>(elements: Elements<T>, count: number): AsyncGenerator<T> {
  const walk = toAsync(elements);
  const pending: Promise<IteratorResult<T>>[] = [];
  const ask = (): void => {
    const next = walk.next();
    // Whoever waits for it hears of it; until then it is no rejection that nobody handles.
    next.catch(() => {});
    pending.push(next);
  };
  try {
    while (pending.length < count) ask();
    for (;;) {
      const next = await pending.shift()!;
      if (next.done) return;
      ask();
      yield next.value;
    }
  } finally {
    // What is asked for is made before the source is left.
    await Promise.allSettled(pending);
    await walk.return?.();
  }
}

function toAsync<T>(elements: Elements<T>): AsyncIterator<T> {
  if (Symbol.asyncIterator in elements) return elements[Symbol.asyncIterator]();
  const walk = elements[Symbol.iterator]();
  return {
    next: async () => walk.next(),
    return: async () => walk.return?.() ?? { done: true, value: undefined },
  };
}
