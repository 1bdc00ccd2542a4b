import { callText, type given, type Layer, makeLayer, type yields } from "../layer.js";
import type { AttentionOutput } from "./attention.js";
import { type BlockOptions, buildBlock, checkBlock } from "./block.js";

/** What {@link transformerBlock} takes besides the number of heads. */
export interface TransformerBlockOptions extends BlockOptions {}

/** The type of `transformerBlock(heads, options)`. */
export interface TransformerBlock<Heads extends number, Options = object> extends Layer {
  readonly [yields]: AttentionOutput<"transformerBlock", this[typeof given], Heads, Options>;
}

/**
 * Attention and an MLP (dense, GELU, dense), each behind a layerNorm and added to what came in (pre-LN, arXiv 2002.04745):
 * [time, width] → [time, width]. Dropout acts on the attention weights and on both additions. `{ rotary: true, normalization:
 * "rms", activation: "swiglu" }` is a block of LLaMA (arXiv 2302.13971). Captured as `PATH.attention`: the attention weights
 * [batch, heads, query, key]. Throws ValueError.
 */
export function transformerBlock<const Heads extends number, const Options extends TransformerBlockOptions = object>(
  heads: Heads,
  options?: Options & TransformerBlockOptions,
): TransformerBlock<Heads, Options> {
  const given: TransformerBlockOptions = options ?? {};
  checkBlock("transformerBlock", heads, given);
  return makeLayer<TransformerBlock<Heads, Options>>({
    label: callText("transformerBlock", [heads], given),
    build: (input, scope) => buildBlock("transformerBlock", input, heads, scope, given),
  });
}
