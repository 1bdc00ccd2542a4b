/** Shapes of tensors in types: what the compiler says of an expression, and what comes of it at run time, agree. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "../../src/index.js";
import { compile } from "./compile.js";
import { bad, good, refused, values } from "./expressions.js";

const { tf } = library;

/** A GPT written by hand: what each line of its forward pass hovers as. */
const gpt: readonly (readonly [line: string, type: string])[] = [
  ["const table = tf.randomNormal([65, 32])", `Tensor<[65, 32], "float32">`],
  ["const places = tf.randomNormal([64, 32])", `Tensor<[64, 32], "float32">`],
  ['const text = tf.named(tf.zeros([2, 64], "int32"), ["batch", 64])', `Tensor<["batch", 64], "int32">`],
  ["const x = tf.gather(table, text).add(places)", `Tensor<["batch", 64, 32], "float32">`],
  ["const centred = x.sub(x.mean(-1, true))", `Tensor<["batch", 64, 32], "float32">`],
  ["const scale = centred.square().mean(-1, true).add(1e-5).rsqrt()", `Tensor<["batch", 64, 1], "float32">`],
  ["const normal = centred.mul(scale)", `Tensor<["batch", 64, 32], "float32">`],
  [
    'const qkv = tf.einsum("btw,wk->btk", normal, tf.zeros([32, 96])).reshape([-1, 64, 3, 4, 8])',
    `Tensor<["batch", 64, 3, 4, 8], "float32">`,
  ],
  ["const heads = qkv.transpose([2, 0, 3, 1, 4]).unstack()", `Tensor<["batch", 4, 64, 8], "float32">[]`],
  ["const scores = heads[0]!.matMul(heads[1]!, false, true)", `Tensor<["batch", 4, 64, 64], "float32">`],
  ["const mask = tf.zeros([64, 64])", `Tensor<[64, 64], "float32">`],
  ["const weights = scores.mul(8 ** -0.5).add(mask).softmax()", `Tensor<["batch", 4, 64, 64], "float32">`],
  [
    "const attended = weights.matMul(heads[2]!).transpose([0, 2, 1, 3]).reshape([-1, 64, 32])",
    `Tensor<["batch", 64, 32], "float32">`,
  ],
  [
    'const hidden = tf.einsum("btw,wh->bth", x.add(attended), tf.zeros([32, 128]))',
    `Tensor<["batch", 64, 128], "float32">`,
  ],
  [
    'const logits = tf.einsum("bth,vh->btv", hidden.relu(), tf.zeros([65, 128]))',
    `Tensor<["batch", 64, 65], "float32">`,
  ],
  ["const loss = logits.logSumExp(-1).mean()", `Tensor<[], "float32">`],
];

/** What goes into models and comes out of them. */
const models: readonly (readonly [line: string, type: string])[] = [
  ["const net = nn.sequential(nn.input(28, 28, 1), nn.flatten(), nn.dense(10))", "Model<[28, 28, 1], [10]>"],
  ["const scores = net.predict(tf.zeros([32, 28, 28, 1]))", `Tensor<[32, 10], "float32">`],
  ["const unknown = net.forward(tf.zeros([] as number[]))", `Tensor<[number, 10], "float32">`],
  ["const text = nn.gpt({ vocab: 65, context: 64, width: 32, heads: 4, layers: 1 })", "Model<[64], [64, 65]>"],
  ['const next = text.predict(tf.zeros([2, 64], "int32"))', `Tensor<[2, 64, 65], "float32">`],
  ['const short = text.predict(tf.zeros([2, 5], "int32"))', `Tensor<[2, 5, 65], "float32">`],
  ["const gradients = tf.variableGrads(() => net.forward(tf.zeros([1, 28, 28, 1])).square().mean())", ""],
  ["const any: nn.Model = net", "Model<Shape, Shape>"],
  ["const all = any.predict(tf.zeros([3, 2]))", `Tensor<Dims, "float32">`],
  ["const sum = all.add(1).mean()", `Tensor<[], "float32">`],
];

