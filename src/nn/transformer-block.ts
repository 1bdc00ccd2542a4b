import { positiveInteger } from "../tensor/arguments.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { type AttentionOptions, type AttentionOutput, buildAttention, checkAttention } from "./attention.js";
import { buildDense } from "./dense.js";
import { dropper } from "./dropout.js";
import { exactGelu } from "./gelu.js";
import { glorotUniform, type Initial } from "./initial.js";
import { type Built, callText, type given, type Layer, makeLayer, type yields } from "./layer.js";
import { buildLayerNorm } from "./layer-norm.js";
import type { Scope } from "./scope.js";

/** What {@link transformerBlock} takes besides the number of heads. */
export interface TransformerBlockOptions extends AttentionOptions {
  /** How many times wider than the block the hidden layer of its MLP is. Default 4. */
  readonly expansion?: number;
}

/** The type of `transformerBlock(heads)`. */
export interface TransformerBlock<Heads extends number> extends Layer {
  readonly [yields]: AttentionOutput<"transformerBlock", this[typeof given], Heads>;
}

/**
 * Attention and an MLP (dense, GELU, dense), each behind a layerNorm and added to what came in (pre-LN, arXiv 2002.04745):
 * [time, width] → [time, width]. Dropout acts on the attention weights and on both additions. Captured as `PATH.attention`:
 * the attention weights [batch, heads, query, key]. Throws ValueError.
 */
export function transformerBlock<const Heads extends number>(
  heads: Heads,
  options: TransformerBlockOptions = {},
): TransformerBlock<Heads> {
  checkAttention("transformerBlock", heads, options, ["causal", "dropout", "expansion"]);
  positiveInteger("transformerBlock: expansion", options.expansion ?? 4);
  return makeLayer<TransformerBlock<Heads>>({
    label: callText("transformerBlock", [heads], options),
    build: (input, scope) => buildTransformerBlock(input, heads, scope, options),
  });
}

/**
 * {@link transformerBlock} for models made of it, which choose their own first weights: `initial` for all, `exitInitial` for
 * the two that end in an addition.
 */
export function buildTransformerBlock(
  input: Shape,
  heads: number,
  scope: Scope,
  options: TransformerBlockOptions & { initial?: Initial; exitInitial?: Initial },
): Built {
  const { dropout = 0, expansion = 4, initial = glorotUniform, exitInitial = initial } = options;
  const norm1 = buildLayerNorm(input, scope.at("norm1"));
  const attention = buildAttention("transformerBlock", input, heads, scope.at("attention"), {
    ...options,
    projectionInitial: exitInitial,
  });
  const width = input[1]!;
  const norm2 = buildLayerNorm(input, scope.at("norm2"));
  const widen = buildDense(input, expansion * width, scope.at("mlp.widen"), { initial });
  const narrow = buildDense(widen.output, width, scope.at("mlp.narrow"), { initial: exitInitial });
  const dropAttended = dropper(dropout, scope.at("attention.projection"));
  const dropNarrowed = dropper(dropout, scope.at("mlp.narrow"));
  const parts = [norm1, attention, norm2, widen, narrow];
  return {
    output: input,
    causal: attention.causal === true,
    flops: parts.reduce((sum, part) => sum + part.flops, sizeOf(widen.output) * 5 + sizeOf(input) * 2),
    forward(x, context) {
      const attended = attention.forward(norm1.forward(x, context), context);
      const middle = x.add(dropAttended(attended, context));
      const hidden = exactGelu(widen.forward(norm2.forward(middle, context), context));
      return middle.add(dropNarrowed(narrow.forward(hidden, context), context));
    },
  };
}
