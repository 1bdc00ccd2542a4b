import assert from "node:assert/strict";
import { test } from "node:test";
import { sample } from "../../../src/nn/generation/sampling.js";
import { Scores } from "../../../src/nn/generation/scores.js";
import * as nn from "../../../src/nn/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { Random } from "../../../src/tensor/random.js";

const vocab = 11;
const context = 8;
const text = Int32Array.from({ length: 14 }, (_, at) => (at * at + 3) % vocab);

const models = {
  gpt: nn.gpt({ vocab, context, width: 24, heads: 3, layers: 2, seed: 1 }),
  "gpt with tied weights and dropout": nn.gpt({
    vocab,
    context,
    width: 16,
    heads: 2,
    layers: 1,
    tied: true,
    dropout: 0.5,
    seed: 2,
  }),
  "gpt as LLaMA's, with a window": nn.gpt({
    vocab,
    context,
    width: 24,
    heads: 6,
    layers: 2,
    keyHeads: 2,
    window: 4,
    positions: "rotary",
    normalization: "rms",
    activation: "swiglu",
    seed: 3,
  }),
  "gpt with alibi": nn.gpt({ vocab, context, width: 24, heads: 3, layers: 2, positions: "alibi", seed: 4 }),
  "gpt with sinusoids, post-LN": nn.gpt({
    vocab,
    context,
    width: 16,
    heads: 2,
    layers: 1,
    keyHeads: 1,
    positions: "sinusoidal",
    norm: "post",
    activation: "relu",
    seed: 5,
  }),
  "attention with a mask": nn.sequential(
    nn.input(context),
    nn.embedding(vocab, 12),
    nn.positions({ kind: "sinusoidal" }),
    nn.residual(nn.attention(2, { mask: (query, key) => (query - key) % 3 !== 2, alibi: true })),
    nn.dense(vocab),
  ),
  "layers of one's own": nn.sequential(
    nn.input(context),
    nn.embedding(vocab, 12),
    nn.positions(),
    nn.residual(nn.layerNorm(), nn.attention(2), nn.dropout(0.5)),
    nn.transformerBlock(4),
    nn.dense(20),
    nn.gelu(),
    nn.dense(vocab),
  ),
};

/** GPT's first weights are small: larger ones, so that a wrong position or mask shows. */
function enlarge(model: nn.Model): void {
  const factor = model.name === "gpt" ? 4 : 1.5;
  for (const { variable } of model.parameters) variable.assign(variable.mul(factor));
}

/** Logits of the token after `tokens` by one whole forward pass; what stands behind them is hidden by the causal mask. */
function whole(model: nn.Model, tokens: readonly number[]): Float32Array {
  const seen = tokens.slice(-context);
  const padded = [...seen, ...new Array<number>(context - seen.length).fill(0)];
  const logits = model.forward(tf.tensor([padded], [1, context], "int32"));
  return logits.slice([0, seen.length - 1, 0], [1, 1, vocab]).dataSync() as Float32Array;
}

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, where: string): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    assert.ok(difference <= 1e-5 * Math.max(1, Math.abs(expected[i]!)), `${where}: ${actual[i]} for ${expected[i]}`);
  }
}

for (const [name, model] of Object.entries(models) as [string, nn.Model][]) {
  enlarge(model);
  for (const start of [1, 3, context, context + 2]) {
    test(`${name}: a text of ${start} read on token by token scores as one read whole, also beyond the context`, async () => {
      assert.equal(model.causal, true);
      const scores = new Scores(model);
      for (let length = start; length <= text.length; length++) {
        const tokens = [...text.slice(0, length)];
        near((await scores.after([tokens]))[0]!, whole(model, tokens), `token ${length}`);
      }
      scores.end();
    });
  }
}

test("a token is scored after what came before it: another beginning, other scores", async () => {
  const [one, other] = [new Scores(models.gpt), new Scores(models.gpt)];
  (await one.after([[1]]))[0]!;
  (await other.after([[2]]))[0]!;
  const [a, b] = [(await one.after([[1, 5]]))[0]!, (await other.after([[2, 5]]))[0]!];
  assert.ok(Math.abs(a[0]! - b[0]!) > 1e-3);
  near((await one.after([[1, 5, 7]]))[0]!, whole(models.gpt, [1, 5, 7]), "two texts at once");
  one.end();
  other.end();
});

