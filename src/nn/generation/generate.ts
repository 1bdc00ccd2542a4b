import { host } from "../../door.js";
import { InterruptedError, ValueError } from "../../errors.js";
import { positiveInteger } from "../../tensor/arguments.js";
import { nextSeed, Random } from "../../tensor/random.js";
import { type Shape, showShape } from "../../tensor/shape.js";
import type { Model } from "../module.js";
import { checkSampling, type SamplingOptions, sample } from "./sampling.js";
import { Scores } from "./scores.js";
import { Spelled } from "./spelled.js";
import { type TextCodec, tokensOf } from "./text-codec.js";

/** How long a text becomes. */
export interface EndOptions {
  /** How many tokens to add at most. Default 200. */
  readonly length?: number;
  /** A token that ends the text; it is left out. */
  readonly end?: number;
  /** A text, or some, that end what is added, e.g. "\n"; they are left out. */
  readonly stop?: string | readonly string[];
}

/** What {@link stream} takes. */
export interface StreamOptions extends EndOptions, SamplingOptions {
  /** The text to go on from; at least one token. */
  readonly prompt: string;
  /** Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/** What {@link generate} takes. */
export interface GenerateOptions<P extends string | readonly string[] = string> extends Omit<StreamOptions, "prompt"> {
  /** The text to go on from; at least one token. Or some texts, which go on side by side. */
  readonly prompt: P;
  /** Called with the text that is new; of several prompts, with the place of the prompt, too. */
  readonly onToken?: (text: string, prompt: number) => void;
}

/** {@link generate} was stopped. `texts` are the prompts and what had been added to them, `text` the first. */
export class GenerateInterruptedError extends InterruptedError {
  constructor(
    readonly texts: readonly string[],
    made: number,
    length: number,
  ) {
    const hint = "What was generated is in the error's `text`.";
    super({ what: "generate", expected: `${length} tokens`, got: `${made} before the interrupt`, hint });
  }

  get text(): string {
    return this.texts[0]!;
  }
}

const known = ["prompt", "length", "end", "stop", "seed"] as const;

/**
 * The prompt and what a language model ([context] tokens → logits [context, vocab]) adds to it, token by token; of several prompts a
 * list. Only the last `context` tokens are seen. Other work runs between tokens. Throws ValueError, NonFiniteError, and
 * {@link GenerateInterruptedError} when the cell is interrupted.
 */
export async function generate<const P extends string | readonly string[]>(
  model: Model,
  tokenizer: TextCodec,
  options: GenerateOptions<P>,
): Promise<P extends string ? string : string[]> {
  const { prompt, onToken, ...rest } = options as GenerateOptions<string | readonly string[]>;
  const prompts = typeof prompt === "string" ? [prompt] : prompt;
  const texts = [...prompts];
  for await (const { text, place } of write("generate", model, tokenizer, prompts, rest)) {
    texts[place] += text;
    onToken?.(text, place);
  }
  return (typeof prompt === "string" ? texts[0]! : texts) as P extends string ? string : string[];
}

/**
 * The same piece by piece, as it comes, without the prompt: `for await (const piece of nn.stream(gpt, moby, { prompt: "Call me" }))
 * process.stdout.write(piece)`. Throws as {@link generate}.
 */
export async function* stream(model: Model, tokenizer: TextCodec, options: StreamOptions): AsyncGenerator<string> {
  const { prompt, ...rest } = options;
  for await (const { text } of write("stream", model, tokenizer, [prompt], rest)) yield text;
}

/** A text that grows. */
interface Text {
  readonly tokens: number[];
  readonly spelled: Spelled;
  readonly random: Random;
  all: string;
  ended: boolean;
}

async function* write(
  what: string,
  model: Model,
  codec: TextCodec,
  prompts: readonly string[],
  options: Omit<StreamOptions, "prompt">,
): AsyncGenerator<{ readonly text: string; readonly place: number }> {
  const { length = 200, end, stop = [], seed = nextSeed() } = options;
  checkSampling(what, options, what === "generate" ? [...known, "onToken"] : known);
  positiveInteger(`${what}: length`, length);
  if (prompts.length === 0) throw new ValueError({ what: `${what}: prompt`, expected: "some prompts", got: "none" });
  const vocab = vocabOf(what, model);
  const stops = typeof stop === "string" ? [stop] : stop;
  const texts = prompts.map((prompt, place): Text => {
    const tokens = tokensOf(what, prompt, codec, vocab);
    // Each has numbers of its own: what becomes of a prompt does not depend on the others.
    const random = new Random(seed, place === 0 ? "generate" : `generate ${place}`);
    return { tokens, spelled: new Spelled(codec, stops), random, all: prompt, ended: false };
  });
  const signal = host()?.signal;
  const scores = new Scores(model);
  try {
    for (let made = 0; made < length && texts.some(({ ended }) => !ended); made++) {
      if (signal?.aborted) {
        throw new GenerateInterruptedError(
          texts.map(({ all }) => all),
          made,
          length,
        );
      }
      const logits = await scores.after(texts.map(({ tokens }) => tokens));
      for (const [place, text] of texts.entries()) {
        // One that has ended stays as it is beside the others.
        if (text.ended) continue;
        const token = sample(logits[place]!, text.tokens, options, text.random);
        const added = token === end ? text.spelled.end() : advance(text, token, made === length - 1);
        text.ended = token === end || text.spelled.stopped;
        text.all += added;
        if (added !== "") yield { text: added, place };
      }
      await new Promise((resume) => setImmediate(resume));
    }
  } finally {
    scores.end();
  }
}

/** What is new to tell of a text with one more token; all that is there, where it is the last one. */
function advance({ tokens, spelled }: Text, token: number, isLast: boolean): string {
  tokens.push(token);
  return spelled.add(token) + (isLast ? spelled.end() : "");
}

/** The size of a language model's vocabulary. Throws ValueError for a model that is none. */
export function vocabOf(what: string, model: Model): number {
  const output: Shape = model.outputShape;
  if (model.inputDtype === "int32" && model.inputShape.length === 1 && output.length === 2) return output[1]!;
  const expected = "a model of [context] tokens to [context, vocab] logits";
  const got = `${model.name} of ${showShape(model.inputShape)} to ${showShape(output)}`;
  throw new ValueError({ what, expected, got });
}
