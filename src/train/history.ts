import { inspect } from "node:util";
import type { EpochRecord, StepRecord } from "./observer.js";
import { StatisticsLog } from "./weight-statistics.js";

/** All steps of a model's training, a column a quantity, oldest first. The arrays are views: copy them to keep them. */
export interface StepColumns {
  readonly length: number;
  readonly loss: Float64Array;
  readonly learningRate: Float64Array;
  /** Over all parameters, before clipping. */
  readonly gradientNorm: Float64Array;
  /** Epochs done, as a fraction. */
  readonly epoch: Float64Array;
  /** Milliseconds since the run that made the step began or went on. */
  readonly elapsed: Float64Array;
  /** Examples a second. */
  readonly throughput: Float64Array;
  /** By name; NaN where a run did not measure it. */
  readonly metrics: Readonly<Record<string, Float64Array>>;
  /** One step as the observers saw it; negative counts from the end. */
  at(index: number): StepRecord | undefined;
}

/** What a model has gone through: the steps and epochs of all its runs, interrupted ones included. */
export interface History {
  readonly steps: StepColumns;
  readonly epochs: readonly EpochRecord[];
  /** Of the steps that `fit` looked at with its option `statistics`. */
  readonly statistics: StatisticsLog;
}

const quantities = ["loss", "learningRate", "gradientNorm", "epoch", "elapsed", "throughput"] as const;

/** Before the names of metrics among the names of {@link StepLog.columns}. */
const metricPrefix = "metrics.";

/** A {@link History} that grows. */
export class HistoryLog implements History {
  readonly steps = new StepLog();
  readonly epochs: EpochRecord[] = [];
  readonly statistics = new StatisticsLog();

  /** Takes on another history, instead of what was here: what `columns` of steps and statistics told, and the epochs. */
  restore(
    steps: ReadonlyMap<string, Float64Array>,
    epochs: readonly EpochRecord[],
    statistics: ReadonlyMap<string, Float64Array>,
  ): void {
    this.steps.restore(steps);
    this.statistics.restore(statistics);
    this.epochs.splice(0, this.epochs.length, ...epochs);
  }
}

/** {@link StepColumns} that grow: 48 bytes a step, and 8 a metric. */
export class StepLog implements StepColumns {
  readonly #columns = new Map<string, Column>(quantities.map((name) => [name, new Column()]));
  readonly #metrics = new Map<string, Column>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get loss(): Float64Array {
    return this.#view("loss");
  }

  get learningRate(): Float64Array {
    return this.#view("learningRate");
  }

  get gradientNorm(): Float64Array {
    return this.#view("gradientNorm");
  }

  get epoch(): Float64Array {
    return this.#view("epoch");
  }

  get elapsed(): Float64Array {
    return this.#view("elapsed");
  }

  get throughput(): Float64Array {
    return this.#view("throughput");
  }

  get metrics(): Readonly<Record<string, Float64Array>> {
    return Object.fromEntries([...this.#metrics].map(([name, column]) => [name, column.view(this.#length)]));
  }

  at(index: number): StepRecord | undefined {
    const place = index < 0 ? this.#length + index : index;
    if (!(Number.isInteger(place) && place >= 0 && place < this.#length)) return undefined;
    const read = (name: string) => this.#columns.get(name)!.at(place);
    const metrics = [...this.#metrics].map(([name, column]) => [name, column.at(place)] as const);
    return {
      step: place + 1,
      epoch: read("epoch"),
      loss: read("loss"),
      metrics: Object.fromEntries(metrics.filter(([, value]) => !Number.isNaN(value))),
      learningRate: read("learningRate"),
      gradientNorm: read("gradientNorm"),
      elapsed: read("elapsed"),
      throughput: read("throughput"),
    };
  }

  /** Takes the next step; its number must be one more than the length. */
  add(record: StepRecord): void {
    for (const name of quantities) this.#columns.get(name)!.set(this.#length, record[name]);
    for (const name of Object.keys(record.metrics)) {
      if (!this.#metrics.has(name)) this.#metrics.set(name, new Column());
    }
    for (const [name, column] of this.#metrics) column.set(this.#length, record.metrics[name] ?? Number.NaN);
    this.#length++;
  }

  /** All numbers by name, `loss`, `metrics.accuracy`. */
  columns(): ReadonlyMap<string, Float64Array> {
    const metrics = Object.entries(this.metrics).map(([name, values]) => [`${metricPrefix}${name}`, values] as const);
    return new Map([...quantities.map((name) => [name, this.#view(name)] as const), ...metrics]);
  }

  /** Takes on what {@link columns} told, instead of what was here. */
  restore(columns: ReadonlyMap<string, Float64Array>): void {
    this.#length = columns.get("loss")?.length ?? 0;
    this.#metrics.clear();
    for (const name of quantities) this.#columns.set(name, new Column(columns.get(name)));
    for (const [name, values] of columns) {
      if (name.startsWith(metricPrefix)) this.#metrics.set(name.slice(metricPrefix.length), new Column(values));
    }
  }

  /** In a line, each quantity from its first value to its last. */
  [inspect.custom](): string {
    const short = (value: number | undefined) => Number((value ?? Number.NaN).toPrecision(3));
    const columns = [...this.columns()].map(
      ([name, values]) => `${name}: ${short(values[0])} … ${short(values.at(-1))}`,
    );
    return this.#length === 0 ? "0 steps" : `${this.#length} steps { ${columns.join(", ")} }`;
  }

  #view(name: (typeof quantities)[number]): Float64Array {
    return this.#columns.get(name)!.view(this.#length);
  }
}

/** Numbers that grow at the end; what was never set is NaN. */
class Column {
  #values = new Float64Array(256).fill(Number.NaN);

  /** `first`: the numbers it begins with. */
  constructor(first: Float64Array = new Float64Array(0)) {
    first.forEach((value, index) => {
      this.set(index, value);
    });
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  set(index: number, value: number): void {
    if (index >= this.#values.length) {
      const grown = new Float64Array(2 ** Math.ceil(Math.log2(index + 1))).fill(Number.NaN);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[index] = value;
  }

  view(length: number): Float64Array {
    return this.#values.subarray(0, length);
  }
}
