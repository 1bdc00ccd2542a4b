/** The types of recurrent layers, attention and transformers; see shapes.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NablaError } from "../../src/errors.js";
import * as nn from "../../src/nn/index.js";
import { compile } from "./compile.js";

/** Snippet → the types that its constants hover as. */
const good: readonly [string, Readonly<Record<string, string>>][] = [
  [
    `const last = nn.sequential(nn.input(28, 5), nn.bidirectional(nn.lstm(8)));
     const all = nn.sequential(nn.input(28, 5), nn.bidirectional(nn.gru(8, { returnSequences: true })));
     const sum = nn.sequential(nn.input(28, 5), nn.bidirectional(nn.rnn(8), { merge: "sum" }), nn.dense(2));
     const mean = nn.sequential(
       nn.input(28, 5),
       nn.bidirectional(nn.gru(37, { returnSequences: true, layers: 2, dropout: 0.1 }), { merge: "mean" }));
     const deep = nn.sequential(nn.input(28, 5), nn.lstm(64, { layers: 3, returnSequences: true }));`,
    {
      last: "Model<[28, 5], [16]>",
      all: "Model<[28, 5], [28, 16]>",
      sum: "Model<[28, 5], [2]>",
      mean: "Model<[28, 5], [28, 37]>",
      deep: "Model<[28, 5], [28, 64]>",
    },
  ],
  [
    `const units: number = 8;
     const merge = units > 4 ? "sum" : "concat";
     const either = { merge } as const;
     const unknown = nn.sequential(nn.input(28, 5), nn.bidirectional(nn.lstm(units)));
     const maybe = nn.sequential(nn.input(28, 5), nn.bidirectional(nn.lstm(8), either));`,
    { unknown: "Model<[28, 5], [number]>", maybe: "Model<[28, 5], [number]>" },
  ],
  [
    `const sentences = nn.sequential(
       nn.input(20), nn.embedding(100, 16, { maskZero: true }), nn.bidirectional(nn.gru(8)), nn.dense(2));
     const steps = nn.sequential(nn.input(20, 3), nn.masking({ value: -1 }), nn.lstm(4), nn.dense(1));
     const pairs = nn.sequential(nn.input(4, 5), nn.embedding(100, 16));`,
    {
      sentences: "Model<[20], [2]>",
      steps: "Model<[20, 3], [1]>",
      pairs: "Model<[4, 5], [4, 5, 16]>",
    },
  ],
  [
    `const grouped = nn.sequential(nn.input(16, 32), nn.attention(8, { keyHeads: 2, window: 4 }));
     const turned = nn.sequential(nn.input(16, 32), nn.attention(4, { rotary: { base: 500 }, causal: false }));
     const masked = nn.sequential(nn.input(16, 32), nn.attention(4, { mask: (query, key) => key > query - 3 }));
     const leaning = nn.sequential(nn.input(16, 32), nn.positions({ kind: "sinusoidal" }), nn.attention(4, { alibi: true }));`,
    {
      grouped: "Model<[16, 32], [16, 32]>",
      turned: "Model<[16, 32], [16, 32]>",
      masked: "Model<[16, 32], [16, 32]>",
      leaning: "Model<[16, 32], [16, 32]>",
    },
  ],
  [
    `const llama = nn.sequential(
       nn.input(16, 32),
       nn.transformerBlock(8, { keyHeads: 2, rotary: true, normalization: "rms", activation: "swiglu" }));
     const classic = nn.sequential(nn.input(16, 32), nn.encoderBlock(4, { norm: "post", activation: "relu" }));
     const options: nn.AttentionOptions = {};
     const wide = nn.sequential(nn.input(16, 32), nn.attention(4, options));`,
    {
      llama: "Model<[16, 32], [16, 32]>",
      classic: "Model<[16, 32], [16, 32]>",
      wide: "Model<[16, 32], [16, 32]>",
    },
  ],
  [
    `const pair = nn.encoderDecoder({
       source: 20,
       target: 16,
       encoder: [nn.embedding(100, 32, { maskZero: true }), nn.positions(), nn.encoderBlock(4)],
       decoder: [
         nn.embedding(120, 48), nn.positions(), nn.decoderBlock(4),
         nn.residual(nn.layerNorm(), nn.crossAttention(4)), nn.dense(120)],
     });
     const translator = nn.transformer({
       sourceVocab: 100, targetVocab: 120, source: 20, target: 16, width: 32, heads: 4, layers: 2 });
     const bert = nn.bert({ vocab: 100, context: 20, width: 32, heads: 4, layers: 2 });
     const llama = nn.gpt({
       vocab: 65, context: 64, width: 32, heads: 4, layers: 2, keyHeads: 2, positions: "rotary", activation: "swiglu" });`,
    {
      pair: "Model<[36], [16, 120]>",
      translator: "Model<[36], [16, 120]>",
      bert: "Model<[20], [20, 100]>",
      llama: "Model<[64], [64, 65]>",
    },
  ],
];

