/** Attention and transformers beyond sequences.test.ts, which holds them against PyTorch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { slopes } from "../../../src/nn/attention/alibi.js";
import * as nn from "../../../src/nn/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { assertClose, fill } from "../../parity.js";

const values = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

test("the slopes of ALiBi are those of its paper", () => {
  assert.deepEqual(slopes(8), [1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32, 1 / 64, 1 / 128, 1 / 256]);
  assert.deepEqual(slopes(1), [1 / 256]);
  assertClose(tf.tensor(slopes(3)), [1 / 16, 1 / 256, 1 / 4], 1e-7);
});

test("rotary attention knows only how far positions are apart", () => {
  const model = nn.sequential(nn.input(6, 8), nn.attention(2, { rotary: true, causal: false }));
  const seen: tf.Tensor[] = [];
  const [word, other] = [fill("word", 1, 1, 8), fill("other", 1, 1, 8)];
  const x = tf.concat([word, other, word, other, word, other], 1);
  model.forward(x, { training: false, capture: (_path, value) => void seen.push(value) });
  const [first] = seen[0]!.arraySync() as number[][][][];
  const ratio = (query: number, key: number) => Math.log(first![0]![query]![key]! / first![0]![query]![query]!);
  assert.ok(Math.abs(ratio(0, 3) - ratio(2, 5)) < 1e-4);
  assert.ok(Math.abs(ratio(0, 3) - ratio(0, 1)) > 1e-3);
});

test("grouped keys take fewer weights and operations", () => {
  const row = (keyHeads: number) => nn.sequential(nn.input(5, 16), nn.attention(4, { keyHeads })).summary[0]!;
  assert.equal(row(4).parameters, 4 * (16 * 16 + 16));
  assert.equal(row(1).parameters, 2 * (16 * 16 + 16) + 2 * (16 * 4 + 4));
  assert.ok(row(1).flops < row(4).flops);
});

test("cross attention shows where the target looks, and not at padding", () => {
  const model = nn.transformer({
    sourceVocab: 7,
    targetVocab: 5,
    source: 4,
    target: 3,
    width: 8,
    heads: 2,
    layers: 1,
    seed: 1,
  });
  const seen = new Map<string, tf.Tensor>();
  const x = tf.tensor([[3, 4, 0, 0, 1, 2, 3]], [1, 7], "int32");
  model.forward(x, { training: false, capture: (path, value) => void seen.set(path, value) });
  assert.deepEqual(
    [...seen].map(([path, { shape }]) => [path, shape]),
    [
      ["encoder.blocks.0.attention", [1, 2, 4, 4]],
      ["decoder.blocks.0.attention", [1, 2, 3, 3]],
      ["decoder.blocks.0.cross", [1, 2, 3, 4]],
    ],
  );
  const cross = values(seen.get("decoder.blocks.0.cross")!);
  assert.ok(cross.every((weight, index) => (index % 4 < 2 ? weight > 0 : weight === 0)));
});

test("what a target is to give is not seen before it is given, and the source is", () => {
  const options = { sourceVocab: 7, targetVocab: 5, source: 4, target: 3, width: 8, heads: 2, layers: 2, seed: 1 };
  const model = nn.transformer({ ...options, dropout: 0.1 });
  const read = (...tokens: number[]) => model.predict(tf.tensor([tokens], [1, 7], "int32"));
  const one = read(3, 4, 5, 6, 1, 2, 3);
  const apart = (other: tf.Tensor) => values(other.sub(one).abs().max(-1));
  const [first, second, third] = apart(read(3, 4, 5, 6, 1, 2, 4));
  assert.ok(first! < 1e-5 && second! < 1e-5 && third! > 1e-3);
  assert.ok(apart(read(3, 4, 5, 1, 1, 2, 3)).every((difference) => difference > 1e-3));
});

test("a bert reads both ways and no padding", () => {
  const model = nn.bert({ vocab: 9, context: 4, width: 8, heads: 2, layers: 1, dropout: 0.1, seed: 1 });
  const short = nn.bert({ vocab: 9, context: 2, width: 8, heads: 2, layers: 1, seed: 1 });
  const cut = new Map(
    [...nn.weights(model)].map(([path, value]) => [path, path === "positions.weight" ? value.slice([0], [2]) : value]),
  );
  nn.setWeights(short, cut);
  const read = (model: nn.Model, tokens: number[]) => model.predict(tf.tensor([tokens], [1, tokens.length], "int32"));
  assertClose(read(model, [3, 4, 0, 0]).slice([0, 0], [1, 2]), values(read(short, [3, 4])), 1e-5);
  const first = (tokens: number[]) => values(read(model, tokens).slice([0, 0], [1, 1]));
  const [one, other] = [first([3, 4, 0, 0]), first([3, 5, 0, 0])];
  assert.ok(one.some((value, index) => Math.abs(value - other[index]!) > 1e-5));
});

test("the summary shows a model as it was asked for", () => {
  const labels = (model: nn.Model) => model.summary.map(({ path, label }) => `${path} ${label}`);
  const sizes = { vocab: 9, context: 4, width: 8, heads: 2, layers: 1 };
  assert.deepEqual(labels(nn.gpt({ ...sizes, positions: "sinusoidal", normalization: "rms" })), [
    "tokens embedding(9, 8)",
    'positions positions({ kind: "sinusoidal" })',
    'blocks.0 transformerBlock(2, { normalization: "rms" })',
    "norm rmsNorm()",
    "head dense(9)",
  ]);
  const layer = nn.attention(2, { mask: () => true, window: 3 });
  assert.equal(layer.label, "attention(2, { mask: …, window: 3 })");
  assert.equal(
    nn.bidirectional(nn.lstm(4, { layers: 2 }), { merge: "sum" }).label,
    'bidirectional(lstm(4, { layers: 2 }), { merge: "sum" })',
  );
});

test("several sources are translated at once as each alone, and beams find what is likelier", async () => {
  const sizes = { sourceVocab: 7, targetVocab: 5, source: 4, target: 5, width: 8, heads: 2, layers: 1, seed: 1 };
  const model = nn.transformer(sizes);
  for (const { variable } of model.parameters) variable.assign(variable.mul(2));
  const sources = [[1, 2], [3], [6, 5, 4, 3], [2, 2, 2]];
  const options = { start: 1, end: 0 };
  const all: number[][] = await nn.translate(model, sources, options);
  for (const [place, source] of sources.entries()) {
    assert.deepEqual(all[place], await nn.translate(model, source, options), `source ${place}`);
  }
  /** ln p of a target of full length. */
  const logProbability = (source: readonly number[], target: readonly number[]) =>
    tf.tidy(() => {
      const tokens = [...source, ...Array<number>(4 - source.length).fill(0), 1, ...target.slice(0, -1)];
      const rows = model
        .predict(tf.tensor([tokens], [1, 9], "int32"))
        .logSoftmax()
        .arraySync() as number[][][];
      return target.reduce((sum, token, place) => sum + rows[0]![place]![token]!, 0);
    });
  const [greedy, wide] = [
    await nn.translate(model, sources, { start: 1 }),
    await nn.translate(model, sources, { start: 1, beams: 25 }),
  ];
  for (const [place, source] of sources.entries()) {
    const gain = logProbability(source, wide[place]!) - logProbability(source, greedy[place]!);
    assert.ok(gain > -1e-6, `source ${place}: ${gain}`);
  }
});

