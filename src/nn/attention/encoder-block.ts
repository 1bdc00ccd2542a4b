import { callText, type given, type Layer, makeLayer, type yields } from "../layer.js";
import type { AttentionOutput } from "./attention.js";
import { type BlockOptions, buildBlock, checkBlock } from "./block.js";

/** What {@link encoderBlock} takes besides the number of heads. */
export interface EncoderBlockOptions extends BlockOptions {}

/** The type of `encoderBlock(heads, options)`. */
export interface EncoderBlock<Heads extends number, Options = object> extends Layer {
  readonly [yields]: AttentionOutput<"encoderBlock", this[typeof given], Heads, Options>;
}

/** What {@link encoderBlock} is where its options do not say. */
export const encoderDefaults = { causal: false, norm: "post", activation: "relu" } as const;

/**
 * Attention that looks both ways and an MLP (dense, ReLU, dense), each added to what came in, with a layerNorm behind (post-LN,
 * arXiv 1706.03762; PyTorch's TransformerEncoderLayer): [time, width] → [time, width]. Dropout acts on the attention weights and
 * on both additions. Captured as `PATH.attention`: the attention weights [batch, heads, query, key]. Throws ValueError.
 */
export function encoderBlock<const Heads extends number, const Options extends EncoderBlockOptions = object>(
  heads: Heads,
  options?: Options & EncoderBlockOptions,
): EncoderBlock<Heads, Options> {
  const given: EncoderBlockOptions = options ?? {};
  checkBlock("encoderBlock", heads, given);
  return makeLayer<EncoderBlock<Heads, Options>>({
    label: callText("encoderBlock", [heads], given),
    build: (input, scope) => buildBlock("encoderBlock", input, heads, scope, { ...encoderDefaults, ...given }),
  });
}