const head = 'import { nn, tf, type Tensor } from "../../src/index.js";\n';
const expressions = [...Object.keys(good), ...bad.map(([text]) => text), ...refused.map(([text]) => text)];
const [whole] = compile(
  [`${values}\n${expressions.map((text, index) => `const x${index} = ${text};`).join("\n")}`],
  head,
);
const first = (index: number): string => `const x${index} = `;

/** The errors of the expression with this number. */
function errorsOf(index: number): readonly { readonly message: string; readonly at: string }[] {
  return whole!.errors.filter(({ line }) => line.startsWith(first(index)));
}

const [handmade, called, misfed] = compile(
  [
    gpt.map(([line]) => `${line};`).join("\n"),
    models.map(([line]) => `${line};`).join("\n"),
    "nn.sequential(nn.input(784), nn.dense(10)).predict(tf.zeros([32, 28, 28]));",
  ],
  head,
);

const run = (text: string) =>
  new Function("tf", `${values.replace(/const (\w+): [^=]+=/g, "const $1 =")}; return ${text.replaceAll("]!", "]")};`)(
    tf,
  );

test("every expression that fits hovers with its shape, and that is the shape of the run", () => {
  Object.entries(good).forEach(([text, type], index) => {
    assert.deepEqual(errorsOf(index), [], text);
    assert.equal(whole!.types[`x${index}`], type, text);
    const made = run(text) as library.tf.Tensor;
    const dims = /^Tensor<(.*), "(\w+)">$/.exec(type)!;
    assert.equal(made.dtype, dims[2], text);
    if (dims[1] === "number[]") return;
    const expected = dims[1]!
      .slice(1, -1)
      .split(", ")
      .filter((one) => one !== "");
    assert.equal(made.shape.length, expected.length, text);
    expected.forEach((one, at) => {
      if (/^\d+$/.test(one)) assert.equal(made.shape[at], Number(one), text);
    });
  });
  assert.deepEqual(whole!.any, [], "any");
});

test("what does not fit is an error on its argument, and run time says the same", () => {
  bad.forEach(([text, at, message], position) => {
    const errors = errorsOf(Object.keys(good).length + position);
    assert.equal(errors.length, 1, `${text}: ${errors.map((error) => error.message).join("\n")}`);
    assert.ok(errors[0]!.message.replaceAll('\\"', '"').includes(message), `${text}: ${errors[0]!.message}`);
    assert.ok(errors[0]!.at.startsWith(at), `${text}: at ${errors[0]!.at}`);
    const said = message.replace("?", "4");
    assert.throws(
      () => run(text),
      (error: unknown) => error instanceof library.ShapeError && error.message.startsWith(said),
      text,
    );
  });
});

test("what only the types know is an error of the types", () => {
  refused.forEach(([text, at, message], position) => {
    const errors = errorsOf(Object.keys(good).length + bad.length + position);
    assert.equal(errors.length, 1, text);
    assert.ok(errors[0]!.message.replaceAll('\\"', '"').includes(message), `${text}: ${errors[0]!.message}`);
    assert.ok(errors[0]!.at.startsWith(at), `${text}: at ${errors[0]!.at}`);
  });
});

test("a GPT's forward pass written by hand, and what goes through models, is inferred line by line", () => {
  for (const [made, lines] of [
    [handmade!, gpt],
    [called!, models],
  ] as const) {
    assert.deepEqual(made.errors, []);
    for (const [line, type] of lines) {
      const name = /^const (\w+)/.exec(line)![1]!;
      if (type !== "") assert.equal(made.types[name], type, line);
    }
    assert.deepEqual(made.any, []);
  }
});

test("a batch that a model does not take is an error of types", () => {
  assert.equal(misfed!.errors.length, 1);
  assert.ok(
    misfed!.errors[0]!.message.includes('"expected input [batch, 784], got [32, 28, 28]"'),
    misfed!.errors[0]!.message,
  );
});
