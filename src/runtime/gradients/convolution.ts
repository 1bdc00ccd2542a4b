/** Convolutions: each of the three ways (to the output, to the input, to the filter) is derived by the other two. */
import {
  batchToSpaceND,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  Conv3D,
  Conv3DBackpropFilterV2,
  Conv3DBackpropInputV2,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  type GradConfig,
  spaceToBatchND,
  type Tensor,
  transpose,
} from "@tensorflow/tfjs-core";
import { type ConvolutionAttributes, convolutionWindows } from "../kernels/convolution.js";
import { type Convolution3DAttributes, convolution3DWindows } from "../kernels/convolution-3d.js";
import { dilatedPaddings, isDilated, type Windows } from "../kernels/window.js";
import { gradient, run } from "./gradient.js";

/** The three ways of a convolution. */
interface Ways {
  readonly forward: string;
  readonly toInput: string;
  readonly toFilter: string;
}

type Attributes = ConvolutionAttributes | Convolution3DAttributes;
type WindowsOf = (shape: number[], filterShape: number[], attributes: never) => Windows;

export const convolutions: readonly GradConfig[] = [
  ...derived(
    { forward: Conv2D, toInput: Conv2DBackpropInput, toFilter: Conv2DBackpropFilter },
    (shape, filterShape, attributes) => convolutionWindows(shape, filterShape, attributes, false),
  ),
  ...derived(
    {
      forward: DepthwiseConv2dNative,
      toInput: DepthwiseConv2dNativeBackpropInput,
      toFilter: DepthwiseConv2dNativeBackpropFilter,
    },
    (shape, filterShape, attributes) => convolutionWindows(shape, filterShape, attributes, true),
  ),
  ...derived(
    { forward: Conv3D, toInput: Conv3DBackpropInputV2, toFilter: Conv3DBackpropFilterV2 },
    (shape, filterShape, attributes) => convolution3DWindows(shape, filterShape, attributes),
  ),
];

function derived(ways: Ways, windowsOf: WindowsOf): GradConfig[] {
  const { forward, toInput, toFilter } = ways;
  return [
    gradient<Attributes>(forward, { inputs: ["x", "filter"] }, (dy, kept, attributes) => {
      const [x, filter] = kept as [Tensor, Tensor];
      const windows = windowsOf(x.shape, filter.shape, attributes as never);
      if (isDilated(windows)) return dilated(ways, windows, x, filter, dy);
      return {
        x: () => run(toInput, { dy, filter }, { ...attributes, inputShape: x.shape }),
        filter: () => run(toFilter, { x, dy }, { ...attributes, filterShape: filter.shape }),
      };
    }),
    gradient<Attributes>(toInput, { inputs: ["dy", "filter"] }, (ddx, kept, attributes) => {
      const [dy, filter] = kept as [Tensor, Tensor];
      return {
        // tfjs has no dilations on this way, and its own backends no default for them on the other one.
        dy: () => run(forward, { x: ddx, filter }, { dilations: 1, ...attributes }),
        filter: () => run(toFilter, { x: ddx, dy }, { ...attributes, filterShape: filter.shape }),
      };
    }),
    gradient<Attributes>(toFilter, { inputs: ["x", "dy"] }, (ddw, kept, attributes) => {
      const [x, dy] = kept as [Tensor, Tensor];
      return {
        x: () => run(toInput, { dy, filter: ddw }, { ...attributes, inputShape: x.shape }),
        dy: () => run(forward, { x, filter: ddw }, attributes),
      };
    }),
  ];
}

/**
 * TensorFlow has no way back through a dilated convolution on a CPU. With every `rate`-th place of each axis put into a batch of
 * its own it is a dense one, "valid" and with strides of 1.
 */
function dilated({ toInput, toFilter }: Ways, windows: Windows, x: Tensor, filter: Tensor, dy: Tensor) {
  const rates = [...windows.dilations];
  const around = dilatedPaddings(windows);
  const behind = around.map(([before, after], axis) => {
    const full = before + (windows.inputs[axis] as number) + after;
    const outputs = full - ((windows.sizes[axis] as number) - 1) * (rates[axis] as number);
    return [0, outputs - (windows.outputs[axis] as number)];
  });
  const dense = { strides: 1, pad: "valid", dataFormat: windows.sizes.length === 2 ? "NHWC" : "NDHWC", dilations: 1 };
  const batches = () => spaceToBatchND(channelsLast(x, windows), rates, around);
  const gradients = () => spaceToBatchND(channelsLast(dy, windows), rates, behind);
  return {
    x: () => {
      const inputShape = batches().shape;
      const dx = run(toInput, { dy: gradients(), filter }, { ...dense, inputShape });
      return channelsBack(batchToSpaceND(dx, rates, around), windows);
    },
    filter: () => run(toFilter, { x: batches(), dy: gradients() }, { ...dense, filterShape: filter.shape }),
  };
}

function channelsLast(x: Tensor, windows: Windows): Tensor {
  return windows.channelsLast ? x : transpose(x, [0, ...windows.sizes.map((_, axis) => axis + 2), 1]);
}

function channelsBack(x: Tensor, windows: Windows): Tensor {
  return windows.channelsLast ? x : transpose(x, [0, x.rank - 1, ...windows.sizes.map((_, axis) => axis + 1)]);
}
