import { checkOptions, numberIn, oneOf } from "../../tensor/arguments.js";
import { dense } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { embedding } from "../embedding.js";
import type { Model } from "../module.js";
import { assemble, type Part, requireSizes } from "./assemble.js";
import { type RecurrentKind, recurrentKinds, recurrentOf } from "./recurrent-kinds.js";

/** The size of a {@link charRnn}. */
export interface CharRnnOptions<Vocab extends number = number, Context extends number = number> {
  /** Number of different tokens. */
  readonly vocab: Vocab;
  /** Tokens that it is trained on at once. */
  readonly context: Context;
  /** Units of each recurrent layer, and numbers that stand for a token. */
  readonly width: number;
  /** Recurrent layers, one on the other. Default 1. */
  readonly layers?: number;
  /** Default "lstm". */
  readonly kind?: RecurrentKind;
  /** The share of values dropped in training, between layers and before the head. Default 0. */
  readonly dropout?: number;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * A recurrent language model of characters, or other tokens (Graves 2013, arXiv 1308.0850; Karpathy's char-rnn): embedding, recurrent
 * layers, a head. [context] tokens (int32; fewer are allowed) → logits [context, vocab]. Throws ValueError, MemoryError.
 */
export function charRnn<const Vocab extends number, const Context extends number>(
  options: CharRnnOptions<Vocab, Context>,
): Model<[Context], [Context, Vocab]> {
  const sizes = ["vocab", "context", "width"] as const;
  checkOptions("charRnn", options, [...sizes, "layers", "kind", "dropout", "seed"]);
  const { vocab, context, width, layers = 1, kind = "lstm", dropout: rate = 0, seed } = options;
  requireSizes("charRnn", { ...options, layers }, [...sizes, "layers"]);
  oneOf("charRnn: kind", kind, recurrentKinds);
  numberIn("charRnn: dropout", rate, 0, 1);
  const stacked = { returnSequences: true, layers, ...(layers > 1 && { dropout: rate }) } as const;
  const parts: Part[] = [
    ["tokens", embedding(vocab, width)],
    [kind, recurrentOf(kind, width, stacked)],
    ...(rate > 0 ? [["dropout", dropout(rate)] as const] : []),
    ["head", dense(vocab)],
  ];
  const plan = { name: "charRnn", input: [context] as [Context], dtype: "int32", shorter: true, seed } as const;
  return assemble<[Context], [Context, Vocab]>(plan, parts);
}
