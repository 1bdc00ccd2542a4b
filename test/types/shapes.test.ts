/** Shapes in types: what fits compiles and hovers well, what does not is an error on that layer, in the words of run time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NablaError } from "../../src/errors.js";
import * as nn from "../../src/nn/index.js";
import { compile } from "./compile.js";

/** Snippet → the types that its constants hover as. */
const good: readonly [string, Readonly<Record<string, string>>][] = [
  [
    `const net = nn.sequential(
      nn.input(28, 28, 1),
      nn.conv2d(16, 3), nn.relu(), nn.maxPool2d(2),
      nn.conv2d(32, 3), nn.relu(), nn.maxPool2d(2),
      nn.flatten(), nn.dense(10));`,
    { net: "Model<[28, 28, 1], [10]>" },
  ],
  [
    `const strided = nn.sequential(nn.input(28, 27, 3), nn.conv2d(8, 3, { stride: 2 }));
     const padded = nn.sequential(nn.input(28, 27, 3), nn.conv2d(8, 3, { stride: 2, padding: "same" }));
     const pooled = nn.sequential(nn.input(28, 27, 3), nn.maxPool2d(3, { stride: 2, padding: "same" }));
     const once = nn.sequential(nn.input(3, 3, 1), nn.conv2d(1, 3));`,
    {
      strided: "Model<[28, 27, 3], [13, 13, 8]>",
      padded: "Model<[28, 27, 3], [14, 14, 8]>",
      pooled: "Model<[28, 27, 3], [14, 14, 3]>",
      once: "Model<[3, 3, 1], [1, 1, 1]>",
    },
  ],
  [
    `const text = nn.sequential(
      nn.input(64), nn.embedding(65, 32), nn.positions(), nn.dropout(0.1),
      nn.transformerBlock(4), nn.attention(4, { causal: false }), nn.layerNorm(), nn.gelu(), nn.dense(65));
     const gpt = nn.gpt({ vocab: 65, context: 64, width: 32, heads: 4, layers: 2 });`,
    { text: "Model<[64], [64, 65]>", gpt: "Model<[64], [64, 65]>" },
  ],
  [
    `const last = nn.sequential(nn.input(28, 5), nn.lstm(8, { returnSequences: true }), nn.gru(6), nn.dense(2));
     const all = nn.sequential(nn.input(28, 5), nn.rnn(8, { activation: "relu", returnSequences: true }));
     const either: boolean = Math.random() > 0.5;
     const unknown = nn.sequential(nn.input(28, 5), nn.gru(8, { returnSequences: either }));`,
    { last: "Model<[28, 5], [2]>", all: "Model<[28, 5], [28, 8]>", unknown: "Model<[28, 5], Shape>" },
  ],
  [
    `const deep = nn.sequential(nn.input(4, 4), nn.residual(nn.dense(8), nn.tanh(), nn.dense(4)), nn.softmax(), nn.sigmoid());`,
    { deep: "Model<[4, 4], [4, 4]>" },
  ],
  [
    `const past = nn.sequential(
      nn.input(8, 8, 16),
      nn.residual(
        { shortcut: [nn.conv2d(32, 1, { stride: 2 })] },
        nn.conv2d(32, 3, { stride: 2, padding: "same" }), nn.batchNorm()),
      nn.averagePool2d(2), nn.batchNorm({ momentum: 0.01 }), nn.globalAveragePool2d());
     const averaged = nn.sequential(nn.input(7, 8, 3), nn.averagePool2d(3, { stride: 2, padding: "same" }));
     const resnet = nn.resnet({ depth: 20, input: [32, 32, 3], classes: 10 });`,
    {
      past: "Model<[8, 8, 16], [32]>",
      averaged: "Model<[7, 8, 3], [4, 4, 3]>",
      resnet: "Model<[32, 32, 3], [10]>",
    },
  ],
  [
    `const n: number = Math.random();
     const wide = nn.sequential(nn.input(n, 28, 3), nn.conv2d(8, 3));
     const filters = nn.sequential(nn.input(28, 28, 3), nn.conv2d(n, 3), nn.flatten());
     const kernel = nn.sequential(nn.input(28, 28, 3), nn.conv2d(4, n), nn.dense(2));
     const heads = nn.sequential(nn.input(8, 8), nn.attention(n));
     const size = n > 0.5 ? { stride: 2 } : {};
     const maybe = nn.sequential(nn.input(28, 28, 3), nn.conv2d(4, 3, size));
     const list: nn.Layer[] = [nn.relu()];
     const spread = nn.sequential(nn.input(4), ...list, nn.dense(2));
     const blocks = nn.sequential(nn.input(4), nn.residual(...list), nn.dense(2));
     const known: readonly [28, 28] = [28, 28];
     const shape: readonly number[] = known;
     const tuple = nn.sequential(nn.input(...known), nn.dense(2));
     const array = nn.sequential(nn.input(...shape), nn.flatten(), nn.dense(2));
     const either = nn.sequential(nn.input(4), n > 0.5 ? nn.relu() : nn.gelu(), nn.dense(2));`,
    {
      wide: "Model<[number, 28, 3], [number, 26, 8]>",
      filters: "Model<[28, 28, 3], [number]>",
      kernel: "Model<[28, 28, 3], [number, number, 2]>",
      heads: "Model<[8, 8], [8, 8]>",
      maybe: "Model<[28, 28, 3], [number, number, 4]>",
      spread: "Model<[4], Shape>",
      either: "Model<[4], [2]>",
      tuple: "Model<[28, 28], [28, 2]>",
      array: "Model<number[], [2]>",
      blocks: "Model<[4], Shape>",
    },
  ],
  [
    `const sixty = nn.sequential(nn.input(28, 28, 1), ${"nn.conv2d(8, 3, { padding: 'same' }), nn.relu(), ".repeat(29)} nn.flatten(), nn.dense(10));`,
    { sixty: "Model<[28, 28, 1], [10]>" },
  ],
];