const decoder = (layer: string) =>
  `nn.encoderDecoder({ source: 9, target: 8, encoder: [nn.embedding(7, 6)], decoder: [nn.embedding(5, 8), ${layer}] })`;

/** Snippet, the layer to blame, and what is wrong with it: at compile time and, as an error of that name, at run time. */
const bad: readonly [snippet: string, at: string, message: string, error: string][] = [
  [
    "nn.sequential(nn.input(28), nn.bidirectional(nn.lstm(8)), nn.dense(1))",
    "nn.bidirectional(nn.lstm(8))",
    "bidirectional: expected input [time, width], got [28]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(28, 5), nn.bidirectional(nn.lstm(8)), nn.bidirectional(nn.gru(4)))",
    "nn.bidirectional(nn.gru(4))",
    "bidirectional: expected input [time, width], got [16]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(28, 5), nn.lstm(8, { layers: 2 }), nn.gru(4))",
    "nn.gru(4)",
    "gru: expected input [time, width], got [8]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(28), nn.masking(), nn.dense(1))",
    "nn.masking()",
    "masking: expected input [time, width], got [28]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(4, 5), nn.embedding(9, 3, { maskZero: true }), nn.dense(1))",
    "nn.embedding(9, 3, { maskZero: true })",
    "embedding: expected input [time] for maskZero, got [4, 5]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(4), nn.positions({ kind: 'sinusoidal' }))",
    "nn.positions({ kind: 'sinusoidal' })",
    "positions: expected input [time, width], got [4]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(9, 8), nn.attention(4, { keyHeads: 3 }), nn.dense(1))",
    "nn.attention(4, { keyHeads: 3 })",
    "attention: keyHeads: expected a number that divides 4 heads, got 3",
    "ValueError",
  ],
  [
    "nn.sequential(nn.input(9, 12), nn.attention(4, { rotary: true }), nn.dense(1))",
    "nn.attention(4, { rotary: true })",
    "attention: expected input [time, width] with a width that 4 rotary heads divide into pairs, got [9, 12]",
    "ValueError",
  ],
  [
    "nn.sequential(nn.input(9, 10), nn.attention(4, { rotary: true }), nn.dense(1))",
    "nn.attention(4, { rotary: true })",
    "attention: expected input [time, width] with a width that 4 heads divide, got [9, 10]",
    "ValueError",
  ],
  [
    "nn.sequential(nn.input(9, 10), nn.encoderBlock(4), nn.dense(1))",
    "nn.encoderBlock(4)",
    "encoderBlock: expected input [time, width] with a width that 4 heads divide, got [9, 10]",
    "ValueError",
  ],
  [
    "nn.sequential(nn.input(9), nn.encoderBlock(4), nn.dense(1))",
    "nn.encoderBlock(4)",
    "encoderBlock: expected input [time, width], got [9]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(9, 8), nn.transformerBlock(4, { keyHeads: 8 }))",
    "nn.transformerBlock(4, { keyHeads: 8 })",
    "transformerBlock: keyHeads: expected a number that divides 4 heads, got 8",
    "ValueError",
  ],
  [
    "nn.sequential(nn.input(9, 8), nn.crossAttention(2), nn.dense(1))",
    "nn.crossAttention(2)",
    "crossAttention: expected the memory of an encoder, got none",
    "ValueError",
  ],
  [
    "nn.sequential(nn.input(9, 8), nn.decoderBlock(2), nn.dense(1))",
    "nn.decoderBlock(2)",
    "decoderBlock: expected the memory of an encoder, got none",
    "ValueError",
  ],
  [
    "nn.sequential(nn.input(9, 8), nn.residual(nn.crossAttention(2)))",
    "nn.residual(nn.crossAttention(2))",
    "crossAttention: expected the memory of an encoder, got none",
    "ValueError",
  ],
  [
    decoder("nn.crossAttention(3)"),
    "nn.crossAttention(3)",
    "crossAttention: expected input [time, width] with a width that 3 heads divide, got [8, 8]",
    "ValueError",
  ],
  [
    decoder("nn.flatten(), nn.decoderBlock(2)"),
    "nn.decoderBlock(2)",
    "decoderBlock: expected input [time, width], got [64]",
    "ShapeError",
  ],
  [
    "nn.encoderDecoder({ source: 9, target: 8, encoder: [nn.embedding(7, 6), nn.lstm(4)], decoder: [nn.embedding(5, 8), nn.crossAttention(2)] })",
    "nn.crossAttention(2)",
    "crossAttention: expected an encoder that gives [time, width], got [4]",
    "ShapeError",
  ],
  [
    "nn.encoderDecoder({ source: 9, target: 8, encoder: [nn.embedding(7, 6), nn.encoderBlock(4)], decoder: [nn.embedding(5, 8)] })",
    "nn.encoderBlock(4)",
    "encoderBlock: expected input [time, width] with a width that 4 heads divide, got [9, 6]",
    "ValueError",
  ],
];

