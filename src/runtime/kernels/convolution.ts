/** Convolutions over images, and their ways back, with any padding; and with bias and activation at once. */
import {
  add,
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  elu,
  FusedConv2D,
  FusedDepthwiseConv2D,
  type KernelConfig,
  leakyRelu,
  prelu,
  relu,
  relu6,
  reshape,
  sigmoid,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { ValueError } from "../../errors.js";
import type { Attribute } from "../attributes.js";
import { ints, kernel, type Run } from "./run.js";
import { attributesOf, type Windows, windows2D, withBatchAndChannels } from "./window.js";

/** What tfjs says of a convolution over images. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: number | [number, number] | null;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

interface FusedAttributes extends ConvolutionAttributes {
  readonly activation?: string | null;
  readonly leakyreluAlpha?: number;
}

type Shape4D = [number, number, number, number];

export const convolutions: readonly KernelConfig[] = [
  kernel<"x" | "filter", ConvolutionAttributes>(Conv2D, ({ x, filter }, attributes, run) =>
    forward("Conv2D", x, filter, attributes, run),
  ),
  kernel<"x" | "filter", ConvolutionAttributes>(DepthwiseConv2dNative, ({ x, filter }, attributes, run) =>
    forward("DepthwiseConv2dNative", x, filter, attributes, run),
  ),
  toInput(Conv2DBackpropInput, false),
  toInput(DepthwiseConv2dNativeBackpropInput, true),
  toFilter(Conv2DBackpropFilter, false),
  toFilter(DepthwiseConv2dNativeBackpropFilter, true),
  fused(FusedConv2D, "Conv2D"),
  fused(FusedDepthwiseConv2D, "DepthwiseConv2dNative"),
];

function forward(operation: string, x: Tensor, filter: Tensor, attributes: ConvolutionAttributes, run: Run): Tensor {
  const windows = convolutionWindows(x.shape, filter.shape, attributes, operation !== "Conv2D");
  return run(operation, [x, filter], convolutionAttributes(windows))[0];
}

function toInput(name: string, depthwise: boolean): KernelConfig {
  return kernel<"dy" | "filter", ConvolutionAttributes & { readonly inputShape: Shape4D }>(
    name,
    ({ dy, filter }, attributes, run) => {
      const windows = convolutionWindows(attributes.inputShape, filter.shape, attributes, depthwise);
      return run(name, [attributes.inputShape, filter, dy], convolutionAttributes(windows))[0];
    },
  );
}

function toFilter(name: string, depthwise: boolean): KernelConfig {
  return kernel<"x" | "dy", ConvolutionAttributes & { readonly filterShape: Shape4D }>(
    name,
    ({ x, dy }, attributes, run) => {
      const windows = convolutionWindows(x.shape, attributes.filterShape, attributes, depthwise);
      return run(name, [x, attributes.filterShape, dy], convolutionAttributes(windows))[0];
    },
  );
}

function fused(name: string, operation: string): KernelConfig {
  return kernel<"x" | "filter" | "bias" | "preluActivationWeights", FusedAttributes>(
    name,
    ({ x, filter, bias, preluActivationWeights: weights }, attributes, run) => {
      // What is given for each channel must lie along the channels.
      const perChannel = (y: Tensor) =>
        attributes.dataFormat === "NCHW" && y.rank === 1 ? reshape(y, [y.size, 1, 1]) : y;
      const sum = forward(operation, x, filter, attributes, run);
      const biased = bias ? add(sum, perChannel(bias)) : sum;
      return activate(name, biased, attributes, weights && perChannel(weights));
    },
  );
}

function activate(name: string, x: Tensor, { activation, leakyreluAlpha }: FusedAttributes, weights?: Tensor): Tensor {
  switch (activation ?? "linear") {
    case "linear":
      return x;
    case "relu":
      return relu(x);
    case "relu6":
      return relu6(x);
    case "elu":
      return elu(x);
    case "sigmoid":
      return sigmoid(x);
    case "leakyrelu":
      return leakyRelu(x, leakyreluAlpha);
    case "prelu":
      return prelu(x, weights as Tensor);
    default:
      throw new ValueError({
        what: `${name}: activation`,
        expected: "linear, relu, relu6, elu, sigmoid, leakyrelu or prelu",
        got: String(activation),
      });
  }
}

/** Where the windows of a convolution lie. */
export function convolutionWindows(
  shape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat, dilations, dimRoundingMode }: ConvolutionAttributes,
  depthwise: boolean,
): Windows {
  const format = backend_util.convertConv2DDataFormat(dataFormat ?? "NHWC");
  return windows2D(
    backend_util.computeConv2DInfo(
      shape as Shape4D,
      filterShape as Shape4D,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      depthwise,
      format,
    ),
  );
}

function convolutionAttributes(windows: Windows): Attribute[] {
  return [...attributesOf(windows), ints("dilations", withBatchAndChannels(windows, windows.dilations, 1))];
}
