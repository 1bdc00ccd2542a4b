/**
 * Convolutions over one to three axes, from what TensorFlow has kernels and gradients for: over two axes and over three, strides
 * or dilations but not both, the same stride along both axes where each channel has filters of its own.
 */
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import type { Padding } from "./arithmetic.js";
import { grown, paddings, raised, type Window } from "./window.js";

/**
 * Filters moved over `x: [batch, ...axes, channels]` (cross-correlation) → [batch, ...axes', filters]. `weight: [...size, channels /
 * groups, filters]`: groups of channels have filters of their own. `bias: [filters]` is added.
 */
export function convolve(x: Tensor, weight: Tensor, window: Window, bias?: Tensor): Tensor {
  if (window.size.length === 1) return flat(convolve(x.expandDims(1), weight.expandDims(0), raised(window), bias));
  const [taken, filters] = weight.shape.slice(-2) as [number, number];
  const groups = x.shape[x.rank - 1]! / taken;
  if (groups === 1) return biased(dense(x, weight, window), bias);
  if (taken === 1 && window.size.length === 2) {
    return convolveEach(x, weight.reshape([...window.size, groups, filters / groups]), window, bias);
  }
  const weights = tf.split(weight, groups, -1);
  const parts = tf.split(x, groups, -1).map((part, group) => dense(part, weights[group]!, window));
  return biased(tf.concat(parts, -1), bias);
}

/**
 * Each channel of `x: [batch, ...axes, channels]`, with one axis or two, convolved with filters of its own → [batch, ...axes',
 * channels × multiplier]. `weight: [...size, channels, multiplier]`.
 */
export function convolveEach(x: Tensor, weight: Tensor, window: Window, bias?: Tensor): Tensor {
  if (window.size.length === 1) {
    // Along an axis of length 1 every stride is the same.
    const both = { ...raised(window), stride: [window.stride[0]!, window.stride[0]!] };
    return flat(convolveEach(x.expandDims(1), weight.expandDims(0), both, bias));
  }
  const [down, across] = window.stride as [number, number];
  if (down !== across) {
    const all = { ...window, stride: [1, 1], padding: "valid" } as const;
    const sums = convolveEach(padded(x, window), weight, all) as tf.Tensor4D;
    // Those that the strides reach: the means of windows of one.
    return biased(tf.avgPool(sums, 1, [down, across], "valid"), bias);
  }
  const { image, filter, stride, dilation, padding } = settled(x, weight, window);
  const sums = tf.depthwiseConv2d(
    image as tf.Tensor4D,
    filter as tf.Tensor4D,
    stride as [number, number],
    padding,
    "NHWC",
    dilation as [number, number],
  );
  return biased(sums, bias);
}

/**
 * A convolution's way back, as a layer: every value of `x: [batch, ...axes, channels]` adds its multiple of a filter to the result,
 * [batch, ...axes', filters]. `weight: [...size, channels, filters]`.
 */
export function convolveTransposed(x: Tensor, weight: Tensor, window: Window, bias?: Tensor): Tensor {
  if (window.size.length === 1) {
    return flat(convolveTransposed(x.expandDims(1), weight.expandDims(0), raised(window), bias));
  }
  const { rank } = weight;
  const order = [...window.size.keys(), rank - 1, rank - 2];
  const filter = spread(weight, window.dilation).transpose(order);
  const shape = [x.shape[0]!, ...grown(x.shape.slice(1, -1), window), filter.shape[rank - 2]!];
  const padding = window.padding as Padding;
  const sums =
    window.size.length === 2
      ? tf.conv2dTranspose(
          x as tf.Tensor4D,
          filter as tf.Tensor4D,
          shape as [number, number, number, number],
          window.stride as [number, number],
          padding,
        )
      : tf.conv3dTranspose(
          x as tf.Tensor5D,
          filter as tf.Tensor5D,
          shape as [number, number, number, number, number],
          window.stride as [number, number, number],
          padding,
        );
  return biased(sums, bias);
}

function dense(x: Tensor, weight: Tensor, window: Window): Tensor {
  const { image, filter, stride, dilation, padding } = settled(x, weight, window);
  return window.size.length === 2
    ? tf.conv2d(
        image as tf.Tensor4D,
        filter as tf.Tensor4D,
        stride as [number, number],
        padding,
        "NHWC",
        dilation as [number, number],
      )
    : tf.conv3d(
        image as tf.Tensor5D,
        filter as tf.Tensor5D,
        stride as [number, number, number],
        padding,
        "NDHWC",
        dilation as [number, number, number],
      );
}

/** The same convolution without causal padding, and without a dilation where there is a stride. */
function settled(x: Tensor, weight: Tensor, window: Window) {
  const causal = window.padding === "causal";
  const both = window.stride.some((step) => step > 1) && window.dilation.some((rate) => rate > 1);
  return {
    image: causal ? padded(x, window) : x,
    filter: both ? spread(weight, window.dilation) : weight,
    stride: window.stride,
    dilation: both ? window.dilation.map(() => 1) : window.dilation,
    padding: causal ? "valid" : (window.padding as Padding),
  } as const;
}

/** The zeros around `x` that its padding means. */
function padded(x: Tensor, window: Window): Tensor {
  const around = paddings(x.shape.slice(1, -1), window);
  if (around.flat().every((places) => places === 0)) return x;
  return x.pad([[0, 0], ...around, [0, 0]]);
}

/** The weight with zeros in between, so that it sees without a dilation what it saw with it. */
function spread(weight: Tensor, dilation: readonly number[]): Tensor {
  return dilation.reduce((spread, rate, axis) => {
    if (rate === 1) return spread;
    const { shape } = spread;
    const along = (length: number) => shape.with(axis, length);
    const gaps = [...shape.map((): [number, number] => [0, 0]), [0, 0] as [number, number]];
    gaps[axis + 1] = [0, rate - 1];
    const full = spread
      .expandDims(axis + 1)
      .pad(gaps)
      .reshape(along(shape[axis]! * rate));
    return full.slice(
      shape.map(() => 0),
      along((shape[axis]! - 1) * rate + 1),
    );
  }, weight);
}

/** Directly behind the convolution, where TensorFlow fuses the two. */
function biased(sums: Tensor, bias: Tensor | undefined): Tensor {
  return bias === undefined ? sums : sums.add(bias);
}

function flat(image: Tensor): Tensor {
  return image.squeeze([1]);
}
