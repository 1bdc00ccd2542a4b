/** Shapes in the types of gates, norms, dropouts and layers of one's own; shapes.test.ts has the others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NablaError } from "../../src/errors.js";
import * as nn from "../../src/nn/index.js";
import { compile } from "./compile.js";

/** Snippet → the types that its constants hover as. */
const good: readonly [string, Readonly<Record<string, string>>][] = [
  [
    `const activations = nn.sequential(
      nn.input(8, 6), nn.elu({ alpha: 2 }), nn.selu(), nn.celu(), nn.silu(), nn.mish(), nn.softplus(), nn.softsign(),
      nn.leakyRelu({ slope: 0.1 }), nn.prelu(), nn.relu6(), nn.hardSigmoid(), nn.hardSwish(), nn.hardTanh(), nn.logSigmoid(),
      nn.logSoftmax(), nn.dense(256), nn.swiglu(), nn.glu());
     const n: number = 4;
     const half = nn.sequential(nn.input(n), nn.glu());
     const halves = nn.sequential(nn.input(28, 28, 2), nn.swiglu());`,
    {
      activations: "Model<[8, 6], [8, 64]>",
      half: "Model<[number], [number]>",
      halves: "Model<[28, 28, 2], [28, 28, 1]>",
    },
  ],
  [
    `const norms = nn.sequential(
      nn.input(8, 8, 6), nn.groupNorm(3, { epsilon: 1e-3 }), nn.instanceNorm({ affine: true }), nn.rmsNorm(),
      nn.layerNorm({ bias: false }), nn.spatialDropout2d(0.1), nn.residual(nn.dense(6), nn.dropPath(0.1)), nn.gaussianNoise(1),
      nn.alphaDropout(0.1));
     const rows = nn.sequential(nn.input(8, 6), nn.spatialDropout1d(0.2), nn.instanceNorm());
     const groups: number = 3;
     const some = nn.sequential(nn.input(8, 6), nn.groupNorm(groups));`,
    { norms: "Model<[8, 8, 6], [8, 8, 6]>", rows: "Model<[8, 6], [8, 6]>", some: "Model<[8, 6], [8, 6]>" },
  ],
  [
    `const options = nn.sequential(
      nn.input(4),
      nn.dense(8, { initial: "heNormal", biasInitial: nn.init.constant(0.1), regularizer: nn.l2(1e-4) }),
      nn.dense(2, { initial: (values, shape, random) => { values.fill(shape[0]! * random.normal()); } }));
     const text = nn.sequential(
      nn.input(5),
      nn.embedding(9, 4, { initial: (values, shape, random) => { values.fill(shape[0]! * random.normal()); } }),
      nn.lstm(3, { returnSequences: true, recurrentInitial: (values) => { values.fill(0.5); } }),
      nn.gru(2, { biasInitial: (values) => { values.fill(1); }, recurrentRegularizer: nn.l1(0.1) }));
     const same = nn.shared(nn.dense(4));
     const shared = nn.sequential(nn.input(4), same, nn.tanh(), same);
     const frozen = nn.freeze(shared, "layers.0");
     const seen = nn.capture(shared, undefined as never, ["layers.*"]).get("layers.0");`,
    {
      options: "Model<[4], [2]>",
      text: "Model<[5], [2]>",
      shared: "Model<[4], [4]>",
      frozen: "string[]",
      seen: "Tensor<Rank> | undefined",
    },
  ],
  [
    `const two = nn.sequential(nn.input(28, 28, 1), nn.flatten(), nn.heads({ digit: nn.dense(10), odd: nn.dense(1) }));
     const alike = nn.sequential(nn.input(4), nn.heads({ a: nn.dense(3), b: [nn.dense(8), nn.relu(), nn.dense(3)], c: nn.dense(3) }));
     const maps = nn.sequential(nn.input(4, 6), nn.heads({ rows: nn.dense(3), all: [nn.flatten(), nn.dense(2)] }));
     const width: number = 3;
     const open = nn.sequential(nn.input(4), nn.heads({ a: nn.dense(width), b: nn.dense(2) }));`,
    {
      two: "Model<[28, 28, 1], [11]>",
      alike: "Model<[4], [9]>",
      maps: "Model<[4, 6], [14]>",
      open: "Model<[4], [number]>",
    },
  ],
  [
    `const kept = nn.sequential(nn.input(3, 4), nn.lambda((x) => x.mul(2), { output: "same" }));
     const fixed = nn.sequential(nn.input(3, 4), nn.lambda((x) => x.sum(1), { output: [4] }), nn.dense(2));
     const ruled = nn.sequential(nn.input(3, 4), nn.lambda((x) => x, { output: ([a, b]: [3, 4]) => [b, a] as const }));
     const loose = nn.sequential(nn.input(3, 4), nn.lambda((x) => x.mul(2)));
     const scale = nn.defineLayer<nn.SameShape>({
       name: "scale",
       build(input, scope) {
         const weight = scope.weight("weight", [input.at(-1)!], "ones");
         return { output: input, forward: (x) => x.mul(weight.value) };
       },
     });
     const scaled = nn.sequential(nn.input(3, 4), scale);
     const total = nn.defineLayer({ name: "total", build: (input: [3, 4]) => ({ output: [4], forward: (x) => x.sum(1) }) });
     const totals = nn.sequential(nn.input(3, 4), total, nn.dense(2));`,
    {
      kept: "Model<[3, 4], [3, 4]>",
      fixed: "Model<[3, 4], [2]>",
      ruled: "Model<[3, 4], [4, 3]>",
      loose: "Model<[3, 4], Shape>",
      scaled: "Model<[3, 4], [3, 4]>",
      totals: "Model<[3, 4], [2]>",
    },
  ],
];

