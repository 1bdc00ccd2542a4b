import { host } from "../../door.js";
import { InterruptedError, ValueError } from "../../errors.js";
import { checkOptions, finiteNumber, positiveInteger, show } from "../../tensor/arguments.js";
import type { Model } from "../module.js";
import { type EndOptions, vocabOf } from "./generate.js";
import { requireFinite } from "./sampling.js";
import { Scores } from "./scores.js";
import { type TextCodec, tokensOf } from "./text-codec.js";

/** What {@link beamSearch} takes. */
export interface BeamSearchOptions extends Pick<EndOptions, "length" | "end"> {
  /** The text to go on from; at least one token. */
  readonly prompt: string;
  /** How many beginnings are kept. Default 4. */
  readonly beams?: number;
  /** {@link Beam.score} is divided by the number of tokens to this power: above 0 favours long texts. Default 1. */
  readonly lengthPenalty?: number;
}

/** One of the texts that {@link beamSearch} found. */
export interface Beam {
  /** The prompt and what was added, without the end token. */
  readonly text: string;
  /** What was added, with the end token where there is one. */
  readonly tokens: readonly number[];
  /** The logarithm of what the model gives it, in nats. */
  readonly logProbability: number;
  /** `logProbability / tokens.length ** lengthPenalty`. */
  readonly score: number;
}

const known = ["prompt", "length", "end", "beams", "lengthPenalty"];

/**
 * The likeliest texts that a language model ([context] tokens → logits [context, vocab]) adds to a prompt, best first: at each token the
 * `beams` likeliest beginnings are gone on from (Graves 2012, arXiv 1211.3711, section 2.4; lengths weighed as in Hugging Face's
 * `generate`). At most `beams` of them. Throws ValueError, NonFiniteError; InterruptedError when the cell is interrupted.
 */
export async function beamSearch(model: Model, codec: TextCodec, options: BeamSearchOptions): Promise<Beam[]> {
  checkOptions("beamSearch", options, known);
  const { prompt, length = 200, end, beams = 4, lengthPenalty = 1 } = options;
  positiveInteger("beamSearch: length", length);
  positiveInteger("beamSearch: beams", beams);
  finiteNumber("beamSearch: lengthPenalty", lengthPenalty);
  const vocab = vocabOf("beamSearch", model);
  if (end !== undefined && !(Number.isInteger(end) && end >= 0 && end < vocab)) {
    throw new ValueError({ what: "beamSearch: end", expected: `a token from 0 to ${vocab - 1}`, got: show(end) });
  }
  const start = tokensOf("beamSearch", prompt, codec, vocab);
  const scores = new Scores(model);
  try {
    const found = await search(
      (texts) => scores.after(texts.map((tokens) => [...start, ...tokens])),
      (places) => scores.choose(places),
      { length, end, beams, lengthPenalty },
    );
    return found.map(({ tokens, logProbability, score }) => {
      const text = prompt + codec.decode(tokens.at(-1) === end ? tokens.slice(0, -1) : tokens);
      return { text, tokens, logProbability, score };
    });
  } finally {
    scores.end();
  }
}

/** A beginning. */
interface Hypothesis {
  readonly tokens: readonly number[];
  readonly logProbability: number;
}

/** How {@link search} goes. */
export interface SearchPlan {
  readonly length: number;
  readonly end: number | undefined;
  readonly beams: number;
  readonly lengthPenalty: number;
}

/**
 * Beam search over whatever gives logits: `logitsAfter` of the tokens of each beginning; `choose`: the next ones go on from these. Best
 * first.
 */
export async function search(
  logitsAfter: (texts: readonly (readonly number[])[]) => Promise<readonly ArrayLike<number>[]>,
  choose: (places: readonly number[]) => void,
  { length, end, beams, lengthPenalty }: SearchPlan,
): Promise<Omit<Beam, "text">[]> {
  const rate = ({ tokens, logProbability }: Hypothesis) => logProbability / tokens.length ** lengthPenalty;
  const scored = (one: Hypothesis) => ({ ...one, score: rate(one) });
  const finished: ReturnType<typeof scored>[] = [];
  const signal = host()?.signal;
  let alive: readonly Hypothesis[] = [{ tokens: [], logProbability: 0 }];
  for (let made = 0; made < length; made++) {
    if (signal?.aborted) {
      const got = `${made} before the interrupt`;
      throw new InterruptedError({ what: "beamSearch", expected: `${length} tokens`, got });
    }
    const logits = await logitsAfter(alive.map(({ tokens }) => tokens));
    // Twice as many, because the better half may all end here.
    const next = continuations(alive, logits, 2 * beams);
    const ends = (token: number | undefined) => token !== undefined && token === end;
    finished.push(
      ...next
        .slice(0, beams)
        .filter(({ token }) => ends(token))
        .map(({ hypothesis }) => scored(hypothesis)),
    );
    finished.sort((a, b) => b.score - a.score).splice(beams);
    const going = next.filter(({ token }) => !ends(token)).slice(0, beams);
    alive = going.map(({ hypothesis }) => hypothesis);
    if (alive.length === 0 || isSettled(finished, alive, { length, end, beams, lengthPenalty })) break;
    choose(going.map(({ parent }) => parent));
    await new Promise((resume) => setImmediate(resume));
  }
  const cut = alive.filter(({ tokens }) => tokens.length === length).map(scored);
  return [...finished, ...cut].sort((a, b) => b.score - a.score).slice(0, beams);
}

/** Whether no beginning can become better than the worst of enough finished texts. */
function isSettled(
  finished: readonly { readonly score: number }[],
  alive: readonly Hypothesis[],
  { length, beams, lengthPenalty }: SearchPlan,
): boolean {
  if (finished.length < beams) return false;
  const best = Math.max(...alive.map(({ logProbability }) => logProbability));
  // A logarithm only falls; what it is divided by is largest at the end.
  const most =
    lengthPenalty > 0 ? best / length ** lengthPenalty : best / (alive[0]!.tokens.length + 1) ** lengthPenalty;
  return most <= finished.at(-1)!.score;
}

interface Continuation {
  readonly parent: number;
  readonly token: number;
  readonly hypothesis: Hypothesis;
}

/** The `most` likeliest ways to go on by one token, best first. */
function continuations(
  alive: readonly Hypothesis[],
  logits: readonly ArrayLike<number>[],
  most: number,
): readonly Continuation[] {
  const all = alive.flatMap(({ tokens, logProbability }, parent) => {
    const row = Array.from(logits[parent]!);
    requireFinite("beamSearch", row);
    const rest = logSumExp(row);
    const best = row.map((score, token) => ({ score, token })).sort((a, b) => b.score - a.score);
    return best.slice(0, most).map(({ score, token }): Continuation => {
      const hypothesis = { tokens: [...tokens, token], logProbability: logProbability + score - rest };
      return { parent, token, hypothesis };
    });
  });
  return all.sort((a, b) => b.hypothesis.logProbability - a.hypothesis.logProbability).slice(0, most);
}

function logSumExp(values: readonly number[]): number {
  const most = values.reduce((a, b) => Math.max(a, b));
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