/** Snippet, the layer to blame, and what is wrong with it: at compile time and, as an error of that name, at run time. */
const bad: readonly [snippet: string, at: string, message: string, error: string][] = [
  [
    "nn.sequential(nn.input(784), nn.conv2d(16, 3), nn.relu())",
    "nn.conv2d(16, 3)",
    "conv2d: expected input [height, width, channels], got [784]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(28, 28, 1), nn.relu(), nn.flatten(), nn.maxPool2d(2), nn.dense(10))",
    "nn.maxPool2d(2)",
    "maxPool2d: expected input [height, width, channels], got [784]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(8, 8, 1), nn.conv2d(4, 7), nn.conv2d(4, 3))",
    "nn.conv2d(4, 3)",
    "conv2d: expected input of at least [3, 3, channels], got [2, 2, 4]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(64), nn.embedding(65, 30), nn.attention(4))",
    "nn.attention(4)",
    "attention: expected input [time, width] with a width that 4 heads divide, got [64, 30]",
    "ValueError",
  ],
  [
    "nn.sequential(nn.input(64), nn.dense(8), nn.transformerBlock(4), nn.dense(1))",
    "nn.transformerBlock(4)",
    "transformerBlock: expected input [time, width], got [8]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(784), nn.lstm(64), nn.dense(10))",
    "nn.lstm(64)",
    "lstm: expected input [time, width], got [784]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(28, 28), nn.gru(64), nn.rnn(64), nn.dense(10))",
    "nn.rnn(64)",
    "rnn: expected input [time, width], got [64]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(64), nn.positions())",
    "nn.positions()",
    "positions: expected input [time, width], got [64]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(64), nn.residual(nn.dense(32), nn.relu()), nn.dense(1))",
    "nn.residual(nn.dense(32), nn.relu())",
    "residual: expected layers that give [64], got [32]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(64), nn.residual(nn.conv2d(32, 3)), nn.dense(1))",
    "nn.residual(nn.conv2d(32, 3))",
    "conv2d: expected input [height, width, channels], got [64]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(8, 8, 4), nn.residual({ shortcut: [nn.conv2d(8, 1)] }, nn.conv2d(8, 3)), nn.flatten())",
    "nn.residual({ shortcut: [nn.conv2d(8, 1)] }, nn.conv2d(8, 3))",
    "residual: expected layers that give [8, 8, 8], got [6, 6, 8]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(4), nn.residual({ shortcut: [nn.conv2d(8, 1)] }, nn.dense(8)), nn.relu())",
    "nn.residual({ shortcut: [nn.conv2d(8, 1)] }, nn.dense(8))",
    "conv2d: expected input [height, width, channels], got [4]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(4), nn.averagePool2d(2), nn.relu())",
    "nn.averagePool2d(2)",
    "averagePool2d: expected input [height, width, channels], got [4]",
    "ShapeError",
  ],
  [
    "nn.sequential(nn.input(4, 4), nn.globalAveragePool2d(), nn.relu())",
    "nn.globalAveragePool2d()",
    "globalAveragePool2d: expected input [height, width, channels], got [4, 4]",
    "ShapeError",
  ],
];

