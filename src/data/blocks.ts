import { ValueError } from "../errors.js";
import * as tf from "../runtime/tf.js";
import { positiveInteger } from "../tensor/arguments.js";
import type { Batch, Dataset } from "./dataset.js";

/** Windows over one long row of tokens: x: [context] tokens, y: [context] the token that follows each of them. */
export class TextBlocks<T extends number = number> implements Dataset<readonly [T]> {
  readonly name: string;
  readonly size: number;
  readonly inputShape: readonly [T];
  readonly classes: readonly string[];
  readonly #tokens: Int32Array;
  readonly #stride: number;

  /** Throws ValueError when context or stride are not positive whole numbers, or the tokens do not fill one window. */
  constructor(tokens: Int32Array, context: T, stride: number, name: string, classes: readonly string[]) {
    positiveInteger("blocks: context", context);
    positiveInteger("blocks: stride", stride);
    this.name = name;
    this.size = Math.floor((tokens.length - 1 - context) / stride) + 1;
    this.inputShape = [context];
    this.classes = classes;
    this.#tokens = tokens;
    this.#stride = stride;
    if (this.size > 0) return;
    const expected = `at least ${context + 1} characters in ${name}`;
    throw new ValueError({ what: "blocks", expected, got: `${tokens.length}`, hint: "Take a shorter context." });
  }

  x(index: number): tf.Tensor {
    return tf.tensor(this.#window(index, 0), [this.inputShape[0]], "int32");
  }

  y(index: number): readonly number[] {
    return Array.from(this.#window(index, 1));
  }

  batch(indices: readonly number[]): Batch {
    const [context] = this.inputShape;
    const x = new Int32Array(indices.length * context);
    const y = new Int32Array(indices.length * context);
    for (let place = 0; place < indices.length; place++) {
      x.set(this.#window(indices[place]!, 0), place * context);
      y.set(this.#window(indices[place]!, 1), place * context);
    }
    const shape: [number, number] = [indices.length, context];
    return { x: tf.tensor(x, shape, "int32"), y: tf.tensor(y, shape, "int32") };
  }

  #window(index: number, shift: number): Int32Array {
    if (!(Number.isInteger(index) && index >= 0 && index < this.size)) {
      const expected = `an index from 0 to ${this.size - 1} (${this.name} has ${this.size} windows)`;
      throw new ValueError({ what: "batch", expected, got: String(index) });
    }
    const start = index * this.#stride + shift;
    return this.#tokens.subarray(start, start + this.inputShape[0]);
  }
}
