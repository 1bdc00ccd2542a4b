import { checkOptions, numberIn, oneOf } from "../../tensor/arguments.js";
import type { Sum } from "../../tensor/arithmetic.js";
import { tanh } from "../activations/tanh.js";
import { crossAttention } from "../attention/cross-attention.js";
import { concat } from "../concat.js";
import { dense } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { embedding } from "../embedding.js";
import type { Model } from "../module.js";
import { bidirectional } from "../recurrent/bidirectional.js";
import { type Part, requireSizes } from "./assemble.js";
import { pairNetwork } from "./encoder-decoder.js";
import { type RecurrentKind, recurrentKinds, recurrentOf } from "./recurrent-kinds.js";

/** The size of a {@link seq2seq}. */
export interface Seq2seqOptions<
  TargetVocab extends number = number,
  Source extends number = number,
  Target extends number = number,
> {
  /** Number of different tokens of a source; 0 is padding. */
  readonly sourceVocab: number;
  /** Number of different tokens of a target. */
  readonly targetVocab: TargetVocab;
  /** Tokens of a source, padding included. */
  readonly source: Source;
  /** Tokens of a target. */
  readonly target: Target;
  /** Units of each recurrent layer, and numbers that stand for a token. */
  readonly width: number;
  /** Recurrent layers of encoder and decoder. Default 1. */
  readonly layers?: number;
  /** Default "lstm". */
  readonly kind?: RecurrentKind;
  /** The share of values dropped in training. Default 0. */
  readonly dropout?: number;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * A recurrent encoder and decoder with attention, e.g. to translate (Luong et al., arXiv 1508.04025, global attention; the encoder
 * reads both ways as in arXiv 1409.0473): the decoder's states look at those of the encoder, and what they see and what they are
 * gives the next token. One example is a source and a target, the latter one token behind what it is to give: [source + target]
 * (int32) → logits [target, targetVocab]; `nn.translate` writes. Token 0 of the source is padding. The decoder begins at zero: all that
 * it knows of the source comes by attention. Captured as `decoder.look.1.0`: [batch, 1, target, source]. Throws ValueError, MemoryError.
 */
export function seq2seq<const TargetVocab extends number, const Source extends number, const Target extends number>(
  options: Seq2seqOptions<TargetVocab, Source, Target>,
): Model<[Sum<Source, Target>], [Target, TargetVocab]> {
  const sizes = ["sourceVocab", "targetVocab", "source", "target", "width"] as const;
  checkOptions("seq2seq", options, [...sizes, "layers", "kind", "dropout", "seed"]);
  const { sourceVocab, targetVocab, width, layers = 1, kind = "lstm", dropout: rate = 0 } = options;
  requireSizes("seq2seq", { ...options, layers }, [...sizes, "layers"]);
  oneOf("seq2seq: kind", kind, recurrentKinds);
  numberIn("seq2seq: dropout", rate, 0, 1);
  const recurrent = () =>
    recurrentOf(kind, width, { returnSequences: true, layers, ...(layers > 1 && { dropout: rate }) });
  const dropped = (name: string): Part[] => (rate > 0 ? [[name, dropout(rate)]] : []);
  const encoder: Part[] = [
    ["tokens", embedding(sourceVocab, width, { maskZero: true })],
    ...dropped("dropout"),
    [kind, bidirectional(recurrent())],
  ];
  const decoder: Part[] = [
    ["tokens", embedding(targetVocab, width)],
    ...dropped("dropout1"),
    [kind, recurrent()],
    ["look", concat([], crossAttention(1))],
    ["mix", dense(width)],
    ["tanh", tanh()],
    ...dropped("dropout2"),
    ["head", dense(targetVocab)],
  ];
  return pairNetwork("seq2seq", options, encoder, decoder);
}
