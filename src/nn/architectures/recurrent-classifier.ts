import { ValueError } from "../../errors.js";
import { checkOptions, numberIn, oneOf, positiveInteger, show, trueOrFalse } from "../../tensor/arguments.js";
import { dense } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { embedding } from "../embedding.js";
import type { Model } from "../module.js";
import { bidirectional } from "../recurrent/bidirectional.js";
import { assemble, type Part, requireSizes } from "./assemble.js";
import { type RecurrentKind, recurrentKinds, recurrentOf } from "./recurrent-kinds.js";

/** The size of a {@link recurrentClassifier}. */
export interface RecurrentClassifierOptions<
  Input extends readonly [number] | readonly [number, number] = readonly [number] | readonly [number, number],
  Classes extends number = number,
> {
  /** [time, features] of a series, or [time] tokens, of which there are `vocab`. */
  readonly input: Input;
  readonly classes: Classes;
  /** Number of different tokens; 0 is padding, which is left out. Only for tokens. */
  readonly vocab?: number;
  readonly units: number;
  /** Recurrent layers, one on the other. Default 1. */
  readonly layers?: number;
  /** Default "lstm". */
  readonly kind?: RecurrentKind;
  /** Read it backwards, too. Default false. */
  readonly bidirectional?: boolean;
  /** The share of values dropped in training, between layers and before the head. Default 0. */
  readonly dropout?: number;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * What a text or a series is: recurrent layers read it to its end, and a head looks at the last state. [time, features] or [time] tokens
 * (int32) → [classes] logits. Throws ValueError, MemoryError.
 */
export function recurrentClassifier<
  const Input extends readonly [number] | readonly [number, number],
  const Classes extends number,
>(options: RecurrentClassifierOptions<Input, Classes>): Model<[...Input], [Classes]> {
  check(options);
  const { input, classes, vocab, units, layers = 1, kind = "lstm", dropout: rate = 0, seed } = options;
  const reader = recurrentOf(kind, units, { layers, ...(layers > 1 && { dropout: rate }) });
  const parts: Part[] = [
    ...(vocab === undefined ? [] : [["tokens", embedding(vocab, units, { maskZero: true })] as const]),
    [kind, options.bidirectional === true ? bidirectional(reader) : reader],
    ...(rate > 0 ? [["dropout", dropout(rate)] as const] : []),
    ["head", dense(classes)],
  ];
  const dtype = vocab === undefined ? "float32" : "int32";
  const plan = { name: "recurrentClassifier", input: [...input] as [...Input], dtype, seed } as const;
  return assemble<[...Input], [Classes]>(plan, parts);
}

const known = ["input", "classes", "vocab", "units", "layers", "kind", "bidirectional", "dropout", "seed"];

function check(options: RecurrentClassifierOptions): void {
  const what = "recurrentClassifier";
  checkOptions(what, options, known);
  const { input, vocab, layers = 1, kind = "lstm", bidirectional: both = false, dropout: rate = 0 } = options;
  requireSizes(what, { ...options, layers }, ["classes", "units", "layers"]);
  const axes = vocab === undefined ? 2 : 1;
  if (!Array.isArray(input) || input.length !== axes) {
    const expected = vocab === undefined ? "[time, features]" : "[time], because there is a vocab";
    const hint = vocab === undefined ? "For tokens, say how many there are: vocab." : "Leave vocab out for a series.";
    throw new ValueError({ what: `${what}: input`, expected, got: show(input), hint });
  }
  input.forEach((size, axis) => {
    positiveInteger(`${what}: input, axis ${axis}`, size);
  });
  if (vocab !== undefined) positiveInteger(`${what}: vocab`, vocab);
  oneOf(`${what}: kind`, kind, recurrentKinds);
  trueOrFalse(`${what}: bidirectional`, both);
  numberIn(`${what}: dropout`, rate, 0, 1);
}
