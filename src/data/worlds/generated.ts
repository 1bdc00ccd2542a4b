import { ValueError } from "../../errors.js";
import { gatherRows } from "../../runtime/index.js";
import * as tf from "../../runtime/tf.js";
import { show } from "../../tensor/arguments.js";
import { Random } from "../../tensor/random.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Batch, Dataset } from "../dataset.js";

/** The numbers of an example, one after the other: float32 for values, int32 for tokens and class indices. */
export type Numbers = Float32Array | Int32Array;

/** How the examples of a {@link Generated} data set are made. */
export interface Recipe<I extends Shape = Shape> {
  readonly name: string;
  readonly size: number;
  readonly seed: number;
  readonly inputShape: I;
  readonly inputs: "float32" | "int32";
  /** [] for a class index. */
  readonly targetShape: Shape;
  readonly targets: "float32" | "int32";
  readonly classes?: readonly string[];
  /** The class of an example, where it is known before anything is drawn: `y` then asks for no picture. `draw` finds it in `y[0]`. */
  label?(index: number): number;
  /**
   * Writes an example into `x: [...inputShape]` and `y: [...targetShape]`, which are zeros (or its label). `random` belongs to this example alone, so
   * that no example depends on which others were drawn.
   */
  draw(random: Random, x: Numbers, y: Numbers, index: number): void;
}

/** Up to so many bytes of drawn examples are kept, so that later epochs need not draw them again. */
const kept = 256 * 2 ** 20;

/**
 * A data set whose examples are drawn from a seed when they are asked for: example `i` is the same whenever and wherever it is drawn.
 * A set of up to 256 MB keeps what was drawn; a larger one draws anew and needs no memory, however long it is.
 */
export class Generated<I extends Shape = Shape> implements Dataset<I> {
  readonly name: string;
  readonly size: number;
  readonly inputShape: I;
  readonly classes?: readonly string[];
  readonly #recipe: Recipe<I>;
  readonly #inputWidth: number;
  readonly #targetWidth: number;
  readonly #isKept: boolean;
  #rows: { readonly inputs: Numbers; readonly targets: Numbers; readonly isDrawn: Uint8Array } | undefined;

  constructor(recipe: Recipe<I>) {
    this.#recipe = recipe;
    this.name = recipe.name;
    this.size = recipe.size;
    this.inputShape = recipe.inputShape;
    if (recipe.classes !== undefined) this.classes = recipe.classes;
    this.#inputWidth = sizeOf(recipe.inputShape);
    this.#targetWidth = sizeOf(recipe.targetShape);
    this.#isKept = this.size * (this.#inputWidth + this.#targetWidth) * 4 <= kept;
  }

  x(index: number): tf.Tensor {
    const { inputs } = this.#example(index, "x");
    return tf.tensor(inputs, [...this.inputShape], this.#recipe.inputs);
  }

  y(index: number): number | readonly number[] {
    const { label } = this.#recipe;
    if (label !== undefined) {
      this.#check(index, "y");
      return label(index);
    }
    const { targets } = this.#example(index, "y");
    return this.#recipe.targetShape.length === 0 ? targets[0]! : Array.from(targets);
  }

  batch(indices: readonly number[]): Batch {
    const { inputShape, targetShape } = this.#recipe;
    for (const index of indices) this.#check(index, "batch");
    if (this.#isKept) {
      const { inputs, targets } = this.#kept();
      for (const index of indices) this.#example(index, "batch");
      return { x: gatherRows(inputs, inputShape, indices), y: gatherRows(targets, targetShape, indices) };
    }
    const [inputs, targets] = this.#blank(indices.length);
    indices.forEach((index, place) => {
      this.#draw(index, this.#input(inputs, place), this.#target(targets, place));
    });
    return {
      x: tf.tensor(inputs, [indices.length, ...inputShape], this.#recipe.inputs),
      y: tf.tensor(targets, [indices.length, ...targetShape], this.#recipe.targets),
    };
  }

  /** Copies of one example's numbers. */
  #example(index: number, what: string): { inputs: Numbers; targets: Numbers } {
    this.#check(index, what);
    if (!this.#isKept) {
      const [inputs, targets] = this.#blank(1);
      this.#draw(index, inputs, targets);
      return { inputs, targets };
    }
    const { inputs, targets, isDrawn } = this.#kept();
    const [input, target] = [this.#input(inputs, index), this.#target(targets, index)];
    if (isDrawn[index] === 0) {
      this.#draw(index, input, target);
      isDrawn[index] = 1;
    }
    return what === "batch" ? { inputs: input, targets: target } : { inputs: input.slice(), targets: target };
  }

  #draw(index: number, x: Numbers, y: Numbers): void {
    const { seed, name, draw, label } = this.#recipe;
    if (label !== undefined) y[0] = label(index);
    draw(new Random(seed, `${name} ${index}`), x, y, index);
  }

  #kept() {
    if (this.#rows === undefined) {
      const [inputs, targets] = this.#blank(this.size);
      this.#rows = { inputs, targets, isDrawn: new Uint8Array(this.size) };
    }
    return this.#rows;
  }

  #blank(count: number): [inputs: Numbers, targets: Numbers] {
    return [
      zeros(this.#recipe.inputs, count * this.#inputWidth),
      zeros(this.#recipe.targets, count * this.#targetWidth),
    ];
  }

  #input(rows: Numbers, place: number): Numbers {
    return rows.subarray(place * this.#inputWidth, (place + 1) * this.#inputWidth);
  }

  #target(rows: Numbers, place: number): Numbers {
    return rows.subarray(place * this.#targetWidth, (place + 1) * this.#targetWidth);
  }

  #check(index: number, what: string): void {
    if (Number.isInteger(index) && index >= 0 && index < this.size) return;
    const expected = `an index from 0 to ${this.size - 1} (${this.name} has ${this.size} examples)`;
    throw new ValueError({ what, expected, got: show(index) });
  }
}

function zeros(type: "float32" | "int32", size: number): Numbers {
  return type === "int32" ? new Int32Array(size) : new Float32Array(size);
}
