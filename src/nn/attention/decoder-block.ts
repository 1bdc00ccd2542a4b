import { callText, type given, type Layer, makeLayer, type recalls, type yields } from "../layer.js";
import type { AttentionOutput } from "./attention.js";
import { type BlockOptions, buildBlock, checkBlock } from "./block.js";
import type { Recalling } from "./cross-attention.js";

/** What {@link decoderBlock} takes besides the number of heads. */
export interface DecoderBlockOptions extends BlockOptions {}

/** The type of `decoderBlock(heads, options)`. */
export interface DecoderBlock<Heads extends number, Options = object> extends Layer {
  readonly [yields]: Recalling<
    "decoderBlock",
    this[typeof recalls],
    AttentionOutput<"decoderBlock", this[typeof given], Heads, Options>
  >;
}

/** What {@link decoderBlock} is where its options do not say. */
export const decoderDefaults = { norm: "post", activation: "relu", cross: true } as const;

/**
 * Causal attention, attention to what the encoder made, and an MLP (dense, ReLU, dense), each added to what came in, with a
 * layerNorm behind (post-LN, arXiv 1706.03762; PyTorch's TransformerDecoderLayer), in the decoder of an `encoderDecoder`: [time,
 * width] → [time, width]. Dropout acts on the attention weights and on the additions. Captured as `PATH.attention` and
 * `PATH.cross`: the attention weights [batch, heads, query, key]. Throws ValueError.
 */
export function decoderBlock<const Heads extends number, const Options extends DecoderBlockOptions = object>(
  heads: Heads,
  options?: Options & DecoderBlockOptions,
): DecoderBlock<Heads, Options> {
  const given: DecoderBlockOptions = options ?? {};
  checkBlock("decoderBlock", heads, given);
  return makeLayer<DecoderBlock<Heads, Options>>({
    label: callText("decoderBlock", [heads], given),
    build: (input, scope) => buildBlock("decoderBlock", input, heads, scope, { ...decoderDefaults, ...given }),
  });
}
