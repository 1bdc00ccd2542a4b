import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { hostSymbol } from "../../../src/door.js";
import { InterruptedError, NonFiniteError, ValueError } from "../../../src/errors.js";
import { sample } from "../../../src/nn/generation/sampling.js";
import { Spelled } from "../../../src/nn/generation/spelled.js";
import * as nn from "../../../src/nn/index.js";
import { loss } from "../../../src/nn/losses/names.js";
import * as optim from "../../../src/optim/index.js";
import { memory } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { Random } from "../../../src/tensor/random.js";

const letters = "abcdefgh";
const tokenizer = {
  encode: (text: string) => Int32Array.from(text, (letter) => letters.indexOf(letter)),
  decode: (tokens: ArrayLike<number>) => Array.from(tokens, (token) => letters[token]).join(""),
};

function makeModel() {
  return nn.gpt({ vocab: 8, context: 4, width: 16, heads: 2, layers: 1, seed: 3 });
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, hostSymbol);
});

test("a model trained on the alphabet goes on with it, far beyond its context", async () => {
  const model = makeModel();
  const optimizer = optim.adam(0.02);
  const starts = [0, 1, 2, 3, 4, 5, 6, 7];
  const x = tf.tensor2d(
    starts.map((s) => [0, 1, 2, 3].map((i) => (s + i) % 8)),
    [8, 4],
    "int32",
  );
  const y = tf.tensor2d(
    starts.map((s) => [1, 2, 3, 4].map((i) => (s + i) % 8)),
    [8, 4],
    "int32",
  );
  const variables = model.parameters.map(({ variable }) => variable);
  for (let step = 0; step < 60; step++) {
    const { grads } = tf.variableGrads(() => loss("crossEntropy")(model.forward(x), y) as tf.Scalar, variables);
    const gradients = variables.map(({ name }) => grads[name]!);
    optimizer.step(model.parameters, gradients);
  }
  const heard: string[] = [];
  const onToken = (text: string) => heard.push(text);
  const before = memory().tensors;
  const text = await nn.generate(model, tokenizer, { prompt: "cd", length: 14, temperature: 0, onToken });
  assert.equal(text, "cdefghabcdefghab");
  assert.equal(heard.join(""), "efghabcdefghab");
  // The causal mask is made once and kept.
  assert.ok(memory().tensors - before <= 1);
});

test("the same seed gives the same text, another seed another", async () => {
  const model = makeModel();
  const options = { prompt: "a", length: 40 };
  const first = await nn.generate(model, tokenizer, { ...options, seed: 1 });
  assert.equal(await nn.generate(model, tokenizer, { ...options, seed: 1 }), first);
  assert.notEqual(await nn.generate(model, tokenizer, { ...options, seed: 2 }), first);
});

test("sampling follows softmax(logits / temperature), and topK cuts off the rest", () => {
  const random = new Random(5);
  const logits = [0, Math.log(2), Math.log(4), Math.log(9)];
  const draw = (temperature: number, topK: number) => {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 16_000; i++) counts[sample(logits, [], { temperature, topK }, random)]! += 1 / 1000;
    return counts;
  };
  const near = (actual: number[], expected: number[]) => {
    actual.forEach((count, token) => {
      assert.ok(Math.abs(count - expected[token]!) < 0.35, `${actual} for ${expected}`);
    });
  };
  near(draw(1, 4), [1, 2, 4, 9]);
  near(
    draw(0.5, 4),
    [1, 4, 16, 81].map((weight) => (weight / 102) * 16),
  );
  near(draw(1, 2), [0, 0, (4 / 13) * 16, (9 / 13) * 16]);
  near(draw(0, 4), [0, 0, 0, 16]);
});

test("an interrupt ends it between two tokens and hands over what there is", async () => {
  const controller = new AbortController();
  Object.assign(globalThis, { [hostSymbol]: { signal: controller.signal } });
  let count = 0;
  const onToken = () => {
    if (++count === 3) setImmediate(() => controller.abort());
  };
  await assert.rejects(
    nn.generate(makeModel(), tokenizer, { prompt: "ab", length: 1000, onToken }),
    (error: unknown) =>
      error instanceof nn.GenerateInterruptedError &&
      error instanceof InterruptedError &&
      error.text.startsWith("ab") &&
      error.text.length >= 5 &&
      error.text.length < 20,
  );
});

test("other work runs between tokens", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await nn.generate(makeModel(), tokenizer, { prompt: "a", length: 50 });
  clearInterval(timer);
  assert.ok(ticks > 0);
});

