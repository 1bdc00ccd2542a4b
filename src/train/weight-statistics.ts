import { inspect } from "node:util";
import type { Trainable } from "../optim/optimizer.js";
import { type Compiled, compiled } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";
import { scope } from "./scope.js";

/** What the numbers of a tensor are like. */
export interface Moments {
  /** √ of the sum of their squares. */
  readonly norm: number;
  readonly mean: number;
  /** √ of the mean square of what they differ from their mean (n in the denominator). */
  readonly deviation: number;
  /** The share of them that are exactly 0. */
  readonly zeros: number;
}

/** One weight in one step. */
export interface WeightStatistics {
  /** After the step. */
  readonly weight: Moments;
  /** Before it was clipped. */
  readonly gradient: Moments;
  /** The norm of what the step changed, as a share of the norm before it. About 1e-3 is usual; Infinity where that was 0. */
  readonly updateRatio: number;
}

/** All trained weights in one step, by path. */
export interface StatisticsRecord {
  /** Counted as {@link StepRecord.step}. */
  readonly step: number;
  readonly epoch: number;
  readonly weights: Readonly<Record<string, WeightStatistics>>;
}

/** The statistics of a model's training, oldest first. They display themselves as a figure. */
export class StatisticsLog implements Iterable<StatisticsRecord> {
  #records: StatisticsRecord[] = [];

  get length(): number {
    return this.#records.length;
  }

  /** One record; negative counts from the end. */
  at(index: number): StatisticsRecord | undefined {
    return this.#records.at(index);
  }

  add(record: StatisticsRecord): void {
    this.#records.push(record);
  }

  /**
   * All numbers by name, a row a record: `step`, `epoch`, and of each weight `weights.PATH`, nine a row, NaN where the record says nothing
   * of it.
   */
  columns(): ReadonlyMap<string, Float64Array> {
    if (this.length === 0) return new Map();
    const paths = new Set(this.#records.flatMap(({ weights }) => Object.keys(weights)));
    const column = (of: (record: StatisticsRecord) => number[]) => Float64Array.from(this.#records.flatMap(of));
    return new Map([
      ["step", column(({ step }) => [step])],
      ["epoch", column(({ epoch }) => [epoch])],
      ...[...paths].map(
        (path) => [`${weightsPrefix}${path}`, column(({ weights }) => numbersOf(weights[path]))] as const,
      ),
    ]);
  }

  /** Takes on what {@link columns} told, instead of what was here. */
  restore(columns: ReadonlyMap<string, Float64Array>): void {
    const epochs = columns.get("epoch") ?? new Float64Array(0);
    const weights = [...columns].filter(([name]) => name.startsWith(weightsPrefix));
    this.#records = Array.from(columns.get("step") ?? [], (step, row) => {
      const rows = weights.map(([name, values]) => {
        const numbers = values.subarray(row * perWeight, (row + 1) * perWeight);
        return [name.slice(weightsPrefix.length), numbers] as const;
      });
      const seen = rows.filter(([, numbers]) => !Number.isNaN(numbers.at(-1)));
      return {
        step,
        epoch: epochs[row]!,
        weights: Object.fromEntries(seen.map(([path, numbers]) => [path, statisticsOf(numbers)])),
      };
    });
  }

  [Symbol.iterator](): Iterator<StatisticsRecord> {
    return this.#records[Symbol.iterator]();
  }

  /** In a line: `8 looks at 4 weights, from step 1 to step 29`. */
  [inspect.custom](): string {
    const [first, last] = [this.at(0), this.at(-1)];
    if (first === undefined || last === undefined) return "no looks at weights: give fit the option statistics";
    const looks = `${this.length} ${this.length === 1 ? "look" : "looks"}`;
    return `${looks} at ${Object.keys(last.weights).length} weights, from step ${first.step} to step ${last.step}`;
  }
}

const perTensor = 4;
/** Of the weight, of its gradient, and the ratio. */
const perWeight = 2 * perTensor + 1;
const weightsPrefix = "weights.";

/** → norm, mean, deviation, share of zeros of each tensor, one after another, [tensors · 4]. */
export function momentsOf(tensors: readonly tf.Tensor[]): tf.Tensor {
  return tf.stack(
    tensors.flatMap((tensor) => {
      const mean = tensor.mean();
      const deviation = tensor.sub(mean).square().mean().sqrt();
      return [tensor.norm(), mean, deviation, tensor.equal(0).toFloat().mean()];
    }),
  );
}

/** Sees what single steps do to weights: a copy before, a compiled look after. */
export class WeightWatch {
  readonly #parameters: readonly Trainable[];
  readonly #look: Compiled;
  #before: tf.Tensor[] = [];

  constructor(parameters: readonly Trainable[]) {
    this.#parameters = parameters;
    this.#look = compiled("statistics", (before) => {
      const now = parameters.map(({ variable }) => variable as tf.Tensor);
      const ratios = now.map((weight, index) => weight.sub(before[index]!).norm().div(before[index]!.norm()));
      return [momentsOf(now), tf.stack(ratios)];
    });
  }

  /** A step that is watched is about to be made. */
  begin(): void {
    this.#forget();
    this.#before = this.#parameters.map(({ variable }) => tf.tidy(() => variable.clone()));
  }

  /** It was made, with gradients of these {@link momentsOf}. */
  end(gradients: ArrayLike<number>): Record<string, WeightStatistics> {
    const [moments, ratios] = scope(() => this.#look.run(this.#before).map((tensor) => tensor.dataSync()));
    this.#forget();
    const entries = this.#parameters.map(({ path }, index) => {
      const updateRatio = Number.isNaN(ratios![index]!) ? 0 : ratios![index]!;
      return [path, { weight: read(moments!, index), gradient: read(gradients, index), updateRatio }] as const;
    });
    return Object.fromEntries(entries);
  }

  /** Frees what was kept and compiled. */
  rest(): void {
    this.#forget();
    this.#look.end();
  }

  #forget(): void {
    tf.dispose(this.#before);
    this.#before = [];
  }
}

function numbersOf(one: WeightStatistics | undefined): number[] {
  if (one === undefined) return new Array<number>(perWeight).fill(Number.NaN);
  const moments = ({ norm, mean, deviation, zeros }: Moments) => [norm, mean, deviation, zeros];
  return [...moments(one.weight), ...moments(one.gradient), one.updateRatio];
}

function statisticsOf(numbers: Float64Array): WeightStatistics {
  return { weight: read(numbers, 0), gradient: read(numbers, 1), updateRatio: numbers.at(-1)! };
}

function read(values: ArrayLike<number>, index: number): Moments {
  const [norm, mean, deviation, zeros] = Array.from({ length: perTensor }, (_, at) => values[index * perTensor + at]!);
  return { norm: norm!, mean: mean!, deviation: deviation!, zeros: zeros! };
}
