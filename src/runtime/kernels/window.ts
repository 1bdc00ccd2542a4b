/** Where the windows of convolutions and pools lie, as tfjs computes it and as TensorFlow wants to be told. */
import type { backend_util } from "@tensorflow/tfjs-core";
import type { Attribute } from "../attributes.js";
import { ints, text } from "./run.js";

/** How many places are added before and after an axis. */
type Padding = [before: number, after: number];

/** Windows over the axes in between batch and channels (first axis first). */
export interface Windows {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** How many places are added before each axis. */
  readonly before: readonly number[];
  readonly padding: "SAME" | "VALID" | "EXPLICIT";
  readonly channelsLast: boolean;
}

/** The windows of a convolution or a pool over images. */
export function windows2D(info: backend_util.Conv2DInfo): Windows {
  return {
    sizes: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    inputs: [info.inHeight, info.inWidth],
    outputs: [info.outHeight, info.outWidth],
    ...paddingOf(info.padInfo.type, [info.padInfo.top, info.padInfo.left]),
    channelsLast: info.dataFormat === "channelsLast",
  };
}

/** The windows of a convolution or a pool over volumes. */
export function windows3D(info: backend_util.Conv3DInfo): Windows {
  return {
    sizes: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    inputs: [info.inDepth, info.inHeight, info.inWidth],
    outputs: [info.outDepth, info.outHeight, info.outWidth],
    ...paddingOf(info.padInfo.type, [info.padInfo.front, info.padInfo.top, info.padInfo.left]),
    channelsLast: info.dataFormat === "channelsLast",
  };
}

function paddingOf(type: string, before: number[]): Pick<Windows, "padding" | "before"> {
  return { padding: type === "SAME" || type === "VALID" ? type : "EXPLICIT", before };
}

/** The places that are added to each axis: after it as many as the windows reach, which depends on the rounding. */
export function paddings(windows: Windows): Padding[] {
  const { inputs, before } = windows;
  return reaches(windows).map((reach, axis) => {
    const first = before[axis] as number;
    return [first, Math.max(0, reach - first - (inputs[axis] as number))];
  });
}

/** How many places of each padded axis the windows reach. */
function reaches({ sizes, strides, dilations, outputs }: Windows): number[] {
  return sizes.map(
    (size, axis) =>
      ((outputs[axis] as number) - 1) * (strides[axis] as number) + (size - 1) * (dilations[axis] as number) + 1,
  );
}

/** Whether the places that a window looks at are apart. */
export function isDilated({ dilations }: Windows): boolean {
  return dilations.some((rate) => rate > 1);
}

/** The places to be added so that each padded axis can be dealt out to as many batches as its dilation says. */
export function dilatedPaddings(windows: Windows): [number, number][] {
  const { inputs, dilations, before } = windows;
  return reaches(windows).map((reach, axis) => {
    const rate = dilations[axis] as number;
    const start = (before[axis] as number) + (inputs[axis] as number);
    const full = Math.ceil(Math.max(reach, start) / rate) * rate;
    return [before[axis] as number, full - start];
  });
}

/** Numbers of the windows' axes, with others for batch and channels, in the order of the data. */
export function withBatchAndChannels<T>({ channelsLast }: Windows, axes: readonly T[], other: T): T[] {
  return channelsLast ? [other, ...axes, other] : [other, other, ...axes];
}

/** TensorFlow's attributes of windows, but for their sizes and dilations. */
export function attributesOf(windows: Windows): Attribute[] {
  const explicit = withBatchAndChannels<Padding>(windows, paddings(windows), [0, 0]).flat();
  return [
    ints("strides", withBatchAndChannels(windows, windows.strides, 1)),
    text("padding", windows.padding),
    ...(windows.padding === "EXPLICIT" ? [ints("explicit_paddings", explicit)] : []),
    text("data_format", formatOf(windows)),
  ];
}

function formatOf({ channelsLast, sizes }: Windows): string {
  if (sizes.length === 2) return channelsLast ? "NHWC" : "NCHW";
  return channelsLast ? "NDHWC" : "NCDHW";
}
