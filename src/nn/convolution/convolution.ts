import { ValueError } from "../../errors.js";
import { checkOptions, positiveInteger } from "../../tensor/arguments.js";
import type { CausalPadding, Divides } from "../../tensor/arithmetic.js";
import { convolve } from "../../tensor/convolution.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Window } from "../../tensor/window.js";
import { constant, glorotUniform } from "../initializers/initial.js";
import { type Built, callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "../layer.js";
import type { Scope } from "../scope.js";
import { type BiasedWeightOptions, biasedWeightOptions, checkWeightOptions } from "../weight-options.js";
import {
  type Axes,
  type Expected,
  expected,
  type OptionOf,
  type PaddingOf,
  type PerAxis,
  type Sizes,
  type Slide,
  slide,
  windowOf,
} from "./window.js";

/** What {@link conv1d}, {@link conv2d} and {@link conv3d} take besides their size. */
export interface ConvolutionOptions<A extends Axes = Axes> extends BiasedWeightOptions {
  /** How far the window moves, along all axes or along each. Default 1. */
  readonly stride?: PerAxis[A];
  /**
   * "valid" (default): only inside the input. "same": zeros around it, so that stride 1 keeps its size. For conv1d also "causal":
   * zeros before it, so that nothing sees what comes later.
   */
  readonly padding?: PaddingOf[A];
  /**
   * Look at every so many places only, along all axes or along each. Default 1. Together with a stride it takes as long as a kernel
   * that reaches as far.
   */
  readonly dilation?: PerAxis[A];
  /** Divide channels and filters into so many groups that know nothing of each other. Default 1. */
  readonly groups?: number;
  /** Add a learned offset to each filter. Default true. */
  readonly bias?: boolean;
}

/** What {@link conv1d} takes besides its size. */
export type Conv1dOptions = ConvolutionOptions<1>;

/** What {@link conv2d} takes besides its size. */
export type Conv2dOptions = ConvolutionOptions<2>;

/** What {@link conv3d} takes besides its size. */
export type Conv3dOptions = ConvolutionOptions<3>;

/** The type of `conv2d(filters, kernel, options)` and its like; `Name` is the function's. */
export interface Convolution<Name extends string, A extends Axes, Filters extends number, Kernel extends Sizes, Options>
  extends Layer {
  readonly [yields]: Filtered<
    Name,
    A,
    this[typeof given],
    SlideOf<Name, A, this[typeof given], Kernel, Options>,
    Filters,
    OptionOf<Options, "groups", 1, number>
  >;
}

/** What a window that moves as `Options` say makes of `I`. */
export type SlideOf<Name extends string, A extends Axes, I, Kernel extends Sizes, Options> = Slide<
  Name,
  A,
  I,
  Kernel,
  OptionOf<Options, "stride", 1, Sizes>,
  OptionOf<Options, "padding", "valid", CausalPadding>,
  OptionOf<Options, "dilation", 1, Sizes>
>;

/** `O`, with filters in the place of channels. */
type Filtered<
  Name extends string,
  A extends Axes,
  I,
  O,
  Filters extends number,
  Groups extends number,
> = O extends readonly [...infer Lengths extends Shape, infer Channels extends number]
  ? [Divides<Groups, Channels>] extends [false]
    ? I extends Shape
      ? Reject<Name, `${Expected<A>} with channels that ${Groups} groups divide`, I>
      : never
    : [...Lengths, Filters]
  : O;

/**
 * Filters moved over time (cross-correlation): [time, channels] → [time', filters]. Weight [kernel, channels / groups, filters],
 * Glorot uniform by default; bias [filters], zero by default (as Keras's Conv1D). Throws ValueError.
 */
export function conv1d<
  const Filters extends number,
  const Kernel extends number,
  const Options extends Conv1dOptions = BiasedWeightOptions,
>(filters: Filters, kernel: Kernel, options?: Options): Convolution<"conv1d", 1, Filters, Kernel, Options> {
  return convolution("conv1d", 1, filters, kernel, options);
}

/**
 * Filters moved over an image (cross-correlation): [height, width, channels] → [height', width', filters]. `kernel`: one number, or
 * [height, width]. Weight [kernel, kernel, channels / groups, filters], Glorot uniform by default; bias [filters], zero by
 * default (as Keras's Conv2D). Throws ValueError.
 */
export function conv2d<
  const Filters extends number,
  const Kernel extends PerAxis[2],
  const Options extends Conv2dOptions = BiasedWeightOptions,
>(filters: Filters, kernel: Kernel, options?: Options): Convolution<"conv2d", 2, Filters, Kernel, Options> {
  return convolution("conv2d", 2, filters, kernel, options);
}

/**
 * Filters moved through a volume (cross-correlation): [depth, height, width, channels] → [depth', height', width', filters].
 * `kernel`: one number, or [depth, height, width]. Weight [kernel, kernel, kernel, channels / groups, filters], Glorot uniform by default;
 * bias [filters], zero by default (as Keras's Conv3D). Throws ValueError.
 */
export function conv3d<
  const Filters extends number,
  const Kernel extends PerAxis[3],
  const Options extends Conv3dOptions = BiasedWeightOptions,
>(filters: Filters, kernel: Kernel, options?: Options): Convolution<"conv3d", 3, Filters, Kernel, Options> {
  return convolution("conv3d", 3, filters, kernel, options);
}

function convolution<L extends Layer>(
  name: string,
  axes: Axes,
  filters: number,
  kernel: Sizes,
  options: ConvolutionOptions = {},
): L {
  positiveInteger(`${name}: filters`, filters);
  checkOptions(name, options, ["stride", "padding", "dilation", "groups", "bias", ...biasedWeightOptions]);
  checkWeightOptions(name, options);
  const window = windowOf(name, axes, ["kernel", kernel], options);
  const { groups = 1 } = options;
  positiveInteger(`${name}: groups`, groups);
  if (filters % groups !== 0) {
    const hint = "Each group has as many filters.";
    throw new ValueError({
      what: `${name}: filters`,
      expected: `a multiple of ${groups} groups`,
      got: `${filters}`,
      hint,
    });
  }
  return makeLayer<Layer>({
    label: callText(name, [filters, kernel], options),
    build: (input, scope) => buildConvolution(name, axes, input, filters, window, scope, options),
  }) as L;
}

/** A convolution for layers made of it, which choose their own first weights. */
export function buildConvolution(
  name: string,
  axes: Axes,
  input: Shape,
  filters: number,
  window: Window,
  scope: Scope,
  options: Pick<ConvolutionOptions, "groups" | "bias" | keyof BiasedWeightOptions>,
): Built {
  const { groups = 1, bias = true, initial = glorotUniform, biasInitial = constant(0), regularizer } = options;
  const output = [...slide(name, axes, input, window, scope), filters];
  const channels = input[axes]!;
  if (channels % groups !== 0) {
    throw misfit(name, `${expected(axes)} with channels that ${groups} groups divide`, input, scope);
  }
  const weight = scope.weight("weight", [...window.size, channels / groups, filters], initial, { regularizer });
  const offset = bias ? scope.weight("bias", [filters], biasInitial) : undefined;
  return {
    output,
    flops: sizeOf(output) * sizeOf(window.size) * (channels / groups) * 2,
    forward: (x) => convolve(x, weight.value, window, offset?.value),
  };
}

/** {@link conv2d} for layers made of it, which choose their own first weights. */
export function buildConv2d(
  input: Shape,
  filters: number,
  kernel: PerAxis[2],
  scope: Scope,
  options: Conv2dOptions,
): Built {
  const window = windowOf("conv2d", 2, ["kernel", kernel], options);
  return buildConvolution("conv2d", 2, input, filters, window, scope, options);
}
