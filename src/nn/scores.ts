import { type Compiled, compiled } from "../runtime/index.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { Cache } from "./cache.js";
import type { Model } from "./module.js";

/** How the next token of a text goes through a model, compiled once a model: token, position, what is kept → logits, the same. */
const steps = new WeakMap<Model, Compiled>();

/**
 * What a language model ([context] tokens → logits [context, vocab]) thinks comes after a text that grows. Of a model that is
 * causal it keeps keys and values until the text outgrows the context, and then each token costs a whole forward pass, since
 * every token has moved to another position. {@link end} it.
 */
export class Scores {
  readonly #model: Model;
  readonly #context: number;
  #cache: Cache | undefined;

  constructor(model: Model) {
    this.#model = model;
    this.#context = model.inputShape[0]!;
  }

  /** Logits [vocab] of the token after `tokens`, which are the ones of the last call and one more. */
  async after(tokens: readonly number[]): Promise<ArrayLike<number>> {
    const logits = tf.tidy(() => this.#after(tokens));
    try {
      return await logits.data();
    } finally {
      logits.dispose();
    }
  }

  /** Frees what is kept of the text. */
  end(): void {
    if (this.#cache !== undefined) tf.dispose([...this.#cache.kept.values()]);
    this.#cache = undefined;
  }

  #after(tokens: readonly number[]): Tensor {
    const time = tokens.length;
    if (!this.#model.causal || time > this.#context) {
      this.end();
      return lastOf(this.#model.predict(row(tokens.slice(-this.#context))));
    }
    return this.#cache === undefined ? this.#begin(tokens) : this.#step(this.#cache, tokens[time - 1]!, time - 1);
  }

  #begin(tokens: readonly number[]): Tensor {
    const cache = new Cache(this.#context);
    const logits = this.#model.forward(row(tokens), { training: false, cache });
    this.#keep(cache);
    return lastOf(logits);
  }

  #step({ kept }: Cache, token: number, position: number): Tensor {
    const before = [...kept.values()];
    const inputs = [row([token]), tf.tensor([position], [1], "int32"), ...before];
    const [logits, ...after] = compiledStep(this.#model, [...kept.keys()]).run(inputs);
    this.#keep(new Cache(this.#context, undefined, named([...kept.keys()], after)));
    tf.dispose(before);
    return logits!;
  }

  #keep(cache: Cache): void {
    for (const tensor of cache.kept.values()) tf.keep(tensor);
    this.#cache = cache;
  }
}

function compiledStep(model: Model, names: readonly string[]): Compiled {
  let step = steps.get(model);
  if (step === undefined) {
    const work = ([token, position, ...kept]: readonly Tensor[]) => {
      const cache = new Cache(model.inputShape[0]!, position, named(names, kept));
      const logits = model.forward(token!, { training: false, cache });
      return [logits.flatten(), ...cache.kept.values()];
    };
    step = compiled("generate", work, { sequential: true });
    steps.set(model, step);
  }
  return step;
}

function named(names: readonly string[], tensors: readonly Tensor[]): Map<string, Tensor> {
  return new Map(names.map((name, index) => [name, tensors[index]!]));
}

function row(tokens: readonly number[]): Tensor {
  return tf.tensor([...tokens], [1, tokens.length], "int32");
}

/** `[1, time, vocab]` → the last `[vocab]` */
function lastOf(logits: Tensor): Tensor {
  const [, time, vocab] = logits.shape as [number, number, number];
  return logits.slice([0, time - 1, 0], [1, 1, vocab]).flatten();
}
