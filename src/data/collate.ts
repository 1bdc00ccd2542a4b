/** Examples, one by one, as a batch. */
import { DataError } from "../errors.js";
import { gatherRows } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";
import { type Shape, sameShape, showShape, sizeOf } from "../tensor/shape.js";
import type { Batch } from "./dataset.js";
import type { Nested } from "./from-arrays.js";

/** One example: what goes in, and what is to come out. Numbers, rows of numbers, rows of rows …; or tensors. */
export interface Example<X = Nested | tf.Tensor, Y = number | Nested | tf.Tensor> {
  readonly x: X;
  readonly y: Y;
}

/** What an example is like. */
export interface ExampleKind {
  readonly inputShape: Shape;
  readonly targetShape: Shape;
  readonly inputDtype: "float32" | "int32";
  /** Class indices and tokens are int32. */
  readonly targetDtype: "float32" | "int32";
}

/** Its numbers, side by side. */
export interface Flat {
  readonly shape: Shape;
  readonly values: Float32Array | Int32Array;
}

/** The numbers of a value, and the shape that they have. Throws DataError for rows of different lengths, and what is no number. */
export function flat(what: string, value: number | Nested | tf.Tensor): Flat {
  if (value instanceof tf.Tensor) {
    const values = value.dataSync();
    return {
      shape: value.shape,
      values: value.dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values),
    };
  }
  if (typeof value === "number") return { shape: [], values: Float32Array.of(value) };
  const shape: number[] = [];
  let first: unknown = value;
  while (typeof first === "object" && first !== null && "length" in first) {
    shape.push((first as ArrayLike<unknown>).length);
    first = (first as ArrayLike<unknown>)[0];
  }
  if (ArrayBuffer.isView(value) && shape.length === 1) {
    const numbers = value as unknown as ArrayLike<number>;
    return { shape, values: value instanceof Int32Array ? value : Float32Array.from(numbers) };
  }
  const numbers: number[] = [];
  const walk = (part: number | Nested, depth: number): void => {
    if (depth === shape.length) {
      if (typeof part !== "number") throw ragged(what, shape, "rows of rows in places");
      numbers.push(part);
      return;
    }
    const rows = part as ArrayLike<number | Nested>;
    if (typeof part !== "object" || rows.length !== shape[depth]) {
      throw ragged(what, shape, `a row of ${typeof part === "object" ? rows.length : String(part)}`);
    }
    for (let index = 0; index < rows.length; index++) walk(rows[index]!, depth + 1);
  };
  walk(value, 0);
  return { shape, values: Float32Array.from(numbers) };
}

/** A batch of flat examples. Throws DataError for one that is of another shape, or is not finite; `places` name them. */
export function collate(
  what: string,
  kind: ExampleKind,
  examples: readonly { x: Flat; y: Flat }[],
  places: readonly number[],
): Batch {
  const side = (name: "x" | "y", shape: Shape, dtype: "float32" | "int32"): tf.Tensor => {
    const width = sizeOf(shape);
    const all = dtype === "int32" ? new Int32Array(examples.length * width) : new Float32Array(examples.length * width);
    for (const [row, example] of examples.entries()) {
      const part = example[name];
      if (!sameShape(part.shape, shape)) {
        const got = `${showShape(part.shape)} in example ${places[row]}`;
        throw new DataError({
          what: `${what}: ${name}`,
          expected: `the shape of the first example, ${showShape(shape)}`,
          got,
        });
      }
      const wrong = part.values.findIndex((value) => !Number.isFinite(value));
      if (wrong >= 0) {
        const got = `${part.values[wrong]} in example ${places[row]}, number ${wrong}`;
        throw new DataError({ what: `${what}: ${name}`, expected: "finite numbers", got });
      }
      all.set(part.values, row * width);
    }
    return gatherRows(
      all,
      shape,
      examples.map((_, row) => row),
    );
  };
  return { x: side("x", kind.inputShape, kind.inputDtype), y: side("y", kind.targetShape, kind.targetDtype) };
}

function ragged(what: string, shape: Shape, got: string): DataError {
  return new DataError({ what, expected: `rows of one length, ${showShape(shape)} as the first ones`, got });
}
