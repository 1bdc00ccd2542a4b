/** Beam search, against Hugging Face's transformers (test/fixtures/generation.py) and against all texts that there are. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { hostSymbol } from "../../../src/door.js";
import { InterruptedError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { memory } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { fill } from "../../parity.js";
import { root } from "../../root.js";

interface Search {
  readonly options: { beams: number; length: number; end?: number; lengthPenalty?: number };
  readonly sequences: readonly (readonly number[])[];
  readonly scores: readonly number[];
}

const { searches, vocab } = JSON.parse(readFileSync(join(root, "test/fixtures/generation.json"), "utf8")) as {
  readonly vocab: number;
  readonly searches: readonly Search[];
};

const codec = {
  encode: (words: string) => words.split(" ").filter(Boolean).map(Number),
  decode: (tokens: ArrayLike<number>) => Array.from(tokens, (token) => ` ${token}`).join(""),
};

/** What comes next depends on the last token only. */
function table(): nn.Model {
  const model = nn.sequential(nn.input(16), nn.embedding(vocab, vocab)) as nn.Model;
  model.parameters[0]!.variable.assign(fill("table", vocab, vocab).mul(3));
  return model;
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, hostSymbol);
});

for (const { options, sequences, scores } of searches) {
  test(`the texts that transformers finds, best first: ${JSON.stringify(options)}`, async () => {
    const found = await nn.beamSearch(table(), codec, { prompt: "1", ...options });
    // What transformers pads behind the end is the end again.
    const theirs = sequences.map((tokens) => {
      const end = tokens.indexOf(options.end ?? -1);
      return end < 0 ? [...tokens] : tokens.slice(0, end + 1);
    });
    assert.deepEqual(
      found.map(({ tokens }) => [...tokens]),
      theirs,
    );
    found.forEach(({ score }, place) => {
      assert.ok(Math.abs(score - scores[place]!) < 1e-5, `${score}, not ${scores[place]}`);
    });
  });
}

test("with as many beams as there are texts it finds the likeliest of all, through a cache of keys and values", async () => {
  const gpt = nn.gpt({ vocab: 4, context: 8, width: 8, heads: 2, layers: 1, seed: 6 });
  for (const { variable } of gpt.parameters) variable.assign(variable.mul(6));
  /** ln p of a text behind the prompt [1, 2], by a whole forward pass. */
  const logProbability = (text: readonly number[]): number =>
    tf.tidy(() => {
      const all = [1, 2, ...text];
      const padded = [...all, ...new Array<number>(8 - all.length).fill(0)];
      const rows = gpt
        .forward(tf.tensor([padded], [1, 8], "int32"))
        .logSoftmax()
        .arraySync() as number[][][];
      return text.reduce((sum, token, place) => sum + rows[0]![place + 1]![token]!, 0);
    });
  const texts = Array.from({ length: 4 ** 3 }, (_, index) => [index >> 4, (index >> 2) & 3, index & 3]);
  const [best] = texts
    .map((text) => ({ text, logProbability: logProbability(text) }))
    .sort((a, b) => b.logProbability - a.logProbability);
  const before = memory().tensors;
  const [found] = await nn.beamSearch(gpt, codec, { prompt: "1 2", length: 3, beams: 16 });
  assert.deepEqual(found!.tokens, best!.text);
  assert.equal(found!.text, `1 2${codec.decode(best!.text)}`);
  assert.ok(Math.abs(found!.logProbability - best!.logProbability) < 1e-4);
  assert.ok(memory().tensors - before <= 1, "the causal mask, at most");
});

test("it goes on beyond the context", async () => {
  const gpt = nn.gpt({ vocab: 4, context: 4, width: 8, heads: 2, layers: 1, seed: 6 });
  const [found] = await nn.beamSearch(gpt, codec, { prompt: "1 2", length: 9, beams: 2 });
  assert.equal(found!.tokens.length, 9);
});

test("an interrupt ends it, and bad options are refused in the house words", async () => {
  const controller = new AbortController();
  controller.abort();
  Object.assign(globalThis, { [hostSymbol]: { signal: controller.signal } });
  await assert.rejects(nn.beamSearch(table(), codec, { prompt: "1" }), InterruptedError);
  Reflect.deleteProperty(globalThis, hostSymbol);
  const refused: [object, RegExp][] = [
    [{ beams: 0 }, /^beamSearch: beams: expected a whole number above 0/],
    [{ end: 9 }, /^beamSearch: end: expected a token from 0 to 8, got 9\.$/],
    [{ lengthPenalty: Number.NaN }, /^beamSearch: lengthPenalty: expected/],
    [{ beem: 2 }, /Did you mean 'beams'\?$/],
    [{ prompt: "" }, /^beamSearch: prompt: expected some text/],
  ];
  for (const [options, message] of refused) {
    const call = nn.beamSearch(table(), codec, { prompt: "1", ...options });
    await assert.rejects(call, (error: unknown) => error instanceof ValueError && message.test(error.message));
  }
});
