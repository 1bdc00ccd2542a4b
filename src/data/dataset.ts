import type { Tensor } from "../runtime/tf.js";
import type { Shape } from "../tensor/shape.js";

/** Examples drawn together. */
export interface Batch {
  /** [batch, ...I] */
  readonly x: Tensor;
  /** [batch] class indices (int32), [batch, time] token targets (int32) or [batch, ...O] values (float32). */
  readonly y: Tensor;
}

/** A finite set of examples. `I` is the shape of one input, without the batch dimension. */
export interface Dataset<I extends Shape = Shape> {
  readonly name: string;
  readonly size: number;
  readonly inputShape: I;
  /** Names of the classes, where the targets are class indices. */
  readonly classes?: readonly string[];
  /** The input of one example, [...I]. Throws ValueError outside 0 … size − 1. */
  x(index: number): Tensor;
  /** The target of one example: the class index for classification. */
  y(index: number): number | readonly number[];
  /** The examples with these indices, in this order. */
  batch(indices: readonly number[]): Batch;
  /**
   * Brings examples near, where they are not at hand yet: then `batch` of the same indices can be had. Asked for the next batch while a
   * step computes. `epoch`: which walk through the data this is, from 0.
   */
  prepare?(indices: readonly number[], epoch: number): Promise<void>;
  /** The examples come one after another, in an order of their own, and only the first is known before. Default false. */
  readonly sequential?: boolean;
}
