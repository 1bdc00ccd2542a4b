/** Learning from a large batch a part at a time. */
import { type Compiled, compiled, type Precision } from "../../runtime/index.js";
import * as tf from "../../runtime/tf.js";
import { type Drawn, drawnOf, tensorsOf } from "./draw.js";
import { type Learned, type LearnParts, learn, tiny } from "./learn.js";

/**
 * One run of a compiled function after another, each of which adds the gradients of its part to those of the parts before: what a
 * forward pass keeps for the way back is there for one part only. See `nn/halves.ts`.
 */
export class Parts {
  readonly #parts: LearnParts;
  readonly #compiled: Compiled;
  /** How many tensors the state of each metric has. */
  #states: readonly number[] = [];

  /** `scale`: what the loss is multiplied by on the way to the gradients. */
  constructor(parts: LearnParts, precision: Precision, scale: () => tf.Tensor | undefined) {
    this.#parts = parts;
    this.#compiled = compiled("fit", (inputs) => this.#work(inputs, scale()), { precision });
  }

  /** What {@link join} makes one of: the gradients, summed up, then what else came of each part. They are the caller's to free. */
  async learn(batch: Drawn, length: number): Promise<tf.Tensor[]> {
    const size = batch.x.shape[0]!;
    let sums: tf.Tensor[] = this.#parts.parameters.map(({ variable }) => tf.zeros(variable.shape));
    const told: tf.Tensor[] = [];
    try {
      for (let begin = 0; begin < size; begin += length) {
        const part = tensorsOf(batch).map((tensor) => tensor.slice([begin], [Math.min(length, size - begin)]));
        try {
          const made = await this.#compiled.start([...part, ...sums], true);
          tf.dispose(sums);
          sums = made.slice(0, sums.length);
          told.push(...made.slice(sums.length));
        } finally {
          tf.dispose(part);
        }
      }
    } catch (error) {
      tf.dispose([...sums, ...told]);
      throw error;
    }
    return [...sums, ...told];
  }

  /** What came of the whole batch, as {@link learn} has it of one that is learned from at once. */
  join(tensors: readonly tf.Tensor[]): Learned {
    const { parameters, metrics } = this.#parts;
    const sums = tensors.slice(0, parameters.length);
    const told = tensors.slice(parameters.length);
    const width = 2 + this.#states.reduce((sum, count) => sum + count, 0);
    /** What stands at a place of what each part tells. */
    const column = (place: number) => told.filter((_, index) => index % width === place);
    const share = tf.addN(column(1));
    const whole = tf.maximum(share, tiny);
    let place = 2;
    const measured = this.#states.map((count, index) => {
      const gather = metrics[index]!.metric.gather === "sum" ? tf.addN : tf.concat;
      return Array.from({ length: count }, () => gather(column(place++)));
    });
    const gradients = sums.map((sum) => sum.div(whole));
    return { value: tf.addN(column(0)).div(whole), share, gradients, measured, remembered: [] };
  }

  /** Frees what was compiled. */
  end(): void {
    this.#compiled.end();
  }

  /** Tensors of a part, and sums of gradients → the sums with those of the part; its loss, both by what it counts; that; metrics. */
  #work(inputs: readonly tf.Tensor[], scale: tf.Tensor | undefined): tf.Tensor[] {
    const given = inputs.length - this.#parts.parameters.length;
    const batch = drawnOf(inputs.slice(0, given));
    const { value, gradients, measured, share = tf.scalar(batch.x.shape[0]!) } = learn(this.#parts, batch, scale);
    this.#states = measured.map((state) => state.length);
    const sums = inputs.slice(given).map((sum, index) => sum.add(gradients[index]!.mul(share)));
    // Clones, because a state may be what the batch was given as.
    return [...sums, value.mul(share), share.clone(), ...measured.flat().map((state) => state.clone())];
  }
}
