import { host } from "../door.js";
import { InterruptedError, NonFiniteError, ValueError } from "../errors.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, show } from "../tensor/arguments.js";
import { type Shape, showShape } from "../tensor/shape.js";
import type { Model } from "./module.js";

/** What {@link translate} takes. */
export interface TranslateOptions {
  /** The token that every target began with in training. */
  readonly start: number;
  /** The token that ends a target. Default: none, so that it is as long as it can be. */
  readonly end?: number;
}

/**
 * The target that a model of two texts ([source + target] tokens → logits [target, vocab], e.g. `transformer`) gives for a source,
 * the likeliest token each time, without `start` and `end`. A shorter source is padded with 0. Each token costs a whole forward
 * pass; other work runs between tokens. Throws ValueError, NonFiniteError, and InterruptedError when the cell is interrupted.
 */
export async function translate(
  model: Model,
  source: ArrayLike<number>,
  { start, end, ...rest }: TranslateOptions,
): Promise<number[]> {
  checkOptions("translate", rest, ["start", "end"]);
  const [known, longest] = lengthsOf(model);
  if (source.length === 0 || source.length > known) {
    throw new ValueError({
      what: "translate",
      expected: `a source of 1 to ${known} tokens`,
      got: String(source.length),
    });
  }
  for (const token of [...Array.from(source), start]) mustBeToken(token);
  const padded = [...Array.from(source), ...Array<number>(known - source.length).fill(0)];
  const signal = host()?.signal;
  const made: number[] = [];
  while (made.length < longest) {
    if (signal?.aborted) {
      const got = `${made.length} before the interrupt`;
      throw new InterruptedError({ what: "translate", expected: `${longest} tokens`, got });
    }
    const written = [start, ...made];
    const whole = [...padded, ...written, ...Array<number>(longest - written.length).fill(0)];
    const token = likeliest(model, whole, made.length);
    if (token === end) break;
    made.push(token);
    await new Promise((resume) => setImmediate(resume));
  }
  return made;
}

/** The likeliest token at a place of the target. */
function likeliest(model: Model, tokens: readonly number[], place: number): number {
  const logits = tf.tidy(() =>
    model
      .predict(tf.tensor([...tokens], [1, tokens.length], "int32"))
      .slice([0, place, 0], [1, 1, -1])
      .flatten()
      .dataSync(),
  );
  const strange = logits.find((score) => !Number.isFinite(score));
  if (strange === undefined) return logits.indexOf(Math.max(...logits));
  const hint = "The model's weights have diverged: train it again with a smaller learning rate.";
  throw new NonFiniteError({ what: "translate", expected: "finite logits", got: String(strange), hint });
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
