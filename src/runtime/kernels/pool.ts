/** Pools with any padding; TensorFlow itself pads averages with "same" and "valid" only. */
import {
  AvgPool,
  AvgPool3D,
  AvgPool3DGrad,
  AvgPoolGrad,
  add,
  backend_util,
  divNoNan,
  floorDiv,
  type KernelConfig,
  MaxPool,
  MaxPool3D,
  MaxPool3DGrad,
  MaxPoolGrad,
  MaxPoolWithArgmax,
  mod,
  mul,
  ones,
  pad,
  scalar,
  slice,
  sub,
  type Tensor,
} from "@tensorflow/tfjs-core";
import type { Attribute } from "../attributes.js";
import { TF } from "../dtypes.js";
import { bool, ints, kernel, type Run, type } from "./run.js";
import { attributesOf, paddings, type Windows, windows2D, windows3D, withBatchAndChannels } from "./window.js";

/** Takes from `dy`, of the shape of a pool's input, the places that the pool took from its input. No kernel of tfjs. */
export const MaxPoolGradGrad = "MaxPoolGradGrad";
/** The same for volumes. */
export const MaxPool3DGradGrad = "MaxPool3DGradGrad";

/** What tfjs says of a pool. */
export interface PoolAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat?: "NDHWC" | "NCDHW";
}

type PoolGradientInputs = "dy" | "input" | "output";

export const pools: readonly KernelConfig[] = [
  average(AvgPool),
  average(AvgPool3D),
  averageGradient(AvgPoolGrad, "AvgPool"),
  averageGradient(AvgPool3DGrad, "AvgPool3D"),
  maximum(MaxPool),
  maximum(MaxPool3D),
  maximumGradient(MaxPoolGrad),
  maximumGradient(MaxPool3DGrad),
  maximumGradientGradient(MaxPoolGradGrad),
  maximumGradientGradient(MaxPool3DGradGrad),
  kernel<"x", PoolAttributes & { readonly includeBatchInIndex?: boolean }>(
    MaxPoolWithArgmax,
    ({ x }, { includeBatchInIndex = false, ...attributes }, run) => {
      const windows = windowsOf(x.shape, attributes);
      const [values, places] = run(
        "MaxPoolWithArgmax",
        [padded(x, windows, Number.NEGATIVE_INFINITY)],
        [
          ...poolAttributes(windows).slice(0, 3),
          type("Targmax", TF.INT32),
          bool("include_batch_in_index", includeBatchInIndex),
        ],
        2,
      );
      return [values, unpaddedPlaces(places as Tensor, windows, x.shape)];
    },
  ),
];

function average(name: string): KernelConfig {
  return kernel<"x", PoolAttributes>(name, ({ x }, attributes, run) => {
    const windows = windowsOf(x.shape, attributes);
    const [mean] = run(name, [padded(x, windows, 0)], poolAttributes(windows));
    return windows.padding === "EXPLICIT" ? divNoNan(mean, share(name, windows, run)) : mean;
  });
}

function averageGradient(name: string, pool: string): KernelConfig {
  return kernel<"dy" | "input", PoolAttributes>(name, ({ dy, input }, attributes, run) => {
    const windows = windowsOf(input.shape, attributes);
    if (windows.padding !== "EXPLICIT") return run(name, [input.shape, dy], poolAttributes(windows))[0];
    const added = withBatchAndChannels(windows, paddings(windows), [0, 0]);
    const shape = input.shape.map((length, axis) => length + (added[axis]?.[0] ?? 0) + (added[axis]?.[1] ?? 0));
    const dx = run(name, [shape, divNoNan(dy, share(pool, windows, run))], poolAttributes(windows))[0];
    return unpadded(dx, windows, input.shape);
  });
}

function maximum(name: string): KernelConfig {
  return kernel<"x", PoolAttributes>(name, ({ x }, attributes, run) => {
    const windows = windowsOf(x.shape, attributes);
    return run(name, [padded(x, windows, Number.NEGATIVE_INFINITY)], poolAttributes(windows))[0];
  });
}

function maximumGradient(name: string): KernelConfig {
  return kernel<PoolGradientInputs, PoolAttributes>(name, ({ dy, input, output }, attributes, run) => {
    const windows = windowsOf(input.shape, attributes);
    const x = padded(input, windows, Number.NEGATIVE_INFINITY);
    return unpadded(run(name, [x, output, dy], poolAttributes(windows))[0], windows, input.shape);
  });
}

function maximumGradientGradient(name: string): KernelConfig {
  return kernel<PoolGradientInputs, PoolAttributes>(name, ({ dy, input, output }, attributes, run) => {
    const windows = windowsOf(input.shape, attributes);
    const x = padded(input, windows, Number.NEGATIVE_INFINITY);
    return run(name, [x, output, padded(dy, windows, 0)], poolAttributes(windows))[0];
  });
}

function windowsOf(shape: readonly number[], attributes: PoolAttributes): Windows {
  const { filterSize, strides, pad, dimRoundingMode: rounding, dataFormat } = attributes;
  if (shape.length === 4) {
    return windows2D(backend_util.computePool2DInfo(shape as never, filterSize, strides, 1, pad, rounding));
  }
  return windows3D(
    backend_util.computePool3DInfo(
      shape as never,
      filterSize as number,
      strides as number,
      1,
      pad,
      rounding,
      dataFormat,
    ),
  );
}

/** TensorFlow's attributes of a pool over data that is padded already. */
function poolAttributes(windows: Windows): Attribute[] {
  const padding = windows.padding === "EXPLICIT" ? "VALID" : windows.padding;
  return [ints("ksize", withBatchAndChannels(windows, windows.sizes, 1)), ...attributesOf({ ...windows, padding })];
}

function padded(x: Tensor, windows: Windows, value: number): Tensor {
  if (windows.padding !== "EXPLICIT") return x;
  return pad(x, withBatchAndChannels(windows, paddings(windows), [0, 0]), value);
}

/** The part of a padded tensor that is not padding. */
function unpadded(x: Tensor, windows: Windows, shape: number[]): Tensor {
  if (windows.padding !== "EXPLICIT") return x;
  return slice(x, withBatchAndChannels(windows, windows.before, 0), shape);
}

/** Which part of each window is not padding; batch and channels are 1. */
function share(pool: string, windows: Windows, run: Run): Tensor {
  const inside = ones(withBatchAndChannels(windows, windows.inputs, 1));
  return run(pool, [padded(inside, windows, 0)], poolAttributes(windows))[0];
}

/** Numbers of places in padded images, `((batch · height + y) · width + x) · channels + channel`, as those in the images. */
function unpaddedPlaces(places: Tensor, windows: Windows, shape: readonly number[]): Tensor {
  if (windows.padding !== "EXPLICIT") return places;
  const [, height, width, channels] = shape as [number, number, number, number];
  const [[top, bottom], [left, right]] = paddings(windows) as [[number, number], [number, number]];
  const wide = width + left + right;
  const pixels = floorDiv(places, whole(channels));
  const rows = floorDiv(pixels, whole(wide));
  const batch = floorDiv(rows, whole(height + top + bottom));
  const row = sub(mod(rows, whole(height + top + bottom)), whole(top));
  const column = sub(mod(pixels, whole(wide)), whole(left));
  const pixel = add(mul(add(mul(batch, whole(height)), row), whole(width)), column);
  return add(mul(pixel, whole(channels)), mod(places, whole(channels)));
}

function whole(value: number): Tensor {
  return scalar(value, "int32");
}
