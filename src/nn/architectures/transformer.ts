import { checkOptions, numberIn, oneOf, positiveInteger } from "../../tensor/arguments.js";
import type { Sum } from "../../tensor/arithmetic.js";
import type { Shape } from "../../tensor/shape.js";
import {
  type BlockParts,
  blockPartNames,
  buildBlock,
  checkBlockParts,
  checkHeadWidth,
  pick,
} from "../attention/block.js";
import { decoderDefaults } from "../attention/decoder-block.js";
import { encoderDefaults } from "../attention/encoder-block.js";
import { buildPositions, buildSinusoids, type PositionsKind } from "../attention/positions.js";
import { buildDense } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { buildEmbedding } from "../embedding.js";
import { normal } from "../initializers/initial.js";
import { type Built, callText } from "../layer.js";
import type { Model } from "../module.js";
import { buildLayerNorm } from "../normalization/layer-norm.js";
import { buildRmsNorm } from "../normalization/rms-norm.js";
import type { Scope } from "../scope.js";
import { type Buildable, named } from "../stack.js";
import { pairNetwork } from "./encoder-decoder.js";

/** The sizes of a {@link transformer}. */
export interface TransformerOptions<
  TargetVocab extends number = number,
  Source extends number = number,
  Target extends number = number,
> extends BlockParts {
  /** Number of different tokens of a source; 0 is padding. */
  readonly sourceVocab: number;
  /** Number of different tokens of a target. */
  readonly targetVocab: TargetVocab;
  /** Tokens of a source, padding included. */
  readonly source: Source;
  /** Tokens of a target. */
  readonly target: Target;
  /** Numbers that stand for one token inside. `heads` must divide it. */
  readonly width: number;
  readonly heads: number;
  /** Number of blocks of the encoder, and of the decoder. */
  readonly layers: number;
  /** The share of values dropped in training. Default 0. */
  readonly dropout?: number;
  /** Default "sinusoidal". */
  readonly positions?: PositionsKind;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

const sizes = ["sourceVocab", "targetVocab", "source", "target", "width", "heads", "layers"] as const;

/**
 * The encoder and decoder of "Attention Is All You Need" (arXiv 1706.03762), e.g. to translate: embeddings × √width and sinusoidal
 * positions, post-LN blocks with ReLU, an output head. One example is a source and a target, the latter one token behind what it
 * is to give: [source + target] (int32) → logits [target, targetVocab]. Token 0 of the source is padding. With `norm: "pre"` either
 * half ends in a norm. First weights: Glorot uniform; of embeddings, normal with deviation 1 / √width. Captured: `encoder.blocks.N.attention`,
 * `decoder.blocks.N.attention` and `decoder.blocks.N.cross`. Throws ValueError, MemoryError.
 */
export function transformer<const TargetVocab extends number, const Source extends number, const Target extends number>(
  options: TransformerOptions<TargetVocab, Source, Target>,
): Model<[Sum<Source, Target>], [Target, TargetVocab]> {
  check(options);
  const { targetVocab } = options;
  const head = named("head", `dense(${targetVocab})`, (input, scope) => buildDense(input, targetVocab, scope));
  return pairNetwork("transformer", options, half(options, options.sourceVocab, "encoderBlock"), [
    ...half(options, targetVocab, "decoderBlock"),
    head,
  ]);
}

/** What encoder and decoder have in common. */
function half(
  options: TransformerOptions,
  vocab: number,
  block: "encoderBlock" | "decoderBlock",
): (readonly [string, Buildable])[] {
  const { width, heads, layers, dropout: rate = 0, positions = "sinusoidal" } = options;
  const defaults = block === "encoderBlock" ? encoderDefaults : decoderDefaults;
  const written = pick(options, blockPartNames);
  const plan = { ...defaults, ...written, dropout: rate };
  return [
    named("tokens", `embedding(${vocab}, ${width})`, (input, scope) =>
      buildScaledEmbedding(input, vocab, width, scope, block === "encoderBlock"),
    ),
    named("positions", `positions({ kind: "${positions}" })`, (input, scope) =>
      positions === "learned" ? buildPositions(input, scope, normal(width ** -0.5)) : buildSinusoids(input, scope),
    ),
    ...(rate > 0 ? [["dropout", dropout(rate)] as const] : []),
    ...Array.from({ length: layers }, (_, index) =>
      named(`blocks.${index}`, callText(block, [heads], written), (input, scope) =>
        buildBlock(block, input, heads, scope, plan),
      ),
    ),
    ...(options.norm === "pre"
      ? [
          options.normalization === "rms"
            ? named("norm", "rmsNorm()", buildRmsNorm)
            : named("norm", "layerNorm()", buildLayerNorm),
        ]
      : []),
  ];
}

/** An embedding × √width, so that positions between −1 and 1 do not drown it. */
function buildScaledEmbedding(input: Shape, vocab: number, width: number, scope: Scope, maskZero: boolean): Built {
  const built = buildEmbedding(input, vocab, width, scope, normal(width ** -0.5), { maskZero });
  const { masked } = built;
  const factor = Math.sqrt(width);
  return {
    ...built,
    forward: (x, context) => built.forward(x, context).mul(factor),
    ...(masked && {
      masked(x, context) {
        const { value, mask } = masked(x, context);
        return { value: value.mul(factor), mask };
      },
    }),
  };
}

function check(options: TransformerOptions): void {
  checkOptions("transformer", options, [...sizes, ...blockPartNames, "dropout", "positions", "seed"]);
  for (const name of sizes) positiveInteger(`transformer: ${name}`, options[name]);
  numberIn("transformer: dropout", options.dropout ?? 0, 0, 1);
  oneOf("transformer: positions", options.positions ?? "sinusoidal", ["learned", "sinusoidal"]);
  checkBlockParts("transformer", options);
  checkHeadWidth("transformer", options.width, options.heads);
}
