/** Convolutions and pools. */
import * as tf from "../../../../src/runtime/tf.js";
import { any, at, distinct, type Operation, smooth, some, type Use } from "./operation.js";

type Convolution = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor;

/** A convolution derived by its input and by its filter. */
function both(shape: number[], filterShape: number[], f: (x: never, filter: never) => tf.Tensor, variant = ""): Use[] {
  const of = (argument: string) => [argument, variant].filter(Boolean).join(", ");
  return [
    at(any(...shape), (x) => f(x as never, some(...filterShape) as never), of("x")),
    at(any(...filterShape), (filter) => f(some(...shape) as never, filter as never), of("filter")),
  ];
}

const image = [1, 4, 5, 2];
/** Pixels that are far from each other. */
const apartImage = () => tf.reshape(tf.mod(tf.mul(tf.range(0, 32), 7), 32), [1, 4, 4, 2]);
const depthwise = (strides: number, pad: "same" | "valid" | number, dilations = 1): Convolution => {
  return (x, filter) => tf.depthwiseConv2d(x, filter, strides, pad, "NHWC", dilations);
};

export const convolutions: readonly Operation[] = [
  smooth(
    "avgPool",
    at(any(...image), (x) => tf.avgPool(x as tf.Tensor4D, 2, 1, "valid")),
    at(any(...image), (x) => tf.avgPool(x as tf.Tensor4D, [3, 2], 2, "same"), "same"),
    at(any(...image), (x) => tf.avgPool(x as tf.Tensor4D, 3, 1, 1), "padding in numbers"),
  ),
  smooth(
    "avgPool3d",
    at(any(1, 3, 4, 4, 1), (x) => tf.avgPool3d(x as tf.Tensor5D, 2, 1, "valid")),
    at(any(1, 3, 4, 4, 1), (x) => tf.avgPool3d(x as tf.Tensor5D, 2, 2, "same"), "same"),
  ),
  smooth(
    "conv1d",
    ...both([1, 6, 2], [3, 2, 2], (x, filter) => tf.conv1d(x, filter, 1, "same")),
    ...both([1, 6, 2], [2, 2, 2], (x, filter) => tf.conv1d(x, filter, 1, "valid", "NWC", 2), "dilated"),
  ),
  smooth(
    "conv2d",
    ...both(image, [3, 2, 2, 2], (x, filter) => tf.conv2d(x, filter, 1, "valid")),
    ...both(image, [3, 2, 2, 2], (x, filter) => tf.conv2d(x, filter, 2, "same"), "same, strides"),
    ...both(image, [2, 2, 2, 2], (x, filter) => tf.conv2d(x, filter, 1, "same", "NHWC", 2), "dilated"),
    ...both(image, [3, 3, 2, 1], (x, filter) => tf.conv2d(x, filter, 1, 1), "padding in numbers"),
    ...both(image, [1, 1, 2, 3], (x, filter) => tf.conv2d(x, filter, 1, "same"), "1 × 1"),
    ...both([1, 2, 4, 5], [3, 2, 2, 2], (x, filter) => tf.conv2d(x, filter, 2, "same", "NCHW"), "channels first"),
    ...both(
      [1, 2, 4, 5],
      [2, 2, 2, 2],
      (x, filter) => tf.conv2d(x, filter, 1, "same", "NCHW", 2),
      "channels first, dilated",
    ),
  ),
  smooth(
    "conv2dTranspose",
    ...both([1, 3, 3, 2], [2, 2, 1, 2], (x, filter) => tf.conv2dTranspose(x, filter, [1, 6, 6, 1], 2, "same")),
    ...both(
      [1, 3, 3, 2],
      [3, 2, 1, 2],
      (x, filter) => tf.conv2dTranspose(x, filter, [1, 5, 4, 1], 1, "valid"),
      "valid",
    ),
  ),
  smooth(
    "conv3d",
    ...both([1, 3, 4, 3, 1], [2, 2, 2, 1, 2], (x, filter) => tf.conv3d(x, filter, 1, "valid")),
    ...both([1, 3, 4, 3, 1], [2, 2, 2, 1, 1], (x, filter) => tf.conv3d(x, filter, 1, "same", "NDHWC", 2), "dilated"),
    ...both([1, 3, 4, 3, 1], [2, 2, 2, 1, 2], (x, filter) => tf.conv3d(x, filter, 2, "same"), "same, strides"),
  ),
  smooth(
    "conv3dTranspose",
    ...both([1, 2, 2, 2, 1], [2, 2, 2, 2, 1], (x, filter) => tf.conv3dTranspose(x, filter, [1, 4, 4, 4, 2], 2, "same")),
  ),
  smooth(
    "depthwiseConv2d",
    ...both(image, [3, 2, 2, 2], depthwise(1, "valid")),
    ...both([1, 5, 5, 2], [2, 2, 2, 1], depthwise(2, "same"), "same, strides"),
    ...both(image, [2, 2, 2, 1], depthwise(1, "same", 2), "dilated"),
    ...both(image, [3, 3, 2, 1], depthwise(1, 1), "padding in numbers"),
  ),
  smooth(
    "dilation2d",
    at(
      distinct(1, 4, 4, 1),
      (x) => tf.dilation2d(x as tf.Tensor4D, tf.mul(some(2, 2, 1), 0.01) as tf.Tensor3D, 1, "valid"),
      "x",
    ),
    at(
      any(2, 2, 2),
      (filter) => tf.dilation2d(apartImage() as tf.Tensor4D, tf.mul(filter, 0.1) as tf.Tensor3D, 1, "same"),
      "filter",
    ),
    at(distinct(1, 5, 5, 1), (x) => tf.dilation2d(x as tf.Tensor4D, tf.zeros([2, 2, 1]), 2, "same", [1, 1]), "strides"),
  ),
  smooth(
    "fused.conv2d",
    ...both(image, [3, 2, 2, 2], (x, filter) => tf.fused.conv2d({ x, filter, strides: 1, pad: "valid" })),
    ...both(
      image,
      [3, 2, 2, 2],
      (x, filter) =>
        tf.fused.conv2d({ x, filter, strides: 1, pad: "same", bias: tf.scalar(0.1), activation: "sigmoid" }),
      "bias, sigmoid",
    ),
    at(
      any(2),
      (bias) =>
        tf.fused.conv2d({
          x: some(...image) as tf.Tensor4D,
          filter: some(2, 2, 2, 2) as tf.Tensor4D,
          strides: 1,
          pad: "same",
          bias,
        }),
      "bias",
    ),
  ),
  smooth(
    "fused.depthwiseConv2d",
    ...both(image, [3, 2, 2, 1], (x, filter) => tf.fused.depthwiseConv2d({ x, filter, strides: 1, pad: "valid" })),
    at(
      any(2),
      (bias) =>
        tf.fused.depthwiseConv2d({
          x: some(...image) as tf.Tensor4D,
          filter: some(2, 2, 2, 1) as tf.Tensor4D,
          strides: 1,
          pad: "same",
          bias,
        }),
      "bias",
    ),
  ),
  smooth(
    "maxPool",
    at(distinct(...image), (x) => tf.maxPool(x as tf.Tensor4D, 2, 1, "valid")),
    at(distinct(...image), (x) => tf.maxPool(x as tf.Tensor4D, [3, 2], 2, "same"), "same"),
    at(distinct(...image), (x) => tf.maxPool(tf.sub(x, 3) as tf.Tensor4D, 3, 1, 1), "padding in numbers"),
  ),
  smooth(
    "maxPool3d",
    at(distinct(1, 3, 4, 3, 1), (x) => tf.maxPool3d(x as tf.Tensor5D, 2, 1, "valid")),
    at(distinct(1, 3, 4, 3, 1), (x) => tf.maxPool3d(x as tf.Tensor5D, 2, 2, "same"), "same"),
  ),
  smooth(
    "maxPoolWithArgmax",
    at(distinct(...image), (x) => tf.maxPoolWithArgmax(x as tf.Tensor4D, 2, 2, "same").result as tf.Tensor),
  ),
  smooth(
    "pool",
    at(distinct(...image), (x) => tf.pool(x as tf.Tensor4D, 2, "max", "same", 1, 1)),
    at(any(...image), (x) => tf.pool(x as tf.Tensor4D, 2, "avg", "valid", 2), "dilated"),
  ),
  smooth(
    "separableConv2d",
    at(
      any(...image),
      (x) =>
        tf.separableConv2d(
          x as tf.Tensor4D,
          some(2, 2, 2, 1) as tf.Tensor4D,
          some(1, 1, 2, 3) as tf.Tensor4D,
          1,
          "same",
        ),
      "x",
    ),
    at(
      any(2, 2, 2, 1),
      (depth) =>
        tf.separableConv2d(
          some(...image) as tf.Tensor4D,
          depth as tf.Tensor4D,
          some(1, 1, 2, 3) as tf.Tensor4D,
          2,
          "valid",
        ),
      "depthwise filter",
    ),
    at(
      any(1, 1, 2, 3),
      (point) =>
        tf.separableConv2d(
          some(...image) as tf.Tensor4D,
          some(2, 2, 2, 1) as tf.Tensor4D,
          point as tf.Tensor4D,
          1,
          "same",
          2,
        ),
      "pointwise filter, dilated",
    ),
  ),
];
