import type { Gathered, KnownMetric, Values } from "../nn/metrics/metric.js";
import type { NamedMetric } from "./options.js";
import { flat, named } from "./values.js";

/** What one metric says of several batches together. */
export interface Tally {
  /** Takes the state of a batch. */
  add(state: readonly Gathered[], examples: number): void;
  /** By their names. */
  readonly values: Record<string, number>;
  /** All that it holds, in numbers. */
  readonly numbers: number[];
  /** Goes on from {@link numbers}. */
  restore(numbers: readonly number[]): void;
}

/** What a metric says of all batches as one, whatever it is. */
export function wholeTally(metric: NamedMetric, classes: readonly string[] | undefined): Tally {
  const gathering = gatherings[metric.metric.gather]();
  return {
    add: (state) => gathering.add(state),
    get values() {
      return named(metric, metric.metric.result(gathering.state), classes);
    },
    get numbers() {
      return gathering.state.flatMap(({ shape, values }) => [shape.length, ...shape, ...Array.from(values)]);
    },
    restore: (numbers) => {
      if (numbers.length > 0) gathering.add(decoded(numbers));
    },
  };
}

/** The mean of what a metric says of each batch, where to remember all rows would be too much. */
export function meanTally(metric: NamedMetric, classes: readonly string[] | undefined): Tally {
  /** [sum, examples] of each number. */
  let sums: [number, number][] = [];
  const result = (): Values => {
    const means = sums.map(([sum, examples]) => sum / examples);
    return metric.metric.many ? means : (means[0] ?? Number.NaN);
  };
  return {
    add(state, examples) {
      const values = flat(metric.metric.result(state));
      if (sums.length === 0) sums = values.map(() => [0, 0]);
      values.forEach((value, index) => {
        if (Number.isNaN(value)) return;
        sums[index]![0] += value * examples;
        sums[index]![1] += examples;
      });
    },
    get values() {
      return named(metric, result(), classes);
    },
    get numbers() {
      return sums.flat();
    },
    restore(numbers) {
      sums = Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!]);
    },
  };
}

/** States of batches that come together. */
interface Gathering {
  add(state: readonly Gathered[]): void;
  readonly state: readonly Gathered[];
}

const gatherings: Readonly<Record<KnownMetric["gather"], () => Gathering>> = { sum: added, rows: joined };

function added(): Gathering {
  let sums: { shape: readonly number[]; values: Float64Array }[] | undefined;
  return {
    add(state) {
      sums ??= state.map(({ shape, values }) => ({ shape, values: new Float64Array(values.length) }));
      state.forEach(({ values }, index) => {
        const into = sums![index]!.values;
        for (let at = 0; at < into.length; at++) into[at]! += values[at]!;
      });
    },
    get state() {
      return sums ?? [];
    },
  };
}

function joined(): Gathering {
  const batches: (readonly Gathered[])[] = [];
  return {
    add: (state) => void batches.push(state),
    get state() {
      return (batches[0] ?? []).map(({ shape: [, ...row] }, index) => {
        const parts = batches.map((state) => state[index]!);
        const rows = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
        const values = new Float32Array(parts.reduce((sum, part) => sum + part.values.length, 0));
        let at = 0;
        for (const part of parts) {
          values.set(part.values, at);
          at += part.values.length;
        }
        return { shape: [rows, ...row], values };
      });
    },
  };
}

/** A state from the numbers of a tally: rank, shape and values of each part. */
function decoded(numbers: readonly number[]): Gathered[] {
  const state: Gathered[] = [];
  for (let at = 0; at < numbers.length; ) {
    const shape = numbers.slice(at + 1, at + 1 + numbers[at]!);
    at += 1 + shape.length;
    const size = shape.reduce((product, length) => product * length, 1);
    state.push({ shape, values: numbers.slice(at, at + size) });
    at += size;
  }
  return state;
}
