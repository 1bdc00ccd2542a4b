import { type ArrayDataset, type Dataset, fromArrays } from "../../../src/data/index.js";
import * as nn from "../../../src/nn/index.js";
import { adam } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import type { FitOptions } from "../../../src/train/index.js";

/** A problem that trains in milliseconds: 23 points in three classes, so that with batches of 5 the last one is short. */
export function points(size = 23, from = 0): ArrayDataset<readonly [number]> {
  const angles = Array.from({ length: size }, (_, i) => from + i * 2.4);
  const x = angles.map((angle, i) => [Math.cos(angle) * (i % 3), Math.sin(angle) * (1 + (i % 3))]);
  return fromArrays(
    x,
    Array.from({ length: size }, (_, i) => i % 3),
    { classes: ["a", "b", "c"], name: "points" },
  );
}

/** The same network every time, dropout included. */
export function network() {
  nn.seed(7);
  return nn.sequential(nn.input(2), nn.dense(8), nn.tanh(), nn.dropout(0.3), nn.dense(3));
}

/** 3 epochs of 5 steps, validated. A new optimizer every time. */
export function options(): FitOptions {
  return { loss: "crossEntropy", optimizer: adam(0.01), epochs: 3, batchSize: 5, validate: points(7, 1), seed: 3 };
}

/** All weights, one after another. */
export function numbers(model: nn.Model): number[] {
  return model.parameters.flatMap(({ variable }) => Array.from(variable.dataSync()));
}

/** The same data set, telling of every batch that is drawn from it. */
export function watched<I extends readonly number[]>(
  data: Dataset<I>,
  onBatch: (indices: readonly number[]) => void,
): Dataset<I> {
  return {
    name: data.name,
    size: data.size,
    inputShape: data.inputShape,
    classes: data.classes ?? [],
    x: (index) => data.x(index),
    y: (index) => data.y(index),
    batch(indices) {
      onBatch(indices);
      return data.batch(indices);
    },
  };
}

/** A data set of the user's own making, which nobody has checked. */
export function handmade(x: number[][], y: (number | number[])[], inputShape: number[] = [2]): Dataset {
  return {
    name: "handmade",
    size: x.length,
    inputShape,
    x: (index) => tf.tensor(x[index]!, inputShape),
    y: (index) => y[index]!,
    batch: (indices) => ({
      x: tf.tensor(
        indices.flatMap((index) => x[index]!),
        [indices.length, ...inputShape],
      ),
      y: tf.tensor(indices.map((index) => y[index]!) as number[], undefined, "int32"),
    }),
  };
}
