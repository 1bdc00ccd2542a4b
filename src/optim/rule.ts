import type { Tensor, Variable } from "../runtime/tf.js";

/** A tensor that is remembered for a weight. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  /** What all its numbers are before the first step. Default 0. */
  readonly initial?: number;
}

/** How one weight moves: everything that tells one optimizer from another. */
export interface Rule {
  /** What is remembered of a weight of this shape. */
  slots(shape: readonly number[]): readonly Slot[];
  /**
   * The numbers of step `step` (counted from 1), computed in float64; `move` gets them as tensors, made once for all weights.
   */
  scalars(step: number, rate: number): readonly number[];
  /** The movement, which is to be taken from the weight, and the slots after the step. */
  move(weight: Tensor, gradient: Tensor, slots: readonly Tensor[], scalars: readonly Tensor[]): readonly Tensor[];
  /** The whole step with TensorFlow's own operations, which change weight and slots in one pass over them, where it has some. */
  readonly moveInPlace?: (
    weight: Variable,
    gradient: Tensor,
    slots: readonly Variable[],
    scalars: readonly Tensor[],
  ) => void;
}

/** The rule for weights of a shape; one and the same object for all that share it. */
export type Rules = (shape: readonly number[]) => Rule;

/** Slots of the weight's own shape, zero at first. */
export function shapedLike(...names: readonly string[]): Rule["slots"] {
  return (shape) => names.map((name) => ({ name, shape }));
}
