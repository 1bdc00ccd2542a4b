import { ValueError } from "../../errors.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, numberIn, oneOf, positiveInteger, show } from "../../tensor/arguments.js";
import type { Shape } from "../../tensor/shape.js";
import { buildBlock } from "../attention/block.js";
import { buildPositions } from "../attention/positions.js";
import { buildConv2d } from "../convolution/convolution.js";
import { buildDense } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { constant, normal, truncatedNormal } from "../initializers/initial.js";
import { type Built, callText } from "../layer.js";
import type { Model } from "../module.js";
import { layerNorm } from "../normalization/layer-norm.js";
import type { Scope } from "../scope.js";
import { named } from "../stack.js";
import { assemble, type Part, requireImage } from "./assemble.js";

/** The size of a {@link vit}. */
export interface VitOptions<
  Input extends readonly [number, number, number] = readonly [number, number, number],
  Classes extends number = number,
> {
  /** [height, width, channels] of an image; `patch` must divide height and width. */
  readonly input: Input;
  readonly classes: Classes;
  /** Height and width of a patch: 16 in the paper, 4 is usual for images of 32. */
  readonly patch: number;
  /** Numbers that stand for a patch inside. `heads` must divide it. */
  readonly width: number;
  readonly heads: number;
  /** Number of transformer blocks. */
  readonly layers: number;
  /** How many times wider than a block the hidden layer of its MLP is. Default 4. */
  readonly expansion?: number;
  /** "class" (default): a token of its own gathers what the head sees. "mean": the mean of all patches (arXiv 2205.01580). */
  readonly pool?: "class" | "mean";
  /** The share of values dropped in training. Default 0. */
  readonly dropout?: number;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * The Vision Transformer of arXiv 2010.11929: an image as a text of patches, learned positions, pre-LN transformer blocks that look both
 * ways, a norm, a head. [height, width, channels] → [classes] logits. First weights normal with deviation 0.02, cut off at two of
 * them, biases and head zero. Captured as `blocks.N.attention`: attention weights [batch, heads, query, key], where the class token,
 * if there is one, is the first of each. Throws ValueError, MemoryError.
 */
export function vit<const Input extends readonly [number, number, number], const Classes extends number>(
  options: VitOptions<Input, Classes>,
): Model<[...Input], [Classes]> {
  check(options);
  const {
    input,
    classes,
    patch,
    width,
    heads,
    layers,
    expansion = 4,
    pool = "class",
    dropout: rate = 0,
    seed,
  } = options;
  const initial = truncatedNormal(0.02);
  const plan = { causal: false, expansion, dropout: rate, initial };
  const parts: Part[] = [
    named("patches", `conv2d(${width}, ${patch}, { stride: ${patch} })`, (image, scope) =>
      buildPatches(image, patch, width, scope),
    ),
    ...(pool === "class" ? [named("token", "class token", buildToken)] : []),
    named("positions", "positions()", (text, scope) => buildPositions(text, scope, normal(0.02))),
    ...(rate > 0 ? [["dropout", dropout(rate)] as const] : []),
    ...Array.from({ length: layers }, (_, index) =>
      named(`blocks.${index}`, callText("encoderBlock", [heads], { norm: "pre", activation: "gelu" }), (text, scope) =>
        buildBlock("vit", text, heads, scope, plan),
      ),
    ),
    ["norm", layerNorm()],
    named("pool", pool === "class" ? "class token" : "mean of the patches", (text) => buildPool(text, pool)),
    named("head", `dense(${classes})`, (text, scope) => buildDense(text, classes, scope, { initial: constant(0) })),
  ];
  return assemble<[...Input], [Classes]>({ name: "vit", input: [...input], seed }, parts);
}

/** [height, width, channels] → [patches, width] */
function buildPatches(input: Shape, patch: number, width: number, scope: Scope): Built {
  const built = buildConv2d(input, width, patch, scope, { stride: patch, initial: truncatedNormal(0.02) });
  const output = [built.output[0]! * built.output[1]!, width];
  return { ...built, output, forward: (x, context) => built.forward(x, context).reshape([x.shape[0]!, ...output]) };
}

/** [patches, width] → [1 + patches, width] */
function buildToken(input: Shape, scope: Scope): Built {
  const [patches, width] = input as readonly [number, number];
  const token = scope.weight("weight", [1, width], normal(0.02), { kind: "table" });
  return {
    output: [patches + 1, width],
    flops: 0,
    forward: (x) => tf.concat([token.value.expandDims(0).tile([x.shape[0]!, 1, 1]), x], 1),
  };
}

/** [tokens, width] → [width] */
function buildPool(input: Shape, pool: "class" | "mean"): Built {
  const width = input[1]!;
  return {
    output: [width],
    flops: pool === "class" ? 0 : input[0]! * width,
    forward: (x) => (pool === "mean" ? x.mean(1) : x.slice([0, 0, 0], [-1, 1, -1]).reshape([x.shape[0]!, width])),
  };
}

function check(options: VitOptions): void {
  const sizes = ["classes", "patch", "width", "heads", "layers"] as const;
  checkOptions("vit", options, ["input", ...sizes, "expansion", "pool", "dropout", "seed"]);
  const { input, patch, width, heads, expansion = 4, pool = "class", dropout: rate = 0 } = options;
  requireImage("vit", input);
  for (const name of sizes) positiveInteger(`vit: ${name}`, options[name]);
  positiveInteger("vit: expansion", expansion);
  oneOf("vit: pool", pool, ["class", "mean"]);
  numberIn("vit: dropout", rate, 0, 1);
  if (input[0] % patch !== 0 || input[1] % patch !== 0) {
    const expected = `a number that divides height ${input[0]} and width ${input[1]}`;
    throw new ValueError({ what: "vit: patch", expected, got: show(patch) });
  }
  if (width % heads === 0) return;
  throw new ValueError({ what: "vit: width", expected: `a number that ${heads} heads divide`, got: show(width) });
}
