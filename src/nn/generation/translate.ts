import { host } from "../../door.js";
import { InterruptedError, ValueError } from "../../errors.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, positiveInteger, show } from "../../tensor/arguments.js";
import { type Shape, showShape } from "../../tensor/shape.js";
import type { Model } from "../module.js";
import { search } from "./beam-search.js";
import { requireFinite } from "./sampling.js";

/** What {@link translate} takes. */
export interface TranslateOptions {
  /** The token that every target began with in training. */
  readonly start: number;
  /** The token that ends a target. Default: none, so that it is as long as it can be. */
  readonly end?: number;
  /** How many beginnings are kept: see `nn.beamSearch`. Default 1: the likeliest token each time. */
  readonly beams?: number;
}

/** Tokens. */
type Tokens = ArrayLike<number>;

/**
 * The target that a model of two texts ([source + target] tokens → logits [target, vocab], e.g. `transformer`) gives for a source,
 * without `start` and `end`; of several sources a list. A shorter source is padded with 0. Each token costs a whole forward pass;
 * other work runs between tokens. Throws ValueError, NonFiniteError, and InterruptedError when the cell is interrupted.
 */
export function translate(model: Model, source: Tokens, options: TranslateOptions): Promise<number[]>;
export function translate(model: Model, sources: readonly Tokens[], options: TranslateOptions): Promise<number[][]>;
export async function translate(
  model: Model,
  source: Tokens | readonly Tokens[],
  { start, end, beams = 1, ...rest }: TranslateOptions,
): Promise<number[] | number[][]> {
  checkOptions("translate", rest, ["start", "end", "beams"]);
  positiveInteger("translate: beams", beams);
  const [known, longest] = lengthsOf(model);
  const isOne = source.length === 0 || typeof source[0] === "number";
  const sources = (isOne ? [source] : source) as readonly Tokens[];
  for (const one of sources) checkSource(one, known);
  mustBeToken(start);
  const padded = sources.map((one) => [...Array.from(one), ...Array<number>(known - one.length).fill(0)]);
  const written = (text: Tokens) => [start, ...Array.from(text), ...Array<number>(longest - 1 - text.length).fill(0)];
  /** Logits of the tokens behind targets of one length, which belong to the sources at these places. */
  const after = (targets: readonly Tokens[], places: readonly number[]) =>
    logitsAt(
      model,
      targets.map((text, index) => [...padded[places[index]!]!, ...written(text)]),
      targets[0]!.length,
    );
  const made = beams === 1 ? await likeliest(after, sources.length, longest, end) : [];
  for (let place = 0; beams > 1 && place < sources.length; place++) {
    const plan = { length: longest, end, beams, lengthPenalty: 1 };
    const logits = async (texts: readonly Tokens[]) =>
      after(
        texts,
        texts.map(() => place),
      );
    const [best] = await search(logits, () => {}, plan);
    made.push(best!.tokens.filter((token) => token !== end));
  }
  return isOne ? made[0]! : made;
}

/** Takes the likeliest token each time, for all sources at once. */
async function likeliest(
  after: (targets: readonly Tokens[], places: readonly number[]) => Float32Array[],
  sources: number,
  longest: number,
  end: number | undefined,
): Promise<number[][]> {
  const targets = Array.from({ length: sources }, (): number[] => []);
  const places = [...targets.keys()];
  const ended = new Set<number>();
  const signal = host()?.signal;
  for (let made = 0; made < longest && ended.size < sources; made++) {
    if (signal?.aborted) {
      const got = `${made} before the interrupt`;
      throw new InterruptedError({ what: "translate", expected: `${longest} tokens`, got });
    }
    // What has ended goes on beside the others: batches of one size are compiled once.
    for (const [place, row] of after(targets, places).entries()) {
      const token = row.indexOf(row.reduce((a, b) => Math.max(a, b)));
      if (token === end) ended.add(place);
      targets[place]!.push(token);
    }
    await new Promise((resume) => setImmediate(resume));
  }
  return targets.map((tokens) => (tokens.includes(end!) ? tokens.slice(0, tokens.indexOf(end!)) : tokens));
}

/** Logits [vocab] of each text at this place of its target. */
function logitsAt(model: Model, texts: readonly (readonly number[])[], place: number): Float32Array[] {
  const vocab = (model.outputShape as Shape)[1]!;
  const all = tf.tidy(() => {
    const logits = model.predict(tf.tensor(texts.flat(), [texts.length, texts[0]!.length], "int32"));
    return logits.slice([0, place, 0], [texts.length, 1, vocab]).dataSync() as Float32Array;
  });
  requireFinite("translate", all);
  return texts.map((_, text) => all.subarray(text * vocab, (text + 1) * vocab));
}

function checkSource(source: Tokens, known: number): void {
  if (source.length === 0 || source.length > known) {
    const expected = `a source of 1 to ${known} tokens`;
    throw new ValueError({ what: "translate", expected, got: String(source.length) });
  }
  for (const token of Array.from(source)) mustBeToken(token);
}

function lengthsOf(model: Model): [source: number, target: number] {
  const [whole, target]: readonly (number | undefined)[] = [model.inputShape[0], model.outputShape[0]];
  const output: Shape = model.outputShape;
  const isOfTwo = model.inputDtype === "int32" && model.inputShape.length === 1 && output.length === 2;
  if (isOfTwo && whole! > target!) return [whole! - target!, target!];
  throw new ValueError({
    what: "translate",
    expected: "a model of [source + target] tokens to [target, vocab] logits",
    got: `${model.name} of ${showShape(model.inputShape)} to ${showShape(output)}`,
    hint: "Make one with nn.transformer({ … }) or nn.encoderDecoder({ … }).",
  });
}

function mustBeToken(token: number): void {
  if (Number.isSafeInteger(token) && token >= 0) return;
  throw new ValueError({ what: "translate", expected: "tokens, whole numbers from 0", got: show(token) });
}
