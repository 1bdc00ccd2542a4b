import { ValueError } from "../errors.js";
import type * as tf from "../runtime/tf.js";
import { show } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import type { Batch, Dataset } from "./dataset.js";

/** Some examples of a data set, in an order of their own. Nothing is copied. */
export class Subset<I extends Shape = Shape> implements Dataset<I> {
  readonly name: string;
  readonly size: number;
  readonly inputShape: I;
  readonly classes?: readonly string[];
  readonly prepare?: NonNullable<Dataset["prepare"]>;
  readonly #whole: Dataset<I>;
  /** Where its examples stand in the whole. */
  readonly indices: Int32Array;

  /** Throws ValueError for an index that the data set does not have. */
  constructor(whole: Dataset<I>, indices: ArrayLike<number>, name: string = whole.name) {
    if (whole.sequential) {
      const hint = "Collect it first: await stream.toArray(), data.fromArrays(…).";
      throw new ValueError({
        what: "subset",
        expected: "a data set of examples that can be chosen",
        got: whole.name,
        hint,
      });
    }
    for (let place = 0; place < indices.length; place++) {
      const index = indices[place]!;
      if (Number.isInteger(index) && index >= 0 && index < whole.size) continue;
      const expected = `indices from 0 to ${whole.size - 1} (${whole.name} has ${whole.size} examples)`;
      throw new ValueError({ what: "subset", expected, got: show(index) });
    }
    this.#whole = whole;
    this.indices = Int32Array.from(indices);
    this.name = name;
    this.size = indices.length;
    this.inputShape = whole.inputShape;
    if (whole.prepare !== undefined) {
      this.prepare = (places, epoch) =>
        whole.prepare!(
          places.map((place) => this.#at(place)),
          epoch,
        );
    }
    if (whole.classes !== undefined) this.classes = whole.classes;
  }

  x(index: number): tf.Tensor {
    return this.#whole.x(this.#at(index));
  }

  y(index: number): number | readonly number[] {
    return this.#whole.y(this.#at(index));
  }

  batch(indices: readonly number[]): Batch {
    return this.#whole.batch(indices.map((index) => this.#at(index)));
  }

  #at(index: number): number {
    const found = this.indices[index];
    if (found !== undefined) return found;
    const expected = `an index from 0 to ${this.size - 1} (${this.name} has ${this.size} examples)`;
    throw new ValueError({ what: "batch", expected, got: show(index) });
  }
}

/** The examples of a data set with these indices, in this order, as one of its own. Throws ValueError. */
export function subset<I extends Shape>(dataset: Dataset<I>, indices: ArrayLike<number>): Subset<I> {
  return new Subset(dataset, indices);
}