/** Snippets that only the types and only a few words tell about. */
const refused: readonly [snippet: string, at: string, message: RegExp][] = [
  ["nn.bidirectional(nn.dense(4))", "nn.dense(4)", /Property 'recurrent' is missing in type 'Dense<4>'/],
  ["nn.bidirectional(nn.lstm(4), { merge: 'summ' })", "merge", /'"summ"'|Did you mean '"sum"'/],
  ["nn.lstm(4, { layer: 2 })", "layer", /Did you mean to write 'layers'|'layer' does not exist/],
  ["nn.attention(4, { keyHead: 2 })", "keyHead", /Did you mean to write 'keyHeads'|'keyHead' does not exist/],
  ["nn.attention(4, { mask: true })", "mask", /not assignable/],
  ["nn.transformerBlock(4, { norm: 'pro' })", "norm", /'"pro"'|Did you mean/],
  ["nn.positions({ kind: 'sinusoid' })", "kind", /Did you mean '"sinusoidal"'|'"sinusoid"'/],
  [
    "nn.embedding(9, 4, { maskZeros: true })",
    "maskZeros",
    /Did you mean to write 'maskZero'|'maskZeros' does not exist/,
  ],
  ["nn.gpt({ vocab: 9, context: 4, width: 8, heads: 2, layers: 1, positions: 'rotory' })", "positions", /"rotory"/],
  ["nn.bert({ vocab: 9, context: 4, width: 8, heads: 2 })", "{", /Property 'layers' is missing/],
  [
    "nn.transformer({ sourceVocab: 9, source: 4, target: 4, width: 8, heads: 2, layers: 1 })",
    "{",
    /'targetVocab' is missing/,
  ],
];

const results = compile([
  ...good.map(([text]) => text),
  ...bad.map(([text]) => `${text};`),
  ...refused.map(([text]) => `${text};`),
]);

test("sequences that fit compile, and hover with the shapes of input and output", () => {
  good.forEach(([text, types], index) => {
    assert.deepEqual(results[index]!.errors, [], text);
    for (const [name, type] of Object.entries(types)) assert.equal(results[index]!.types[name], type, name);
    assert.deepEqual(results[index]!.any, [], "any");
  });
});

test("a layer of sequences that does not fit is the one error, on that layer, and run time says the same", () => {
  bad.forEach(([text, at, message, name], index) => {
    const { errors } = results[good.length + index]!;
    assert.equal(errors.length, 1, `${text}: ${JSON.stringify(errors)}`);
    assert.equal(errors[0]!.at, at, text);
    assert.ok(errors[0]!.message.split("\n")[0]!.includes(`"${message}"`), errors[0]!.message);
    const run = new Function("nn", `return ${text};`);
    assert.throws(
      () => run(nn),
      (error: unknown) => error instanceof NablaError && error.name === name && error.message.startsWith(`${message}.`),
      text,
    );
  });
});

test("their options are checked before the cell runs", () => {
  refused.forEach(([text, at, message], index) => {
    const { errors } = results[good.length + bad.length + index]!;
    assert.ok(errors.length > 0, text);
    assert.ok(errors[0]!.at.startsWith(at), `${text}: at ${errors[0]!.at}`);
    assert.match(errors[0]!.message, message, text);
  });
});
