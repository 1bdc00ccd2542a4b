import { type Compiled, compiled } from "../../runtime/index.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { Cache } from "../attention/cache.js";
import type { Model } from "../module.js";

/** How the next tokens of texts go through a model, compiled once a model: tokens, positions, what is kept → logits, the same. */
const steps = new WeakMap<Model, Compiled>();

/**
 * What a language model ([context] tokens → logits [context, vocab]) thinks comes after texts that grow. Of a model that is causal
 * it keeps keys and values until a text outgrows the context, and then each token costs a whole forward pass, since every token has
 * moved to another position. {@link end} it.
 */
export class Scores {
  readonly #model: Model;
  readonly #context: number;
  #cache: Cache | undefined;
  #texts = 0;

  constructor(model: Model) {
    this.#model = model;
    this.#context = model.inputShape[0]!;
  }

  /**
   * Logits [vocab] of the token after each text. The texts are those of the last call, in their order; each is as it was, or has one
   * token more.
   */
  async after(texts: readonly (readonly number[])[]): Promise<Float32Array[]> {
    const logits = tf.tidy(() => this.#after(texts));
    try {
      const all = (await logits.data()) as Float32Array;
      const vocab = all.length / texts.length;
      return texts.map((_, text) => all.subarray(text * vocab, (text + 1) * vocab));
    } finally {
      logits.dispose();
    }
  }

  /** From now on the texts are those at these places of the last call; one may go on in several ways. */
  choose(places: readonly number[]): void {
    if (this.#cache === undefined) return;
    const { kept } = this.#cache;
    const before = [...kept.values()];
    const chosen = tf.tidy(() => {
      const rows = tf.tensor1d([...places], "int32");
      return before.map((one) => {
        const [count, size] = one.shape as [number, number];
        const apart = one.reshape([2, this.#texts, count / (2 * this.#texts), size]);
        return tf.gather(apart, rows, 1).reshape([(count / this.#texts) * places.length, size]);
      });
    });
    this.#keep(new Cache(this.#context, undefined, named([...kept.keys()], chosen)), places.length);
    tf.dispose(before);
  }

  /** Frees what is kept of the texts. */
  end(): void {
    if (this.#cache !== undefined) tf.dispose([...this.#cache.kept.values()]);
    this.#cache = undefined;
  }

  #after(texts: readonly (readonly number[])[]): Tensor {
    const longest = Math.max(...texts.map(({ length }) => length));
    if (!this.#model.causal || longest > this.#context) {
      this.end();
      return this.#whole(texts.map((tokens) => tokens.slice(-this.#context)));
    }
    return this.#cache === undefined ? this.#begin(texts) : this.#step(this.#cache, texts);
  }

  #whole(texts: readonly (readonly number[])[]): Tensor {
    // What stands behind a text does not matter where the model is causal; elsewhere texts of other lengths do not fit together.
    const together = this.#model.causal || texts.every(({ length }) => length === texts[0]!.length);
    if (!together) return tf.concat(texts.map((text) => this.#whole([text])));
    return lastOf(this.#model.predict(rows(texts)), texts);
  }

  #begin(texts: readonly (readonly number[])[]): Tensor {
    const cache = new Cache(this.#context);
    const logits = this.#model.forward(rows(texts), { training: false, cache });
    this.#keep(cache, texts.length);
    return lastOf(logits, texts);
  }

  #step({ kept }: Cache, texts: readonly (readonly number[])[]): Tensor {
    const before = [...kept.values()];
    const tokens = texts.map((text) => [text.at(-1)!]);
    const positions = tf.tensor(
      texts.map(({ length }) => length - 1),
      [texts.length],
      "int32",
    );
    const [logits, ...after] = compiledStep(this.#model, [...kept.keys()]).run([rows(tokens), positions, ...before]);
    this.#keep(new Cache(this.#context, undefined, named([...kept.keys()], after)), texts.length);
    tf.dispose(before);
    return logits!;
  }

  #keep(cache: Cache, texts: number): void {
    for (const tensor of cache.kept.values()) tf.keep(tensor);
    this.#cache = cache;
    this.#texts = texts;
  }
}

function compiledStep(model: Model, names: readonly string[]): Compiled {
  let step = steps.get(model);
  if (step === undefined) {
    const work = ([token, position, ...kept]: readonly Tensor[]) => {
      const cache = new Cache(model.inputShape[0]!, position, named(names, kept));
      const logits = model.forward(token!, { training: false, cache });
      return [logits.reshape([token!.shape[0]!, -1]), ...cache.kept.values()];
    };
    step = compiled("generate", work, { sequential: true });
    steps.set(model, step);
  }
  return step;
}

function named(names: readonly string[], tensors: readonly Tensor[]): Map<string, Tensor> {
  return new Map(names.map((name, index) => [name, tensors[index]!]));
}

/** `[texts, longest]`, shorter ones padded at their ends. */
function rows(texts: readonly (readonly number[])[]): Tensor {
  const longest = Math.max(...texts.map(({ length }) => length));
  const values = new Int32Array(texts.length * longest);
  for (const [place, text] of texts.entries()) values.set(text, place * longest);
  return tf.tensor(values, [texts.length, longest], "int32");
}

/** `[texts, longest, vocab]` → `[texts, vocab]`, of the last token of each text. */
function lastOf(logits: Tensor, texts: readonly (readonly number[])[]): Tensor {
  const [count, time, vocab] = logits.shape as [number, number, number];
  const places = tf.tensor1d(
    texts.map(({ length }, text) => text * time + length - 1),
    "int32",
  );
  return tf.gather(logits.reshape([count * time, vocab]), places);
}