/** Snippets that only the types and only a few words tell about. */
const refused: readonly [snippet: string, at: string, message: RegExp][] = [
  ["nn.conv2d(16, 3, { paddding: 'same' })", "paddding", /Did you mean to write 'padding'/],
  ["nn.conv2d(16, 3, { padding: 'sam' })", "padding", /Did you mean '"same"'/],
  ["nn.dense(10, { bais: true })", "bais", /'bais' does not exist in type 'DenseOptions'/],
  ["nn.dense('10')", "'10'", /not assignable to parameter of type 'number'/],
  ["nn.sequential(nn.dense(10))", "nn.dense(10)", /'Dense<10>' is not assignable to parameter of type 'Input<.*>'/],
  ["nn.batchNorm({ momemtum: 0.1 })", "momemtum", /Did you mean to write 'momentum'/],
  ["nn.residual({ shortcut: nn.relu() }, nn.relu())", "shortcut", /No overload matches this call/],
  ["nn.resnet({ depth: 20, input: [32, 32], classes: 10 })", "input", /is not assignable to type/],
  ["nn.gpt({ vocab: 65, context: 64, width: 32, heads: 4 })", "{", /Property 'layers' is missing/],
];

const texts = [
  ...good.map(([text]) => text),
  ...bad.map(([text]) => `${text};`),
  ...refused.map(([text]) => `${text};`),
  "const net = nn.sequential(nn.input(784), nn.dense(10)); const wrong: nn.Model<[784], [11]> = net;",
];
const results = compile(texts);

test("what fits compiles, and hovers with the shapes of input and output", () => {
  good.forEach(([text, types], index) => {
    assert.deepEqual(results[index]!.errors, [], text);
    for (const [name, type] of Object.entries(types)) assert.equal(results[index]!.types[name], type, name);
    assert.deepEqual(results[index]!.any, [], "any");
  });
});

test("a layer that does not fit is the one error, on that layer, and run time says the same", () => {
  bad.forEach(([text, at, message, name], index) => {
    const { errors } = results[good.length + index]!;
    assert.equal(errors.length, 1, text);
    assert.equal(errors[0]!.at, at, text);
    assert.match(errors[0]!.message, /^Argument of type '.*' is not assignable to parameter of type '"(.*)"'\.$/, text);
    assert.ok(errors[0]!.message.endsWith(`of type '"${message}"'.`), errors[0]!.message);
    const run = new Function("nn", `return ${text};`);
    assert.throws(
      () => run(nn),
      (error: unknown) => error instanceof NablaError && error.name === name && error.message.startsWith(`${message}.`),
      text,
    );
  });
});

test("options, names and arguments are checked before the cell runs", () => {
  refused.forEach(([text, at, message], index) => {
    const { errors } = results[good.length + bad.length + index]!;
    assert.ok(errors.length > 0, text);
    assert.ok(errors[0]!.at.startsWith(at), `${text}: at ${errors[0]!.at}`);
    assert.match(errors[0]!.message, message, text);
  });
});

test("a model is not taken for one with another output", () => {
  const { errors } = results.at(-1)!;
  assert.equal(errors[0]?.at, "wrong");
  assert.match(errors[0]!.message, /'Model<\[784\], \[10\]>' is not assignable to type 'Model<\[784\], \[11\]>'/);
});
