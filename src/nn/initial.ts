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
