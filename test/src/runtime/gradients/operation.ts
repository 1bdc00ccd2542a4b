/** What the list of operations is made of: how each one is tried, or why it is not. */
import * as tf from "../../../../src/runtime/tf.js";
import { random } from "../differences.js";

/** One way to use an operation as a function of one tensor. */
export interface Use {
  /** Where the function is tried; made when it is needed. */
  readonly x: () => tf.Tensor;
  readonly f: (x: tf.Tensor) => tf.Tensor;
  /** Which argument or variant this is, where there are several. */
  readonly of: string;
  /** How far differences may go from `x`: less than half of the way to a kink. */
  readonly step: number;
}

/** An operation that can be derived. Each use is held against differences, once and twice. */
export interface Differentiable {
  readonly name: string;
  readonly uses: readonly Use[];
}

/** Why an operation of `tf` is in no table of gradients. */
export type Reason =
  | "gives truth values, whole numbers or texts"
  | "makes tensors from numbers"
  | "its shape depends on values"
  | "no operation on tensors";

/** An operation without a gradient. `run` shows that TensorFlow computes it without the host. */
export interface Other {
  readonly name: string;
  readonly reason: Reason;
  readonly run?: () => tf.TensorContainer;
}

/** A line of the list. */
export type Operation = Differentiable | Other;

/** An operation with its uses. */
export function smooth(name: string, ...uses: readonly Use[]): Differentiable {
  return { name, uses };
}

/** A use of an operation. */
export function at(x: () => tf.Tensor, f: (x: tf.Tensor) => tf.Tensor, of = "", step = 0.02): Use {
  return { x, f, of, step };
}

/** Random numbers from -1 to 1. */
export function any(...shape: number[]): () => tf.Tensor {
  return () => random(shape, 21);
}

/** Random numbers in a range. */
export function within(low: number, high: number, ...shape: number[]): () => tf.Tensor {
  return () => tf.add(tf.mul(random(shape, 22), (high - low) / 2), (high + low) / 2);
}

/** Random numbers from -1 to 1 that keep away from 0. */
export function apart(...shape: number[]): () => tf.Tensor {
  return () => {
    const x = random(shape, 23);
    return tf.add(tf.mul(x, 0.8), tf.mul(tf.sign(x), 0.2));
  };
}

/** Numbers from -1 to 1 in random order, of which no two are near each other. */
export function distinct(...shape: number[]): () => tf.Tensor {
  return () => {
    const keys = random(shape, 24).dataSync();
    const order = Array.from(keys, (_, i) => i).sort((a, b) => (keys[a] as number) - (keys[b] as number));
    const values = new Float32Array(order.length);
    order.forEach((place, rank) => {
      values[place] = (2 * (rank + 0.5)) / order.length - 1;
    });
    return tf.tensor(values, shape);
  };
}

/** A constant for the other arguments of an operation: numbers from -1 to 1 that keep away from 0. */
export function some(...shape: number[]): tf.Tensor {
  const x = random(shape, 25);
  return tf.add(tf.mul(x, 0.8), tf.mul(tf.sign(x), 0.2));
}

/** Whole numbers as a tensor. */
export function whole(values: number | readonly number[] | readonly number[][]): tf.Tensor {
  return tf.tensor(values as number[], undefined, "int32");
}
