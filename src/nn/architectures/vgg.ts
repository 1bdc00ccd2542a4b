import { ValueError } from "../../errors.js";
import { checkOptions, numberIn, positiveInteger, show, trueOrFalse } from "../../tensor/arguments.js";
import { relu } from "../activations/relu.js";
import { conv2d } from "../convolution/convolution.js";
import { maxPool2d } from "../convolution/pool.js";
import { dense } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { flatten } from "../flatten.js";
import { heNormal } from "../initializers/initial.js";
import type { Model } from "../module.js";
import { batchNorm } from "../normalization/batch-norm.js";
import { assemble, type Part, requireImage } from "./assemble.js";

/** Convolutions in each of the five stages (arXiv 1409.1556, table 1: columns A, B, D and E). */
const stages = { 11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4] } as const;

/** The size of a {@link vgg}. */
export interface VggOptions<
  Input extends readonly [number, number, number] = readonly [number, number, number],
  Classes extends number = number,
> {
  /** Layers with weights, with two hidden dense ones. */
  readonly depth: keyof typeof stages;
  /** [height, width, channels] of an image: [224, 224, 3] in the paper; at least 32 high and wide. */
  readonly input: Input;
  readonly classes: Classes;
  /** Filters of the first stage; they double three times. Default 64. */
  readonly width?: number;
  /** Units of the hidden dense layers. Default [4096, 4096]; `[]` is usual for small images. */
  readonly hidden?: readonly number[];
  /** A batchNorm behind each convolution (arXiv 1502.03167), later than the paper. Default false. */
  readonly norm?: boolean;
  /** The share of hidden values dropped in training. Default 0.5. */
  readonly dropout?: number;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * The network of arXiv 1409.1556: five stages of 3 × 3 convolutions with ReLU, each ended by a max pool that halves the image, and dense
 * layers. [height, width, channels] → [classes] logits. First weights of convolutions He normal. Throws ValueError, MemoryError.
 */
export function vgg<const Input extends readonly [number, number, number], const Classes extends number>(
  options: VggOptions<Input, Classes>,
): Model<[...Input], [Classes]> {
  check(options);
  const { depth, input, classes, width = 64, hidden = [4096, 4096], norm = false, dropout: rate = 0.5, seed } = options;
  const convolutions = stages[depth].flatMap((count, stage): Part[] => {
    const filters = width * 2 ** Math.min(stage, 3);
    const layers = Array.from({ length: count }, (_, index): Part[] => [
      [`stages.${stage}.${index}.conv`, conv2d(filters, 3, { padding: "same", initial: heNormal })],
      ...(norm ? [[`stages.${stage}.${index}.norm`, batchNorm()] as const] : []),
      [`stages.${stage}.${index}.relu`, relu()],
    ]);
    return [...layers.flat(), [`stages.${stage}.pool`, maxPool2d(2)]];
  });
  const denses = hidden.flatMap((units, index): Part[] => [
    [`hidden.${index}`, dense(units, { initial: heNormal })],
    [`relu.${index}`, relu()],
    ...(rate > 0 ? [[`dropout.${index}`, dropout(rate)] as const] : []),
  ]);
  return assemble<[...Input], [Classes]>({ name: "vgg", input: [...input], seed }, [
    ...convolutions,
    ["flatten", flatten()],
    ...denses,
    ["head", dense(classes)],
  ]);
}

function check(options: VggOptions): void {
  checkOptions("vgg", options, ["depth", "input", "classes", "width", "hidden", "norm", "dropout", "seed"]);
  const { depth, input, classes, width = 64, hidden = [], norm = false, dropout: rate = 0.5 } = options;
  if (stages[depth] === undefined) {
    throw new ValueError({ what: "vgg: depth", expected: "11, 13, 16 or 19", got: show(depth) });
  }
  requireImage("vgg", input);
  if (Math.min(input[0], input[1]) < 32) {
    const hint = "Each of the five stages halves it.";
    throw new ValueError({
      what: "vgg: input",
      expected: "an image at least 32 high and wide",
      got: show(input),
      hint,
    });
  }
  positiveInteger("vgg: classes", classes);
  positiveInteger("vgg: width", width);
  if (!Array.isArray(hidden))
    throw new ValueError({ what: "vgg: hidden", expected: "a list of units", got: show(hidden) });
  hidden.forEach((units, index) => {
    positiveInteger(`vgg: hidden, number ${index}`, units);
  });
  trueOrFalse("vgg: norm", norm);
  numberIn("vgg: dropout", rate, 0, 1);
}
