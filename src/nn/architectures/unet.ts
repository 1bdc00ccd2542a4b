import { ValueError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, positiveInteger, show, trueOrFalse } from "../../tensor/arguments.js";
import type { Shape } from "../../tensor/shape.js";
import { relu } from "../activations/relu.js";
import { conv2d } from "../convolution/convolution.js";
import { maxPool2d } from "../convolution/pool.js";
import { conv2dTranspose } from "../convolution/transposed-convolution.js";
import { heNormal } from "../initializers/initial.js";
import type { Built } from "../layer.js";
import type { LayerSummary, Model } from "../module.js";
import { Network } from "../network.js";
import { batchNorm } from "../normalization/batch-norm.js";
import type { Scope } from "../scope.js";
import { buildStack } from "../stack.js";
import { type Part, requireImage } from "./assemble.js";

/** The size of a {@link unet}. */
export interface UnetOptions<
  Input extends readonly [number, number, number] = readonly [number, number, number],
  Classes extends number = number,
> {
  /** [height, width, channels] of an image; 2 ** depth must divide height and width. */
  readonly input: Input;
  /** What a pixel may be; 1 for a mask (`binaryCrossEntropy`). */
  readonly classes: Classes;
  /** How often the image is halved. Default 4. */
  readonly depth?: number;
  /** Filters of the first level; they double with each level. Default 64. */
  readonly width?: number;
  /** A batchNorm behind each convolution (arXiv 1502.03167), as usual today; the paper has none. Default true. */
  readonly norm?: boolean;
  /** For the first weights. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * The U-Net of arXiv 1505.04597 for segmentation: on the way down two 3 × 3 convolutions a level and a max pool that halves the image, on
 * the way up a transposed convolution that doubles it, beside what the level was on the way down, and two convolutions. Convolutions
 * keep the size. [height, width, channels] → [height, width, classes] logits. First weights He normal. Throws ValueError, MemoryError.
 */
export function unet<const Input extends readonly [number, number, number], const Classes extends number>(
  options: UnetOptions<Input, Classes>,
): Model<[...Input], [Input[0], Input[1], Classes]> {
  check(options);
  const { seed } = options;
  return new Network<[...Input], [Input[0], Input[1], Classes]>({
    name: "unet",
    input: [...options.input],
    dtype: "float32",
    ...(seed === undefined ? {} : { seed }),
    build: (scope) => buildUnet(options, scope),
  });
}

function buildUnet(
  { input, classes, depth = 4, width = 64, norm = true }: UnetOptions,
  scope: Scope,
): Built & { readonly rows: readonly LayerSummary[] } {
  const levels = Array.from({ length: depth }, (_, index) => index);
  let shape: Shape = input;
  const build = (name: string, parts: readonly Part[], given = shape) => {
    const built = buildStack(given, parts, scope.at(name));
    shape = built.output;
    return built;
  };
  const downs = levels.map((index) => {
    const down = build(`down.${index}`, twice(width * 2 ** index, norm));
    return { down, pool: build(`down.${index}`, [["pool", maxPool2d(2)]]) };
  });
  const bottom = build("bottom", twice(width * 2 ** depth, norm));
  const ups = levels.reverse().map((index) => {
    const filters = width * 2 ** index;
    const grow = build(`up.${index}`, [["grow", conv2dTranspose(filters, 2, { stride: 2, initial: heNormal })]]);
    const beside = [...grow.output.slice(0, 2), 2 * filters];
    return { grow, up: build(`up.${index}`, twice(filters, norm), beside) };
  });
  const head = build("head", [["conv", conv2d(classes, 1)]]);
  const all = [
    ...downs.flatMap(({ down, pool }) => [down, pool]),
    bottom,
    ...ups.flatMap(({ grow, up }) => [grow, up]),
    head,
  ];
  return {
    output: head.output,
    rows: all.flatMap(({ rows }) => rows),
    flops: all.reduce((sum, { flops }) => sum + flops, 0),
    forward(x, context) {
      const kept: Tensor[] = [];
      let value = x;
      for (const { down, pool } of downs) {
        kept.push(down.forward(value, context));
        value = pool.forward(kept.at(-1)!, context);
      }
      value = bottom.forward(value, context);
      for (const { grow, up } of ups)
        value = up.forward(tf.concat([kept.pop()!, grow.forward(value, context)], 3), context);
      return head.forward(value, context);
    },
  };
}

/** Two convolutions, each with its norm and a ReLU. */
function twice(filters: number, norm: boolean): Part[] {
  return [1, 2].flatMap((index): Part[] => [
    [`conv${index}`, conv2d(filters, 3, { padding: "same", bias: !norm, initial: heNormal })],
    ...(norm ? [[`norm${index}`, batchNorm()] as const] : []),
    [`relu${index}`, relu()],
  ]);
}

function check(options: UnetOptions): void {
  checkOptions("unet", options, ["input", "classes", "depth", "width", "norm", "seed"]);
  const { input, classes, depth = 4, width = 64, norm = true } = options;
  requireImage("unet", input);
  positiveInteger("unet: classes", classes);
  positiveInteger("unet: depth", depth);
  positiveInteger("unet: width", width);
  trueOrFalse("unet: norm", norm);
  if (input[0] % 2 ** depth === 0 && input[1] % 2 ** depth === 0) return;
  const expected = `a height and a width that ${2 ** depth} divides, because ${depth} levels halve them`;
  throw new ValueError({
    what: "unet: input",
    expected,
    got: show(input),
    hint: "Pad the images, or take fewer levels.",
  });
}
