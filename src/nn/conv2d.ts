import * as tf from "../runtime/tf.js";
import { checkOptions, oneOf, positiveInteger } from "../tensor/arguments.js";
import type { Padding } from "../tensor/arithmetic.js";
import type { Shape } from "../tensor/shape.js";
import { constant, glorotUniform, type Initial } from "./initial.js";
import { type Built, callText, type given, type Layer, makeLayer, type yields } from "./layer.js";
import type { Scope } from "./scope.js";
import { type OptionOf, type Slide, slide } from "./window.js";

/** What {@link conv2d} takes besides its size. */
export interface Conv2dOptions {
  /** How far the window moves. Default 1. */
  readonly stride?: number;
  /** "valid" (default): only inside the image. "same": zeros around it, so that stride 1 keeps its size. */
  readonly padding?: Padding;
  /** Add a learned offset to each filter. Default true. */
  readonly bias?: boolean;
}

/** The type of `conv2d(filters, kernel, { stride, padding })`. */
export interface Conv2d<Filters extends number, Kernel extends number, Stride extends number, P extends Padding>
  extends Layer {
  readonly [yields]: Conv2dOutput<this[typeof given], Filters, Kernel, Stride, P>;
}

type Conv2dOutput<I, Filters extends number, Kernel extends number, Stride extends number, P extends Padding> =
  Slide<"conv2d", I, Kernel, Stride, P> extends [infer H extends number, infer W extends number, number]
    ? [H, W, Filters]
    : Slide<"conv2d", I, Kernel, Stride, P>;

/**
 * Filters moved over an image (cross-correlation): [height, width, channels] → [height', width', filters]. Weight [kernel,
 * kernel, channels, filters], Glorot uniform; bias [filters], zero (the defaults of Keras's Conv2D). Throws ValueError.
 */
export function conv2d<
  const Filters extends number,
  const Kernel extends number,
  const Options extends Conv2dOptions = object,
>(
  filters: Filters,
  kernel: Kernel,
  options?: Options,
): Conv2d<Filters, Kernel, OptionOf<Options, "stride", 1, number>, OptionOf<Options, "padding", "valid", Padding>> {
  const given: Conv2dOptions = options ?? {};
  positiveInteger("conv2d: filters", filters);
  positiveInteger("conv2d: kernel", kernel);
  checkOptions("conv2d", given, ["stride", "padding", "bias"]);
  positiveInteger("conv2d: stride", given.stride ?? 1);
  oneOf("conv2d: padding", given.padding ?? "valid", ["valid", "same"]);
  return makeLayer({
    label: callText("conv2d", [filters, kernel], given),
    build: (input, scope) => buildConv2d(input, filters, kernel, scope, given),
  });
}

/** {@link conv2d} for layers made of it, which choose their own first weights. */
export function buildConv2d(
  input: Shape,
  filters: number,
  kernel: number,
  scope: Scope,
  options: Conv2dOptions & { initial?: Initial },
): Built {
  const { stride = 1, padding = "valid", bias = true, initial = glorotUniform } = options;
  const output = [...slide("conv2d", input, kernel, stride, padding, scope), filters];
  const channels = input[2]!;
  const weight = scope.weight("weight", [kernel, kernel, channels, filters], initial);
  const offset = bias ? scope.weight("bias", [filters], constant(0)) : undefined;
  return {
    output,
    flops: output[0]! * output[1]! * filters * kernel * kernel * channels * 2,
    forward(x) {
      const sums = tf.conv2d(x as tf.Tensor4D, weight.value as tf.Tensor4D, stride, padding);
      return offset === undefined ? sums : sums.add(offset.value);
    },
  };
}
