import type { Random } from "../tensor/random.js";
import { type Shape, sizeOf } from "../tensor/shape.js";

/** Fills a new weight of shape `shape`. */
export type Initial = (values: Float32Array, shape: Shape, random: Random) => void;

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

/**
 * Normal with deviation √(2 / fan in) (arXiv 1502.01852, section 2.2), for weights [..., inputs, outputs] before a relu: the
 * initialization of ResNet.
 */
export const heNormal: Initial = (values, shape, random) => {
  normal(Math.sqrt(2 / sizeOf(shape.slice(0, -1))))(values, shape, random);
};

/**
 * Evenly between ±√(6 / (fan in + fan out)) (Glorot and Bengio 2010), for weights [..., inputs, outputs]: the default of
 * Keras's Dense and Conv2D.
 */
export const glorotUniform: Initial = (values, shape, random) => {
  const window = sizeOf(shape.slice(0, -2));
  const fans = window * (shape[shape.length - 2]! + shape[shape.length - 1]!);
  uniform(Math.sqrt(6 / fans))(values, shape, random);
};

/**
 * Orthonormal rows, evenly among all such (arXiv 1312.6120), for weights [rows, columns] with rows ≤ columns: the default of
 * Keras's recurrent layers.
 */
export const orthogonal: Initial = (values, [rows, columns], random) => {
  const done: Float64Array[] = [];
  for (let row = 0; row < rows!; row++) {
    const vector = Float64Array.from({ length: columns! }, () => random.normal());
    // Gram and Schmidt, in the order that loses the fewest digits.
    for (const other of done) addScaled(vector, other, -dot(vector, other));
    const length = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < vector.length; i++) vector[i]! /= length;
    values.set(vector, row * columns!);
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