test("translate says what it cannot take", async () => {
  const sizes = { sourceVocab: 7, targetVocab: 5, source: 4, target: 3, width: 8, heads: 2, layers: 1, seed: 1 };
  const model = nn.transformer(sizes);
  const bert = nn.bert({ vocab: 9, context: 4, width: 8, heads: 2, layers: 1 });
  const refused: [Promise<unknown>, RegExp][] = [
    [nn.translate(model, [], { start: 1 }), /^ValueError: translate: expected a source of 1 to 4 tokens, got 0\.$/],
    [nn.translate(model, [1, 2, 3, 4, 5], { start: 1 }), /expected a source of 1 to 4 tokens, got 5\.$/],
    [nn.translate(model, [1.5], { start: 1 }), /expected tokens, whole numbers from 0, got 1\.5\.$/],
    [nn.translate(model, [1], { start: 1, stop: 2 } as never), /expected options start, end, beams, got 'stop'/],
    [
      nn.translate(bert, [1], { start: 1 }),
      /expected a model of \[source \+ target\] tokens .* got bert of \[4\] to \[4, 9\]/,
    ],
  ];
  for (const [call, message] of refused) await assert.rejects(call, message);
  assert.equal((await nn.translate(model, [1, 2], { start: 1 })).length, 3);
});

