import type { Dataset } from "../../data/dataset.js";
import { Random } from "../../tensor/random.js";

/** In which order examples are drawn. */
export interface DrawsOptions {
  readonly batchSize: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly stepsPerEpoch: number;
  /** Steps of the whole run. */
  readonly length: number;
}

/** Which examples each step of a run learns from, by seed and epoch alone; and bringing them near, where they are not at hand. */
export class Draws {
  /** Epochs that the model had behind it when the run began. */
  epochsBefore = 0;
  readonly #dataset: Dataset;
  readonly #options: DrawsOptions;
  #order: { readonly epoch: number; readonly indices: Int32Array } | undefined;
  /** Examples that are on their way. */
  #coming: { readonly step: number; readonly arrived: Promise<void> } | undefined;

  constructor(dataset: Dataset, options: DrawsOptions) {
    this.#dataset = dataset;
    this.#options = options;
  }

  /** The examples of a step, from 0. */
  indices(step: number): number[] {
    const { batchSize, stepsPerEpoch } = this.#options;
    const start = (step % stepsPerEpoch) * batchSize;
    return Array.from(this.#orderOf(this.#epochOf(step)).subarray(start, start + batchSize));
  }

  /** Waits for the examples of a step; undefined where they are at hand. Throws what reading them throws. */
  ready(step: number): Promise<void> | undefined {
    if (this.#dataset.prepare === undefined) return undefined;
    if (this.#coming?.step !== step) {
      const arrived = this.#dataset.prepare(this.indices(step), this.#epochOf(step));
      // Who waits for it hears of it; if nobody does, the run ended before.
      arrived.catch(() => {});
      this.#coming = { step, arrived };
    }
    return this.#coming.arrived;
  }

  /** Those of the next step come near while this one computes; those of another epoch wait for their turn. */
  lookAhead(step: number): void {
    const next = step + 1;
    if (next < this.#options.length && next % this.#options.stepsPerEpoch !== 0) void this.ready(next);
  }

  /** What is on its way is not waited for. */
  forget(): void {
    this.#coming = undefined;
  }

  #epochOf(step: number): number {
    return this.epochsBefore + Math.floor(step / this.#options.stepsPerEpoch);
  }

  #orderOf(epoch: number): Int32Array {
    if (this.#order?.epoch !== epoch) {
      const { size, sequential = false } = this.#dataset;
      const { seed, shuffle } = this.#options;
      const indices =
        shuffle && !sequential
          ? new Random(seed, `epoch ${epoch}`).permutation(size)
          : Int32Array.from({ length: size }, (_, index) => index);
      this.#order = { epoch, indices };
    }
    return this.#order.indices;
  }
}
