/** One number for what a window sees of each channel: its largest value or its mean. */
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import type { Padding } from "./arithmetic.js";
import { sizeOf } from "./shape.js";
import { raised, type Window } from "./window.js";

/** What is made of the values in a window. */
export type Pooling = "max" | "average";

/** A window moved over the axes of `x: [batch, ...axes, channels]`, one to three of them → [batch, ...axes', channels]. */
export function pool(pooling: Pooling, x: Tensor, window: Window): Tensor {
  if (window.size.length === 1) return pool(pooling, x.expandDims(1), raised(window)).squeeze([1]);
  const padding = window.padding as Padding;
  if (window.size.length === 2) {
    const flat = pooling === "max" ? tf.maxPool : tf.avgPool;
    return flat(x as tf.Tensor4D, window.size as [number, number], window.stride as [number, number], padding);
  }
  const deep = pooling === "max" ? tf.maxPool3d : tf.avgPool3d;
  const triple = (numbers: readonly number[]) => numbers as [number, number, number];
  return deep(x as tf.Tensor5D, triple(window.size), triple(window.stride), padding);
}

/** The windows of a pool that puts the same places into each bin, and every place into one. */
export function tiles(size: readonly number[]): Window {
  return { size, stride: size, dilation: size.map(() => 1), padding: "valid" };
}

/**
 * Pools each axis of `x: [batch, ...axes, channels]` into so many bins, which may overlap → [batch, ...counts, channels] (PyTorch's
 * adaptive pools).
 */
export function poolInto(pooling: Pooling, x: Tensor, counts: readonly number[]): Tensor {
  const lengths = x.shape.slice(1, -1);
  if (lengths.every((length, axis) => length % counts[axis]! === 0)) {
    return pool(pooling, x, tiles(lengths.map((length, axis) => length / counts[axis]!)));
  }
  // The largest of largest ones, and the mean of means that all count the same.
  return counts.reduce((pooled, count, axis) => poolAxis(pooling, pooled, axis + 1, count), x);
}

/** The bins of an axis, [start, end): from ⌊i · length / count⌋ to ⌈(i + 1) · length / count⌉. */
export function bins(length: number, count: number): [start: number, end: number][] {
  return Array.from({ length: count }, (_, bin) => [
    Math.floor((bin * length) / count),
    Math.ceil(((bin + 1) * length) / count),
  ]);
}

function poolAxis(pooling: Pooling, x: Tensor, axis: number, count: number): Tensor {
  const { shape } = x;
  const [outer, length, inner] = [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
  const along = x.reshape([outer, length, inner]);
  const into = bins(length, count);
  return (pooling === "max" ? largest(along, into) : means(along, into)).reshape(shape.with(axis, count));
}

/** [outer, length, inner] → [outer, bins, inner] */
function means(x: Tensor, into: readonly [number, number][]): Tensor {
  const length = x.shape[1]!;
  const shares = new Float32Array(into.length * length);
  into.forEach(([start, end], bin) => {
    shares.fill(1 / (end - start), bin * length + start, bin * length + end);
  });
  return tf.einsum("bl,oli->obi", tf.tensor(shares, [into.length, length]), x);
}

/** Shorter bins take their last place several times: a pool gives its gradient to one of them. */
function largest(x: Tensor, into: readonly [number, number][]): Tensor {
  const most = Math.max(...into.map(([start, end]) => end - start));
  const places = into.flatMap(([start, end]) => Array.from({ length: most }, (_, i) => Math.min(start + i, end - 1)));
  const taken = x.gather(tf.tensor1d(places, "int32"), 1).expandDims(2);
  return tf.maxPool(taken as tf.Tensor4D, [most, 1], [most, 1], "valid");
}
