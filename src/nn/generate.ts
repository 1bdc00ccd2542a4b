import { host } from "../door.js";
import { InterruptedError, NonFiniteError, ValueError } from "../errors.js";
import { checkOptions, numberIn, positiveInteger, show } from "../tensor/arguments.js";
import { nextSeed, Random } from "../tensor/random.js";
import { type Shape, showShape } from "../tensor/shape.js";
import type { Model } from "./module.js";
import { Scores } from "./scores.js";

/** What {@link generate} needs to know of a tokenizer. */
export interface TextCodec {
  encode(text: string): ArrayLike<number>;
  decode(tokens: ArrayLike<number>): string;
}

/** What {@link generate} takes. */
export interface GenerateOptions {
  /** The text to go on from; at least one token. */
  readonly prompt: string;
  /** How many tokens to add. Default 200. */
  readonly length?: number;
  /** Logits are divided by it: below 1 plays safe, above 1 dares; at 0 the likeliest token is taken. Default 1. */
  readonly temperature?: number;
  /** Draw only from the likeliest so many tokens. Default: from all. */
  readonly topK?: number;
  /** Default: the next of `nn.seed`. */
  readonly seed?: number;
  /** Called with the text of each new token. */
  readonly onToken?: (text: string) => void;
}

/** {@link generate} was stopped. `text` is the prompt and what had been added to it. */
export class GenerateInterruptedError extends InterruptedError {
  constructor(
    readonly text: string,
    made: number,
    length: number,
  ) {
    const hint = "What was generated is in the error's `text`.";
    super({ what: "generate", expected: `${length} tokens`, got: `${made} before the interrupt`, hint });
  }
}

const known = ["prompt", "length", "temperature", "topK", "seed", "onToken"];

/**
 * The prompt and what a language model ([context] tokens → logits [context, vocab]) adds to it, token by token; only the last
 * `context` tokens are seen. Other work runs between tokens. Throws ValueError, NonFiniteError, and
 * {@link GenerateInterruptedError} when the cell is interrupted.
 */
export async function generate(model: Model, tokenizer: TextCodec, options: GenerateOptions): Promise<string> {
  const { prompt, length = 200, temperature = 1, seed = nextSeed(), onToken } = options;
  const vocab = check(model, options);
  const topK = Math.min(options.topK ?? vocab, vocab);
  const tokens = Array.from(tokenizer.encode(prompt));
  if (tokens.length === 0) throw new ValueError({ what: "generate: prompt", expected: "some text", got: show(prompt) });
  const stranger = tokens.find((token) => !(token >= 0 && token < vocab));
  if (stranger !== undefined) {
    const hint = "Use the tokenizer that the model was trained with.";
    throw new ValueError({ what: "generate", expected: `tokens from 0 to ${vocab - 1}`, got: String(stranger), hint });
  }
  const random = new Random(seed, "generate");
  const signal = host()?.signal;
  let text = prompt;
  const scores = new Scores(model);
  try {
    for (let made = 0; made < length; made++) {
      if (signal?.aborted) throw new GenerateInterruptedError(text, made, length);
      const token = sample(await scores.after(tokens), temperature, topK, random);
      tokens.push(token);
      const added = tokenizer.decode([token]);
      text += added;
      onToken?.(added);
      await new Promise((resume) => setImmediate(resume));
    }
  } finally {
    scores.end();
  }
  return text;
}

/** Throws ValueError; returns the size of the vocabulary. */
function check(model: Model, options: GenerateOptions): number {
  checkOptions("generate", options, known);
  positiveInteger("generate: length", options.length ?? 1);
  numberIn("generate: temperature", options.temperature ?? 1, 0);
  positiveInteger("generate: topK", options.topK ?? 1);
  const output: Shape = model.outputShape;
  if (model.inputDtype !== "int32" || model.inputShape.length !== 1 || output.length !== 2) {
    const expected = "a model of [context] tokens to [context, vocab] logits";
    throw new ValueError({
      what: "generate",
      expected,
      got: `${model.name} of ${showShape(model.inputShape)} to ${showShape(output)}`,
    });
  }
  return output[1]!;
}

/** A token drawn from softmax(logits / temperature) among the `topK` likeliest. Exported for its test only. */
export function sample(logits: ArrayLike<number>, temperature: number, topK: number, random: Random): number {
  const ranked = Array.from(logits, (score, token) => ({ score, token })).sort((a, b) => b.score - a.score);
  const best = ranked[0]!.score;
  const strange = ranked.find(({ score }) => !Number.isFinite(score));
  if (strange !== undefined) {
    const hint = "The model's weights have diverged: train it again with a smaller learning rate.";
    throw new NonFiniteError({ what: "generate", expected: "finite logits", got: String(strange.score), hint });
  }
  if (temperature === 0) return ranked[0]!.token;
  const kept = ranked
    .slice(0, topK)
    .map(({ score, token }) => ({ share: Math.exp((score - best) / temperature), token }));
  const total = kept.reduce((sum, { share }) => sum + share, 0);
  let rest = random.uniform() * total;
  for (const { share, token } of kept) {
    rest -= share;
    if (rest < 0) return token;
  }
  return kept[kept.length - 1]!.token;
}
