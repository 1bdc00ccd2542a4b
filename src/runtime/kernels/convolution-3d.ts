/** Convolutions over volumes, and their ways back. */
import {
  backend_util,
  batchToSpaceND,
  Conv3D,
  Conv3DBackpropFilterV2,
  Conv3DBackpropInputV2,
  type KernelConfig,
  spaceToBatchND,
} from "@tensorflow/tfjs-core";
import { kernel } from "./run.js";
import { attributesOf, dilatedPaddings, isDilated, type Windows, windows3D } from "./window.js";

type Triple = [number, number, number];
type Shape5D = [number, number, number, number, number];

/** What tfjs says of a convolution over volumes. */
export interface Convolution3DAttributes {
  readonly strides: number | Triple;
  readonly pad: "valid" | "same";
  readonly dataFormat?: "NDHWC" | "NCDHW";
  readonly dilations?: number | Triple;
}

export const convolutions3D: readonly KernelConfig[] = [
  kernel<"x" | "filter", Convolution3DAttributes>(Conv3D, ({ x, filter }, attributes, run) => {
    const windows = convolution3DWindows(x.shape, filter.shape, attributes);
    if (!isDilated(windows)) return run("Conv3D", [x, filter], attributesOf(windows))[0];
    // TensorFlow has none on a CPU. With every `rate`-th place in a batch of its own, it is a dense one.
    const rates = [...windows.dilations];
    const around = dilatedPaddings(windows);
    const [dense] = run(
      "Conv3D",
      [spaceToBatchND(x, rates, around), filter],
      attributesOf({ ...windows, padding: "VALID" }),
    );
    const outputs = dense.shape.slice(1, 4).map((length, axis) => length * (rates[axis] as number));
    return batchToSpaceND(
      dense,
      rates,
      outputs.map((length, axis) => [0, length - (windows.outputs[axis] as number)]),
    );
  }),
  kernel<"dy" | "filter", Convolution3DAttributes & { readonly inputShape: Shape5D }>(
    Conv3DBackpropInputV2,
    ({ dy, filter }, attributes, run) => {
      const windows = convolution3DWindows(attributes.inputShape, filter.shape, attributes);
      return run("Conv3DBackpropInputV2", [attributes.inputShape, filter, dy], attributesOf(windows))[0];
    },
  ),
  kernel<"x" | "dy", Convolution3DAttributes & { readonly filterShape: Shape5D }>(
    Conv3DBackpropFilterV2,
    ({ x, dy }, attributes, run) => {
      const windows = convolution3DWindows(x.shape, attributes.filterShape, attributes);
      return run("Conv3DBackpropFilterV2", [x, attributes.filterShape, dy], attributesOf(windows))[0];
    },
  ),
];

/** Where the windows of a convolution lie. */
export function convolution3DWindows(
  shape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations }: Convolution3DAttributes,
): Windows {
  const info = backend_util.computeConv3DInfo(shape as Shape5D, filterShape as Shape5D, strides, dilations ?? 1, pad);
  return windows3D(info);
}