/** Snippet, the layer to blame, and what is wrong with it: at compile time and, as a ShapeError, at run time. */
const bad: readonly [snippet: string, at: string, message: string][] = [
  [
    "nn.sequential(nn.input(8, 7), nn.glu(), nn.dense(1))",
    "nn.glu()",
    "glu: expected input with an even last axis, got [8, 7]",
  ],
  [
    "nn.sequential(nn.input(8), nn.dense(9), nn.swiglu(), nn.relu())",
    "nn.swiglu()",
    "swiglu: expected input with an even last axis, got [9]",
  ],
  [
    "nn.sequential(nn.input(8, 8, 6), nn.groupNorm(4), nn.relu())",
    "nn.groupNorm(4)",
    "groupNorm: expected input [..., channels] with channels that 4 groups divide, got [8, 8, 6]",
  ],
  [
    "nn.sequential(nn.input(6), nn.instanceNorm(), nn.relu())",
    "nn.instanceNorm()",
    "instanceNorm: expected input [time, channels] or [height, width, channels], got [6]",
  ],
  [
    "nn.sequential(nn.input(6), nn.spatialDropout1d(0.5), nn.relu())",
    "nn.spatialDropout1d(0.5)",
    "spatialDropout1d: expected input [time, channels], got [6]",
  ],
  [
    "nn.sequential(nn.input(6, 3), nn.spatialDropout2d(0.5), nn.relu())",
    "nn.spatialDropout2d(0.5)",
    "spatialDropout2d: expected input [height, width, channels], got [6, 3]",
  ],
];

/** Snippets that only the types tell about. */
const refused: readonly [snippet: string, at: string, message: RegExp][] = [
  ["nn.dense(2, { initial: 'heNormall' })", "initial", /Did you mean '"heNormal"'/],
  ["nn.dense(2, { initail: 'ones' })", "initail", /Did you mean to write 'initial'/],
  ["nn.dense(2, { regularizer: 0.01 })", "regularizer", /not assignable to type 'Regularizer'/],
  ["nn.elu({ alfa: 1 })", "alfa", /Did you mean to write 'alpha'|'alfa' does not exist in type 'EluOptions'/],
  ["nn.layerNorm({ epsilom: 1 })", "epsilom", /Did you mean to write 'epsilon'/],
  ["nn.dropPath('0.1')", "'0.1'", /not assignable to parameter of type 'number'/],
  [
    "nn.sequential(nn.input(5), nn.defineLayer({ name: 'total', build: (input: [3]) => ({ output: [4], forward: (x) => x }) }))",
    "nn.defineLayer",
    /"total: expected input \[3\], got \[5\]"/,
  ],
  ["nn.capture(nn.sequential(nn.input(5), nn.relu()), undefined as never, 3)", "3", /not assignable to parameter/],
];

// The whole library: what tensors can is known where `tf` is.
const results = compile(
  [...good.map(([text]) => text), ...bad.map(([text]) => `${text};`), ...refused.map(([text]) => `${text};`)],
  'import { nn } from "../../src/index.js";\n',
);

test("what fits compiles, and hovers with the shapes of input and output", () => {
  good.forEach(([text, types], index) => {
    assert.deepEqual(results[index]!.errors, [], text);
    for (const [name, type] of Object.entries(types)) assert.equal(results[index]!.types[name], type, name);
    assert.deepEqual(results[index]!.any, [], "any");
  });
});

test("a layer that does not fit is the one error, on that layer, and run time says the same", () => {
  bad.forEach(([text, at, message], index) => {
    const { errors } = results[good.length + index]!;
    assert.equal(errors.length, 1, text);
    assert.equal(errors[0]!.at, at, text);
    assert.ok(errors[0]!.message.endsWith(`of type '"${message}"'.`), errors[0]!.message);
    const run = new Function("nn", `return ${text};`);
    assert.throws(
      () => run(nn),
      (error: unknown) =>
        error instanceof NablaError && error.name === "ShapeError" && error.message.startsWith(`${message}.`),
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
