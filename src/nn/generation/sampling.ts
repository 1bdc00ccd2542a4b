import { NonFiniteError, ValueError } from "../../errors.js";
import { checkOptions, numberIn, positiveInteger, positiveNumber, show } from "../../tensor/arguments.js";
import type { Random } from "../../tensor/random.js";

/** How the next token is drawn from a model's logits. Applied in this order. */
export interface SamplingOptions {
  /**
   * Logits of tokens that the text has already are divided by it where they are above 0, multiplied where below (arXiv 1909.05858,
   * section 4.1). 1.2 is usual. Default 1: not at all.
   */
  readonly repetitionPenalty?: number;
  /** Logits are divided by it: below 1 plays safe, above 1 dares; at 0 the likeliest token is taken. Default 1. */
  readonly temperature?: number;
  /** Draw only from the likeliest so many tokens. Default: from all. */
  readonly topK?: number;
  /** Draw only from the likeliest tokens that together have this probability: the nucleus (arXiv 1904.09751). Default 1: all. */
  readonly topP?: number;
}

/** The names of {@link SamplingOptions}. */
export const samplingNames = ["repetitionPenalty", "temperature", "topK", "topP"] as const;

/** Throws ValueError for what cannot be; `more` are the options beside these. */
export function checkSampling(what: string, options: SamplingOptions, more: readonly string[]): void {
  checkOptions(what, options, [...more, ...samplingNames]);
  const { repetitionPenalty = 1, temperature = 1, topK = 1, topP = 1 } = options;
  positiveNumber(`${what}: repetitionPenalty`, repetitionPenalty);
  numberIn(`${what}: temperature`, temperature, 0);
  positiveInteger(`${what}: topK`, topK);
  if (typeof topP === "number" && topP > 0 && topP <= 1) return;
  throw new ValueError({ what: `${what}: topP`, expected: "a number above 0, at most 1", got: show(topP) });
}

/** A token and its probability. */
export interface Chance {
  readonly token: number;
  readonly share: number;
}

/** What the options leave of softmax(logits), the likeliest first. Throws NonFiniteError. `seen`: the text so far. */
export function chances(logits: ArrayLike<number>, seen: Iterable<number>, options: SamplingOptions): Chance[] {
  const { repetitionPenalty = 1, temperature = 1, topK = logits.length, topP = 1 } = options;
  const scores = Float64Array.from(logits);
  requireFinite("generate", scores);
  if (repetitionPenalty !== 1) {
    for (const token of new Set(seen)) scores[token]! *= scores[token]! > 0 ? 1 / repetitionPenalty : repetitionPenalty;
  }
  const ranked = Array.from(scores, (score, token) => ({ score, token })).sort((a, b) => b.score - a.score);
  const [best] = ranked as [{ score: number; token: number }];
  if (temperature === 0) return [{ token: best.token, share: 1 }];
  const likeliest = ranked.slice(0, topK).map(({ score, token }) => {
    return { token, share: Math.exp((score - best.score) / temperature) };
  });
  return whole(nucleus(whole(likeliest), topP));
}

/** A token drawn from {@link chances}. */
export function sample(
  logits: ArrayLike<number>,
  seen: Iterable<number>,
  options: SamplingOptions,
  random: Random,
): number {
  const all = chances(logits, seen, options);
  if (all.length === 1) return all[0]!.token;
  let rest = random.uniform();
  for (const { share, token } of all) {
    rest -= share;
    if (rest < 0) return token;
  }
  return all.at(-1)!.token;
}

/** Throws NonFiniteError. */
export function requireFinite(what: string, logits: ArrayLike<number>): void {
  const strange = Array.prototype.find.call(logits, (score: number) => !Number.isFinite(score)) as number | undefined;
  if (strange === undefined) return;
  const hint = "The model's weights have diverged: train it again with a smaller learning rate.";
  throw new NonFiniteError({ what, expected: "finite logits", got: String(strange), hint });
}

/** The first of them that have `topP` of all probability together; at least one. */
function nucleus(shares: readonly Chance[], topP: number): readonly Chance[] {
  let sum = 0;
  const last = shares.findIndex(({ share }) => {
    sum += share;
    return sum >= topP;
  });
  return last < 0 ? shares : shares.slice(0, last + 1);
}

/** The same shares of 1. */
function whole(shares: readonly Chance[]): Chance[] {
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  return shares.map(({ token, share }) => ({ token, share: share / total }));
}
