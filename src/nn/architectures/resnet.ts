import { ValueError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, oneOf, positiveInteger, show } from "../../tensor/arguments.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { relu } from "../activations/relu.js";
import { buildConv2d } from "../convolution/convolution.js";
import { globalAveragePool2d } from "../convolution/global-pool.js";
import { buildDense } from "../dense.js";
import { heNormal } from "../initializers/initial.js";
import type { Built } from "../layer.js";
import type { Model } from "../module.js";
import { Network } from "../network.js";
import { batchNorm } from "../normalization/batch-norm.js";
import type { Scope } from "../scope.js";
import { type Buildable, buildStack } from "../stack.js";

/** The size of a {@link resnet}. */
export interface ResnetOptions<
  Input extends readonly [number, number, number] = readonly [number, number, number],
  Classes extends number = number,
> {
  /** Layers with weights on the longest way, 6n + 2: 20, 32, 44, 56, 110, … */
  readonly depth: number;
  /** [height, width, channels] of an image, 32 × 32 in the paper. */
  readonly input: Input;
  readonly classes: Classes;
  /**
   * How x passes a block that halves the image and doubles the channels: "identity" (default, the paper's option A) takes every
   * other pixel and adds channels of zeros, "projection" (option B) learns a conv2d of kernel 1.
   */
  readonly shortcut?: "identity" | "projection";
  /** For the first weights. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * The residual network for small images of arXiv 1512.03385, section 4.2: a convolution, then 3 stages of n blocks with 16, 32
 * and 64 filters, global average pooling, dense. [height, width, channels] → [classes] logits. First weights of convolutions He
 * normal, of the last layer Glorot uniform. Throws ValueError, MemoryError.
 */
export function resnet<const Input extends readonly [number, number, number], const Classes extends number>(
  options: ResnetOptions<Input, Classes>,
): Model<[...Input], [Classes]> {
  check(options);
  const { depth, classes, shortcut = "identity" } = options;
  const input: [...Input] = [...options.input];
  const blocks = (depth - 2) / 6;
  const stages = [16, 32, 64].flatMap((filters, stage) =>
    Array.from({ length: blocks }, (_, index) => ({ filters, stride: stage > 0 && index === 0 ? 2 : 1 })),
  );
  const parts: (readonly [string, Buildable])[] = [
    ["conv", convolution(16, 3, 1)],
    ["norm", batchNorm()],
    ["relu", relu()],
    ...stages.map(({ filters, stride }, index) => [`blocks.${index}`, block(filters, stride, shortcut)] as const),
    ["pool", globalAveragePool2d()],
    ["head", { label: `dense(${classes})`, build: (shape, scope) => buildDense(shape, classes, scope) }],
  ];
  return new Network<[...Input], [Classes]>({
    name: "resnet",
    input,
    dtype: "float32",
    seed: options.seed,
    build: (scope) => buildStack(input, parts, scope),
  });
}

function convolution(filters: number, kernel: number, stride: number): Buildable {
  return {
    label: `conv2d(${filters}, ${kernel})`,
    build: (input, scope) =>
      buildConv2d(input, filters, kernel, scope, { stride, padding: "same", bias: false, initial: heNormal }),
  };
}

/** Two convolutions, each behind a batchNorm, added to what came in; a relu after the first and after the addition. */
function block(filters: number, stride: number, shortcut: "identity" | "projection"): Buildable {
  return {
    label: `block(${filters}${stride === 1 ? "" : `, { stride: ${stride} }`})`,
    build(input, scope) {
      const parts: (readonly [string, Buildable])[] = [
        ["conv1", convolution(filters, 3, stride)],
        ["norm1", batchNorm()],
        ["relu", relu()],
        ["conv2", convolution(filters, 3, 1)],
        ["norm2", batchNorm()],
      ];
      const inner = buildStack(input, parts, scope);
      const past = buildShortcut(input, filters, stride, shortcut, scope);
      return {
        output: inner.output,
        flops: inner.flops + past.flops + 2 * sizeOf(inner.output),
        forward: (x, context) => past.forward(x, context).add(inner.forward(x, context)).relu(),
      };
    },
  };
}

function buildShortcut(
  input: Shape,
  filters: number,
  stride: number,
  shortcut: "identity" | "projection",
  scope: Scope,
): Built {
  if (stride === 1 && input[2] === filters) return { output: input, flops: 0, forward: (x) => x };
  if (shortcut === "identity") return { output: [], flops: 0, forward: (x) => widened(thinned(x, stride), filters) };
  const parts: (readonly [string, Buildable])[] = [
    ["conv", convolution(filters, 1, stride)],
    ["norm", batchNorm()],
  ];
  return buildStack(input, parts, scope.at("shortcut"));
}

/** Every `stride`-th pixel: the mean of a window of one. */
function thinned(x: Tensor, stride: number): Tensor {
  return tf.avgPool(x as tf.Tensor4D, 1, stride, "same");
}

/** `x: [batch, height, width, channels]` → `[batch, height, width, filters]`, with zeros for what it has not. */
function widened(x: Tensor, filters: number): Tensor {
  const missing = filters - x.shape[3]!;
  return x.pad([
    [0, 0],
    [0, 0],
    [0, 0],
    [0, missing],
  ]);
}

function check(options: ResnetOptions): void {
  checkOptions("resnet", options, ["depth", "input", "classes", "shortcut", "seed"]);
  const { depth, input, classes, shortcut = "identity" } = options;
  positiveInteger("resnet: depth", depth);
  if (depth < 8 || depth % 6 !== 2) {
    throw new ValueError({ what: "resnet: depth", expected: "6n + 2 (8, 14, 20, …)", got: show(depth) });
  }
  if (!Array.isArray(input) || input.length !== 3) {
    throw new ValueError({ what: "resnet: input", expected: "[height, width, channels]", got: show(input) });
  }
  input.forEach((size, axis) => {
    positiveInteger(`resnet: input, axis ${axis}`, size);
  });
  positiveInteger("resnet: classes", classes);
  oneOf("resnet: shortcut", shortcut, ["identity", "projection"]);
}
