import { inspect } from "node:util";
import type { EpochRecord, StepRecord } from "./observer.js";

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
}

const quantities = ["loss", "learningRate", "gradientNorm", "epoch", "elapsed", "throughput"] as const;

/** A {@link History} that grows. */
export class HistoryLog implements History {
  readonly steps = new StepLog();
  readonly epochs: EpochRecord[] = [];
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

  [inspect.custom](): object {
    const columns = Object.fromEntries(quantities.map((name) => [name, this.#view(name)]));
    return { length: this.#length, ...columns, metrics: this.metrics };
  }

  #view(name: (typeof quantities)[number]): Float64Array {
    return this.#columns.get(name)!.view(this.#length);
  }
}

/** Numbers that grow at the end; what was never set is NaN. */
class Column {
  #values = new Float64Array(256).fill(Number.NaN);

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
