import type { Gathered } from "../nn/metrics/metric.js";
import type { NamedMetric } from "./options.js";
import { meanTally, type Tally, wholeTally } from "./tally.js";

/** What was measured of one batch. */
export interface Measured {
  readonly examples: number;
  readonly loss: number;
  /** How much the batch counts in the mean of the losses: the number of its examples, but where some positions count more or less. */
  readonly weight: number;
  /** For each metric. */
  readonly states: readonly (readonly Gathered[])[];
}

/** The mean loss over batches, and what metrics say of all of them. */
export class Means {
  #weight = 0;
  #loss = 0;
  readonly #tallies: readonly Tally[];

  /** `rows`: whether to keep all rows of metrics that need them; otherwise they are the means over the batches. */
  constructor(metrics: readonly NamedMetric[], classes: readonly string[] | undefined, { rows }: { rows: boolean }) {
    this.#tallies = metrics.map((metric) =>
      rows || metric.metric.gather === "sum" ? wholeTally(metric, classes) : meanTally(metric, classes),
    );
  }

  add({ examples, loss, weight, states }: Measured): void {
    this.#weight += weight;
    this.#loss += loss * weight;
    this.#tallies.forEach((tally, index) => {
      tally.add(states[index]!, examples);
    });
  }

  /** All sums so far: of the weights, the losses, and how many numbers each metric holds, with the numbers. */
  get sums(): number[] {
    return [this.#weight, this.#loss, ...this.#tallies.flatMap(({ numbers }) => [numbers.length, ...numbers])];
  }

  /** Goes on from sums as {@link sums} told them. */
  restore([weight, loss, ...metrics]: readonly number[]): void {
    this.#weight = weight!;
    this.#loss = loss!;
    let at = 0;
    for (const tally of this.#tallies) {
      const length = metrics[at]!;
      tally.restore(metrics.slice(at + 1, at + 1 + length));
      at += 1 + length;
    }
  }

  get loss(): number {
    return this.#weight === 0 ? 0 : this.#loss / this.#weight;
  }

  get metrics(): Record<string, number> {
    return Object.assign({}, ...this.#tallies.map(({ values }) => values)) as Record<string, number>;
  }
}