test("what cannot be is refused, in words that help", () => {
  const sizes = { vocab: 9, context: 4, width: 8, heads: 2, layers: 1 };
  const pair = { sourceVocab: 9, targetVocab: 9, source: 4, target: 4, width: 8, heads: 2, layers: 1 };
  const embedding = nn.embedding(9, 8);
  const refused: [() => unknown, RegExp][] = [
    [() => nn.lstm(8, { layers: 0 }), /^ValueError: lstm: layers: expected a whole number above 0, got 0\.$/],
    [
      () => nn.gru(8, { dropout: 0.5 }),
      /^ValueError: gru: dropout: expected more than one of `layers`, got 1\. It acts between/,
    ],
    [
      () => nn.rnn(8, { layers: 2, dropout: 1 }),
      /^ValueError: rnn: dropout: expected a number from 0 to below 1, got 1/,
    ],
    [
      () => nn.bidirectional(nn.dense(8) as never),
      /^ValueError: bidirectional: expected an rnn, lstm or gru, got dense\(8\)\.$/,
    ],
    [
      () => nn.bidirectional(undefined as never),
      /^ValueError: bidirectional: expected an rnn, lstm or gru, got undefined/,
    ],
    [
      () => nn.bidirectional(nn.lstm(8, { reverse: true })),
      /^ValueError: bidirectional: expected a layer without reverse, got lstm\(8, \{ reverse: true \}\)\./,
    ],
    [
      () => nn.bidirectional(nn.lstm(8), { merge: "summ" } as never),
      /^ValueError: bidirectional: merge: expected "concat" or "sum" or "mean" or "multiply", got "summ"\. Did you mean 'sum'\?/,
    ],
    [
      () => nn.embedding(9, 8, { maskZero: 1 } as never),
      /^ValueError: embedding: maskZero: expected true or false, got 1\.$/,
    ],
    [() => nn.masking({ value: Number.NaN }), /^ValueError: masking: value: expected a finite number, got NaN\.$/],
    [
      () => nn.attention(4, { keyHeads: 3 }),
      /^ValueError: attention: keyHeads: expected a number that divides 4 heads, got 3/,
    ],
    [() => nn.attention(4, { window: 0 }), /^ValueError: attention: window: expected a whole number above 0, got 0\.$/],
    [
      () => nn.attention(4, { rotary: { base: -1 } }),
      /^ValueError: attention: rotary: base: expected a number above 0, got -1/,
    ],
    [() => nn.attention(4, { rotary: 1 } as never), /^ValueError: attention: rotary: expected true or false, got 1\.$/],
    [
      () => nn.attention(4, { mask: [[true]] } as never),
      /^ValueError: attention: mask: expected a function of query and key, got \[\[true\]\]\. E\.g\./,
    ],
    [
      () => nn.sequential(nn.input(3, 4), nn.attention(2, { mask: (query) => query !== 1 })),
      /^ValueError: attention: mask: expected a position to see for each one, got none for position 1\.$/,
    ],
    [() => nn.attention(4, { casual: false } as never), /got 'casual'\. Did you mean 'causal'\?$/],
    [
      () => nn.transformerBlock(4, { norm: "before" } as never),
      /^ValueError: transformerBlock: norm: expected "pre" or "post", got "before"\.$/,
    ],
    [() => nn.encoderBlock(4, { activation: "glu" } as never), /^ValueError: encoderBlock: activation: expected/],
    [
      () => nn.decoderBlock(4, { expansion: 0 }),
      /^ValueError: decoderBlock: expansion: expected a whole number above 0/,
    ],
    [
      () => nn.positions({ kind: "rotary" } as never),
      /^ValueError: positions: kind: expected "learned" or "sinusoidal"/,
    ],
    [
      () => nn.encoderDecoder({ source: 4, target: 4, encoder: [], decoder: [embedding] }),
      /^ValueError: encoderDecoder: encoder: expected a list of layers, got \[\]\.$/,
    ],
    [
      () => nn.encoderDecoder({ source: 4, target: 4, encoder: [embedding], decoder: [nn.dense(3)] }),
      /^ValueError: encoderDecoder: decoder: expected a layer that takes tokens first, got dense\(3\)\. nn\.embedding/,
    ],
    [
      () => nn.encoderDecoder({ source: 0, target: 4, encoder: [embedding], decoder: [embedding] } as never),
      /^ValueError: encoderDecoder: source: expected a whole number above 0, got 0\.$/,
    ],
    [
      () => nn.gpt({ ...sizes, positions: "rotory" } as never),
      /^ValueError: gpt: positions: .*Did you mean 'rotary'\?$/,
    ],
    [
      () => nn.gpt({ ...sizes, width: 6, positions: "rotary" }),
      /^ValueError: gpt: width: expected a number that 2 heads divide into pairs, got 6\.$/,
    ],
    [
      () => nn.gpt({ ...sizes, keyHeads: 3 }),
      /^ValueError: gpt: keyHeads: expected a number that divides 2 heads, got 3/,
    ],
    [
      () => nn.bert({ ...sizes, width: 7 }),
      /^ValueError: bert: width: expected a number that 2 heads divide, got 7\.$/,
    ],
    [
      () => nn.transformer({ ...pair, width: 7 }),
      /^ValueError: transformer: width: expected a number that 2 heads divide/,
    ],
    [() => nn.transformer({ ...pair, source: 0 }), /^ValueError: transformer: source: expected a whole number above 0/],
  ];
  for (const [call, message] of refused) assert.throws(call, message, String(message));
});