test("weights that changed meanwhile are the ones that score", async () => {
  const model = nn.gpt({ vocab, context, width: 8, heads: 2, layers: 1, seed: 4 });
  const text = async () => {
    const scores = new Scores(model);
    (await scores.after([[1]]))[0]!;
    const last = (await scores.after([[1, 2]]))[0]!;
    scores.end();
    return last;
  };
  await text();
  enlarge(model);
  near(await text(), whole(model, [1, 2]), "after training");
});

test("what looks ahead or mixes the positions is read whole every time", async () => {
  const mixed = [
    nn.sequential(nn.input(context), nn.embedding(vocab, 4), nn.attention(2, { causal: false }), nn.dense(vocab)),
    nn.sequential(
      nn.input(context),
      nn.embedding(vocab, 4),
      nn.transformerBlock(1, { causal: false }),
      nn.dense(vocab),
    ),
  ];
  for (const model of mixed) {
    assert.equal((model as nn.Model).causal, false);
    const scores = new Scores(model);
    for (let length = context; length <= text.length; length++) {
      const tokens = [...text.slice(0, length)];
      near((await scores.after([tokens]))[0]!, whole(model, tokens), `token ${length}`);
    }
    scores.end();
  }
  const flat = nn.sequential(nn.input(context), nn.embedding(vocab, 4), nn.flatten(), nn.dense(3));
  assert.equal((flat as nn.Model).causal, false);
});

test("generate writes what sampling from whole forward passes writes", async () => {
  const codec = {
    encode: (words: string) => words.split(" ").filter(Boolean).map(Number),
    decode: (tokens: ArrayLike<number>) => Array.from(tokens, (token) => ` ${token}`).join(""),
  };
  for (const temperature of [0, 1]) {
    const random = new Random(7, "generate");
    const tokens = [3, 1];
    for (let i = 0; i < 2 * context; i++) tokens.push(sample(whole(models.gpt, tokens), [], { temperature }, random));
    const options = { prompt: "3 1", length: 2 * context, temperature, seed: 7 };
    assert.equal(await nn.generate(models.gpt, codec, options), tokens.join(" "));
  }
});

test("what is kept of a text ends with it, and is not more than the text", async () => {
  const read = async () => {
    const scores = new Scores(models.gpt);
    const before = tf.memory().numTensors;
    for (let length = 2; length <= 6; length++) {
      (await scores.after([[...text.slice(0, length)]]))[0]!;
      // One for each of two layers.
      assert.equal(tf.memory().numTensors - before, 2);
    }
    scores.end();
  };
  await read();
  const before = tf.memory().numTensors;
  await read();
  assert.equal(tf.memory().numTensors, before);
});

for (const [name, model] of Object.entries(models) as [string, nn.Model][]) {
  test(`${name}: texts of several lengths side by side score as each alone, also where one is chosen twice`, async () => {
    const texts = [[1, 5, 3], [7], [2, 2, 4, 8, 0]];
    const scores = new Scores(model);
    const check = async (where: string) => {
      const rows = await scores.after(texts);
      for (const [place, tokens] of texts.entries())
        near(rows[place]!, whole(model, tokens), `${where}, text ${place}`);
    };
    await check("first");
    for (const [place, tokens] of texts.entries()) tokens.push(place + 4);
    await check("with a token more");
    texts[0]!.push(6);
    await check("one with a token more, the others as they were");
    scores.choose([2, 0, 2]);
    texts.splice(0, 3, [...texts[2]!, 1], [...texts[0]!, 9], [...texts[2]!, 3]);
    await check("chosen");
    // One after the other outgrows the context.
    for (let more = 0; more < 5; more++) {
      for (const tokens of texts) tokens.push((tokens.length * 3) % vocab);
      await check(`${more} more`);
    }
    scores.end();
  });
}
