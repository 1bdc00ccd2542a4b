import { DataError } from "../../errors.js";
import { checkOptions, oneOf, positiveInteger, trueOrFalse } from "../../tensor/arguments.js";
import { tokenize13a } from "./tokenize-13a.js";

/** A text, or its tokens. */
export type Sentence = string | readonly (string | number)[];

/** What {@link bleuScore} takes. */
export interface BleuOptions {
  /** The longest sequences of tokens that are compared. Default 4. */
  readonly order?: number;
  /** "exp" (default): halves the precision again for each order without a match. "none": one such order makes it 0. */
  readonly smoothing?: "exp" | "none";
  /** Whether capitals and small letters are alike. Default false. */
  readonly lowercase?: boolean;
}

/** Checks options of BLEU. Throws ValueError. */
export function checkBleu(what: string, options: BleuOptions, more: readonly string[] = []): void {
  checkOptions(what, options, ["order", "smoothing", "lowercase", ...more]);
  positiveInteger(`${what}: order`, options.order ?? 4);
  oneOf(`${what}: smoothing`, options.smoothing ?? "exp", ["exp", "none"]);
  trueOrFalse(`${what}: lowercase`, options.lowercase ?? false);
}

/**
 * BLEU of a whole corpus, 0 … 100 (Papineni et al. 2002), as sacrebleu's `corpus_bleu`: texts are split as its tokenizer "13a" does, lists
 * of tokens are taken as they are. `references` has a list for each hypothesis, of one sentence or more. Throws DataError where
 * there are none, or not equally many of both.
 */
export function bleuScore(
  hypotheses: readonly Sentence[],
  references: readonly (readonly Sentence[])[],
  options: BleuOptions = {},
): number {
  checkBleu("bleuScore", options);
  const { order = 4, smoothing = "exp", lowercase = false } = options;
  const fits = references.every((list) => Array.isArray(list) && list.length > 0);
  if (hypotheses.length !== references.length || hypotheses.length === 0 || !fits) {
    const got = `${hypotheses.length} hypotheses and ${references.length} references`;
    throw new DataError({
      what: "bleuScore",
      expected: "a list of references for each hypothesis, and at least one",
      got,
    });
  }
  const split = (sentence: Sentence) => tokens(sentence, lowercase);
  const [matches, totals] = [new Array<number>(order).fill(0), new Array<number>(order).fill(0)];
  let [length, expected] = [0, 0];
  hypotheses.forEach((hypothesis, at) => {
    const said = split(hypothesis);
    const wanted = references[at]!.map(split);
    length += said.length;
    expected += nearestLength(said.length, wanted);
    for (let n = 1; n <= order; n++) {
      const most = new Map<string, number>();
      for (const one of wanted) {
        for (const [gram, count] of grams(one, n)) most.set(gram, Math.max(count, most.get(gram) ?? 0));
      }
      for (const [gram, count] of grams(said, n)) matches[n - 1]! += Math.min(count, most.get(gram) ?? 0);
      totals[n - 1]! += Math.max(0, said.length - n + 1);
    }
  });
  return combined(matches, totals, smoothing) * brevity(length, expected);
}

/** 100 × the geometric mean of the precisions. */
function combined(matches: readonly number[], totals: readonly number[], smoothing: "exp" | "none"): number {
  if (matches.every((count) => count === 0)) return 0;
  let missing = 1;
  let logarithms = 0;
  for (let n = 0; n < matches.length; n++) {
    if (matches[n] === 0) {
      if (smoothing === "none" || totals[n] === 0) return 0;
      missing *= 2;
    }
    logarithms += Math.log((matches[n] || 1 / missing) / totals[n]!);
  }
  return 100 * Math.exp(logarithms / matches.length);
}

/** What is taken off for being short. */
function brevity(length: number, expected: number): number {
  return length < expected ? Math.exp(1 - expected / length) : 1;
}

function tokens(sentence: Sentence, lowercase: boolean): string[] {
  if (typeof sentence === "string") return tokenize13a(lowercase ? sentence.toLowerCase() : sentence);
  return sentence.map((token) => (lowercase ? String(token).toLowerCase() : String(token)));
}

/** The length of the reference that is nearest, the shorter one of two. */
function nearestLength(length: number, references: readonly (readonly string[])[]): number {
  return references
    .map((reference) => reference.length)
    .reduce((best, next) => {
      const [old, now] = [Math.abs(best - length), Math.abs(next - length)];
      return now < old || (now === old && next < best) ? next : best;
    });
}

/** How often each sequence of n tokens stands there. */
function grams(tokens: readonly string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= tokens.length; at++) {
    const gram = tokens.slice(at, at + n).join("\u0000");
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}