test("what cannot be is refused in the house words", async () => {
  const model = makeModel();
  const dense = nn.sequential(nn.input(4), nn.dense(2));
  const refused: [Promise<unknown>, RegExp][] = [
    [nn.generate(model, tokenizer, { prompt: "" }), /^generate: prompt: expected some text, got ""\.$/],
    [nn.generate(model, tokenizer, { prompt: "a", length: 0 }), /^generate: length: expected a whole number above 0/],
    [
      nn.generate(model, tokenizer, { prompt: "a", temperature: -1 }),
      /^generate: temperature: expected a number from 0/,
    ],
    [nn.generate(model, tokenizer, { prompt: "a", topk: 3 } as never), /got 'topk'\. Did you mean 'topK'\?$/],
    [
      nn.generate(dense, tokenizer, { prompt: "a" }),
      /expected a model of \[context\] tokens .*, got sequential of \[4\]/,
    ],
    [nn.generate(model, { ...tokenizer, encode: () => [9] }, { prompt: "a" }), /expected tokens from 0 to 7, got 9\./],
    [
      nn.generate(model, { ...tokenizer, encode: () => [-1] }, { prompt: "a" }),
      /expected tokens from 0 to 7, got -1\./,
    ],
  ];
  for (const [call, message] of refused) {
    await assert.rejects(call, (error: unknown) => error instanceof ValueError && message.test(error.message));
  }
});

test("a model that diverged is told from one that is merely bad", () => {
  assert.throws(() => sample([0, Number.NaN], [], {}, new Random(1)), NonFiniteError);
});

test("several prompts go on side by side, each as it would alone", async () => {
  const model = makeModel();
  const prompts = ["a", "bcd", "hg"];
  const heard = ["", "", ""];
  const onToken = (text: string, prompt: number) => {
    heard[prompt] += text;
  };
  const texts: string[] = await nn.generate(model, tokenizer, { prompt: prompts, length: 12, seed: 5, onToken });
  assert.equal(texts.length, 3);
  assert.equal(texts[0], await nn.generate(model, tokenizer, { prompt: "a", length: 12, seed: 5 }));
  assert.deepEqual(
    texts,
    heard.map((text, place) => prompts[place]! + text),
  );
  const likeliest = { length: 12, temperature: 0 };
  for (const [place, text] of (await nn.generate(model, tokenizer, { prompt: prompts, ...likeliest })).entries()) {
    assert.equal(text, await nn.generate(model, tokenizer, { prompt: prompts[place]!, ...likeliest }));
  }
});

test("a text comes piece by piece", async () => {
  const model = makeModel();
  const pieces: string[] = [];
  for await (const piece of nn.stream(model, tokenizer, { prompt: "ab", length: 9, seed: 2 })) pieces.push(piece);
  assert.equal(pieces.length, 9);
  assert.equal(`ab${pieces.join("")}`, await nn.generate(model, tokenizer, { prompt: "ab", length: 9, seed: 2 }));
});

test("a text that is left in the middle leaves no tensor behind", async () => {
  const model = makeModel();
  const leave = async () => {
    for await (const _ of nn.stream(model, tokenizer, { prompt: "ab", length: 9 })) break;
  };
  await leave();
  const before = memory().tensors;
  await leave();
  assert.equal(memory().tensors, before);
});

test("it ends at a token or a text, which are left out", async () => {
  const model = makeModel();
  const prompt = "a";
  const whole = await nn.generate(model, tokenizer, { prompt, length: 30, seed: 3 });
  const stop = whole.slice(7, 9);
  const heard: string[] = [];
  const onToken = (text: string) => heard.push(text);
  const text = await nn.generate(model, tokenizer, { prompt, length: 30, seed: 3, stop: ["xyz", stop], onToken });
  assert.equal(text, whole.slice(0, whole.indexOf(stop, 1)));
  assert.equal(prompt + heard.join(""), text, "nothing of the stop was told");
  const letter = whole[12]!;
  const end = letters.indexOf(letter);
  const ended = await nn.generate(model, tokenizer, { prompt, length: 30, seed: 3, end });
  assert.equal(ended, whole.slice(0, whole.indexOf(letter, 1)));
});

test("letters of several tokens are told when they are whole", () => {
  const bytes = {
    encode: (text: string) => new TextEncoder().encode(text),
    decode: (tokens: ArrayLike<number>) => new TextDecoder().decode(Uint8Array.from(tokens)),
  };
  const spelled = new Spelled(bytes, []);
  const told = Array.from(bytes.encode("aé∇𝄞b"), (byte) => spelled.add(byte));
  assert.deepEqual(told, ["a", "", "é", "", "", "∇", "", "", "", "𝄞", "b"]);
  const [first] = bytes.encode("∇");
  assert.equal(spelled.add(first!) + spelled.end(), "\ufffd", "what never became whole");
});
