import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Message } from "../../kernel/wire/message.js";
import { type KernelClient, startKernel } from "./client.js";

let kernel: KernelClient;
/** What the trained weights add up to: it must not change. */
let weights: unknown;

const sumOfWeights = `[...nn.weights(net)].length + ":" + net.parameters.map((p) => p.variable.sum().dataSync()[0]).join()`;

before(async () => {
  kernel = await startKernel();
  await kernel.result(`
    import { data, nn, optim, tf, train } from "nabla";
    const rows = Array.from({ length: 64 }, (_, i) => [Math.sin(i), Math.cos(i), i % 2]);
    const set = data.fromArrays(rows, rows.map((row) => row[2]), { classes: 2 });
    const net = nn.sequential(nn.input(3), nn.dense(8), nn.tanh(), nn.dense(2));
    await train.fit(net, set, { loss: "crossEntropy", optimizer: optim.sgd(0.1), epochs: 2, batchSize: 16 });`);
  weights = await kernel.result(sumOfWeights);
});
after(() => kernel.close());

/** What goes wrong, what must be said, and in which type of error. */
const mistakes: readonly (readonly [what: string, code: string, ename: RegExp, evalue: RegExp])[] = [
  ["a type error", "net.predict('a picture')", /TypeScriptError/, /Argument of type/],
  [
    "a layer that does not fit",
    "nn.sequential(nn.input(784), nn.conv2d(16, 3))",
    /TypeScriptError/,
    /conv2d: expected input \[height, width, channels\], got \[784\]/,
  ],
  ["a runtime error", "const nothing = JSON.parse('{'); nothing", /SyntaxError/, /JSON/],
  [
    "an unhandled rejection",
    "void Promise.reject(new Error('nobody listens')); await new Promise((r) => setTimeout(r, 50))",
    /Error/,
    /nobody listens/,
  ],
  [
    "an exception in a timer",
    "setTimeout(() => { throw new RangeError('late') }, 5); await new Promise((r) => setTimeout(r, 50))",
    /RangeError/,
    /late/,
  ],
  ["process.exit()", "process.exit(3)", /ExitError/, /exit/],
  [
    "a batch that does not fit",
    "net.predict(tf.zeros([2, 5]))",
    /TypeScriptError/,
    /expected input \[batch, 3\], got \[2, 5\]/,
  ],
  [
    "a shape mismatch at run time",
    "const five: number = 5; net.predict(tf.zeros([2, five]))",
    /ShapeError/,
    /expected .*\[.*3\], got \[2, 5\]/,
  ],
  [
    "two tensors that do not fit",
    "tf.matMul(tf.zeros([2, 3]), tf.zeros([4, 5])).dataSync()",
    /TypeScriptError/,
    /matMul: expected \[\.\.\., 3, m\] to multiply \[2, 3\], got \[4, 5\]/,
  ],
  [
    "NaN loss",
    "await train.fit(net, set, { loss: (p) => p.sum().mul(NaN), optimizer: optim.sgd(0.1) })",
    /NonFiniteError/,
    /step \d+.*loss of NaN/,
  ],
  [
    "an empty data set",
    "data.fromArrays([], [], { classes: 2 })",
    /DataError/,
    /expected at least one example|empty|got 0|none/,
  ],
  ["labels out of range", "data.fromArrays([[1, 2, 3]], [7], { classes: 2 })", /DataError/, /7/],
  ["a model bigger than memory", "nn.sequential(nn.input(1_000_000), nn.dense(1_000_000))", /MemoryError/, /TB|GB/],
  ["a tensor bigger than memory", "tf.zeros([1_000_000, 1_000_000])", /MemoryError/, /TB|GB/],
];

for (const [what, code, ename, evalue] of mistakes) {
  test(`${what} is a clear error in its cell; kernel, variables and trained weights stay`, async () => {
    const { outputs } = await kernel.execute(code);
    const errors = outputs.filter((message: Message) => message.header.msg_type === "error");
    assert.equal(errors.length, 1, JSON.stringify(outputs.map((message) => message.content)));
    const { ename: name, evalue: text, traceback } = errors[0]!.content as Record<string, unknown>;
    assert.match(String(name), ename);
    assert.match(String(text), evalue);
    assert.ok(Array.isArray(traceback) && traceback.join("\n").includes("In["), "the traceback names the cell");
    assert.equal(await kernel.result(sumOfWeights), weights);
  });
}

test("a forgotten await is told where the value would be", async () => {
  const way = "put await before it to get its value";
  assert.equal(await kernel.result("new Promise(() => {})"), `Promise { <pending> }: ${way}`);
  assert.equal(await kernel.result("Promise.resolve(42)"), `Promise { 42 }: ${way}`);
});

test("an error inside a library shows the user's own line", async () => {
  const { outputs } = await kernel.execute(
    "const shapes = (four: number) =>\n  tf.matMul(tf.ones([2, 3]), tf.ones([four, 5]));\nshapes(4)",
  );
  const error = outputs.find((message) => message.header.msg_type === "error");
  assert.ok(error);
  assert.match((error.content.traceback as string[]).join("\n"), /In\[\d+\]:2:6/);
});

test("after all of that the network trains on", async () => {
  const before = Number(await kernel.result("train.history(net).steps.length"));
  await kernel.result(`await train.fit(net, set, { loss: "crossEntropy", optimizer: "adam", batchSize: 16 })`);
  assert.equal(Number(await kernel.result("train.history(net).steps.length")), before + 4);
});
