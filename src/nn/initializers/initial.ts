import type { Random } from "../../tensor/random.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";

/**
 * Fills a new weight of shape `shape`, all zeros so far. `random` belongs to this weight of this model alone, so that the same seed
 * gives the same weights.
 */
export interface Initial {
  (values: Float32Array, shape: Shape, random: Random): void;
  /** As the user wrote it: `heNormal()`. */
  readonly label?: string;
}

/** Every value the same. */
export function constant(value: number): Initial {
  return (values) => {
    values.fill(value);
  };
}

/** Evenly between −`limit` and `limit`. */
export function uniform(limit: number): Initial {
  return (values, _shape, random) => {
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * limit;
  };
}

/** Normally distributed around 0. */
export function normal(deviation: number): Initial {
  return (values, _shape, random) => {
    for (let i = 0; i < values.length; i++) values[i] = random.normal() * deviation;
  };
}

/** {@link normal}, but what lies beyond two deviations is drawn again. */
export function truncatedNormal(deviation: number): Initial {
  return (values, _shape, random) => {
    for (let i = 0; i < values.length; i++) {
      let value = random.normal();
      while (Math.abs(value) > 2) value = random.normal();
      values[i] = value * deviation;
    }
  };
}

/**
 * How many numbers go into each output of a weight [..., inputs, outputs], and how many outputs each input goes to. A vector
 * counts as Keras counts it: its length for both.
 */
export function fans(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  const outputs = shape[shape.length - 1] ?? 1;
  if (shape.length < 2) return { fanIn: outputs, fanOut: outputs };
  return { fanIn: sizeOf(shape.slice(0, -1)), fanOut: sizeOf(shape.slice(0, -2)) * outputs };
}

/**
 * Normal with deviation √(2 / fan in) (arXiv 1502.01852, section 2.2), for weights [..., inputs, outputs] before a relu: the
 * initialization of ResNet.
 */
export const heNormal: Initial = (values, shape, random) => {
  normal(Math.sqrt(2 / fans(shape).fanIn))(values, shape, random);
};

/**
 * Evenly between ±√(6 / (fan in + fan out)) (Glorot and Bengio 2010), for weights [..., inputs, outputs]: the default of
 * Keras's Dense and Conv2D.
 */
export const glorotUniform: Initial = (values, shape, random) => {
  const { fanIn, fanOut } = fans(shape);
  uniform(Math.sqrt(6 / (fanIn + fanOut)))(values, shape, random);
};

/**
 * Orthonormal rows where there are fewer rows than columns, else orthonormal columns, evenly among all such (arXiv 1312.6120), for
 * weights [..., inputs, outputs], of which the last axis is the columns: the default of Keras's recurrent layers.
 */
export const orthogonal: Initial = (values, shape, random) => {
  const columns = shape[shape.length - 1]!;
  const rows = sizeOf(shape) / columns;
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const done: Float64Array[] = [];
  for (let number = 0; number < count; number++) {
    const vector = Float64Array.from({ length }, () => random.normal());
    // Gram and Schmidt, in the order that loses the fewest digits.
    for (const other of done) addScaled(vector, other, -dot(vector, other));
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) vector[i]! /= norm;
    if (rows <= columns) values.set(vector, number * columns);
    else for (let row = 0; row < rows; row++) values[row * columns + number] = vector[row]!;
    done.push(vector);
  }
};

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i]! += factor * b[i]!;
}
