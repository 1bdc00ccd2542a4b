/** What hooks see, against PyTorch 2.13; test/fixtures/captures.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as nn from "../../../src/nn/index.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { assertRefused, type Fixture, readFixture } from "../../layer-parity.js";
import { assertClose, fill, fillWeights, tokens } from "../../parity.js";

interface Captures extends Fixture {
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const oracle = readFixture<Captures>("captures");

function makeNet(): nn.Model<[4], [3]> {
  const net = nn.sequential(nn.input(4), nn.dense(5), nn.tanh(), nn.residual(nn.dense(5)), nn.dense(3));
  fillWeights(net);
  return net;
}

const x = () => fill("x", 3, 4);
const probed = (output: tf.Tensor) => output.mul(fill("probe", 3, 3)).sum();
const makeGpt = () => nn.gpt({ vocab: 5, context: 6, width: 8, heads: 2, layers: 2, dropout: 0.2, seed: 1 });

test("capture gives what PyTorch's forward hooks see, of every layer, also inside of layers", () => {
  const captured = nn.capture(makeNet(), x(), "**");
  assert.deepEqual([...captured.keys()], ["layers.0", "layers.1", "layers.2.0", "layers.2", "layers.3"]);
  for (const [path, values] of Object.entries(oracle.values)) assertClose(captured.get(path)!, values, 1e-5, path);
  assert.deepEqual(captured.get("layers.3")!.dataSync(), makeNet().predict(x()).dataSync());
});

test("captureGradients gives what PyTorch's backward hooks see", () => {
  const gradients = nn.captureGradients(makeNet(), x(), probed, Object.keys(oracle.gradients));
  assert.deepEqual([...gradients.keys()], ["layers.0", "layers.1", "layers.2.0", "layers.3"]);
  for (const [path, values] of Object.entries(oracle.gradients)) assertClose(gradients.get(path)!, values, 1e-4, path);
});

test("paths choose: one, several, by patterns", () => {
  const gpt = makeGpt();
  const x = tokens("x", 5, 2, 6);
  const keys = (paths: string | string[]) => [...nn.capture(gpt, x, paths).keys()];
  assert.deepEqual(keys("norm"), ["norm"]);
  assert.deepEqual(keys(["head", "tokens"]), ["tokens", "head"]);
  assert.deepEqual(keys("blocks.*"), ["blocks.0", "blocks.1"]);
  const weights = nn.capture(gpt, x, "blocks.*.attention.weights");
  assert.deepEqual(
    [...weights].map(([path, value]) => [path, value.shape]),
    [
      ["blocks.0.attention.weights", [2, 2, 6, 6]],
      ["blocks.1.attention.weights", [2, 2, 6, 6]],
    ],
  );
});

test("a model of tokens has gradients between its layers, too, and what the loss does not see has zeros", () => {
  const gpt = makeGpt();
  const x = tokens("x", 5, 2, 6);
  const first = (logits: tf.Tensor) => logits.slice([0, 0, 0], [1, 6, 5]).square().sum();
  const gradients = nn.captureGradients(gpt, x, first, ["tokens", "blocks.*"]);
  assert.deepEqual([...gradients.keys()], ["tokens", "blocks.0", "blocks.1"]);
  for (const [path, gradient] of gradients) {
    assert.deepEqual(gradient.shape, [2, 6, 8], path);
    const examples = gradient.abs().sum([1, 2]).dataSync();
    assert.ok(examples[0]! > 1e-4 && examples[1] === 0, `${path}: ${examples}`);
  }
  const none = nn.captureGradients(gpt, x, () => tf.scalar(1), "blocks.0").get("blocks.0")!;
  assert.deepEqual([none.shape, none.abs().sum().dataSync()[0]], [[2, 6, 8], 0]);
});

test("with training, dropout is on and moving averages stay as they are", () => {
  const net = nn.sequential(nn.input(50), nn.batchNorm(), nn.dropout(0.5));
  const before = nn.weights(net);
  const inference = nn.capture(net, fill("x", 8, 50), "layers.1").get("layers.1")!;
  const training = nn.capture(net, fill("x", 8, 50), "layers.1", { training: true }).get("layers.1")!;
  const zeros = (value: tf.Tensor) => value.equal(0).sum().dataSync()[0]!;
  assert.equal(zeros(inference), 0);
  assert.ok(zeros(training) > 100);
  for (const [path, value] of nn.weights(net)) assert.deepEqual(value.dataSync(), before.get(path)!.dataSync(), path);
});

test("nothing but what was asked for is left behind, and an error leaves nothing", () => {
  const net = makeNet();
  const input = x();
  const calls: [kept: number, run: () => unknown][] = [
    [2, () => nn.capture(net, input, ["layers.0", "layers.3"])],
    [1, () => nn.captureGradients(net, input, (y) => y.square().sum(), "layers.1")],
    [0, () => assert.throws(() => nn.capture(net, input, "layers.9"))],
    [0, () => assert.throws(() => nn.captureGradients(net, input, (y) => y, "layers.1"))],
  ];
  for (const [kept, run] of calls) {
    const before = tf.memory().numTensors;
    run();
    assert.equal(tf.memory().numTensors - before, kept, String(run));
  }
});

test("hooks see the parts of a transformer block, and values on their way with a mask", () => {
  const gpt = makeGpt();
  const seen = [...nn.capture(gpt, tokens("x", 5, 1, 6), "blocks.0.**").keys()];
  assert.deepEqual(seen, [
    "blocks.0.norm1",
    "blocks.0.attention.weights",
    "blocks.0.attention",
    "blocks.0.norm2",
    "blocks.0.mlp",
  ]);
  const masked = nn.sequential(nn.input(6), nn.embedding(5, 4, { maskZero: true }), nn.lstm(3), nn.dense(2));
  const x = tf.tensor2d([[1, 2, 3, 0, 0, 0]], [1, 6], "int32");
  const captured = nn.capture(masked, x, "**");
  assert.deepEqual([...captured.keys()], ["layers.0", "layers.1", "layers.2"]);
  assert.deepEqual(captured.get("layers.2")!.dataSync(), masked.predict(x).dataSync());
  const gradient = nn.captureGradients(masked, x, (y) => y.sum(), "layers.0").get("layers.0")!;
  const places = gradient.abs().sum([0, 2]).dataSync();
  assert.ok(places.slice(0, 3).every((value) => value > 0) && places.slice(3).every((value) => value === 0));
});

test("a forward pass goes on with what its tap returns, also when compiled", () => {
  const net = makeNet();
  const halved = (input: tf.Tensor) =>
    net.forward(input, { training: false, tap: (path, value) => (path === "layers.2" ? value.mul(0.5) : value) });
  const hidden = nn.capture(net, x(), "layers.2").get("layers.2")!;
  const last = net.parameters.slice(-2).map(({ variable }) => variable);
  const expected = hidden.mul(0.5).matMul(last[0]!).add(last[1]!);
  assertClose(halved(x()), Array.from(expected.dataSync()), 1e-6);
  assertClose(compile(halved)(x()), Array.from(expected.dataSync()), 1e-6);
});

test("what cannot be is refused, in words that help", () => {
  const net = makeNet();
  const sum = (y: tf.Tensor) => y.sum();
  assertRefused([
    [
      () => nn.capture(net, x(), "layers.7"),
      /^ValueError: capture: expected a path of sequential, got 'layers\.7'\. Did you mean 'layers\.\d'\?$/,
    ],
    [() => nn.captureGradients(net, x(), sum, ["layers.0", "layer.1"]), /Did you mean 'layers\.1'\?$/],
    [() => nn.capture(net, x(), []), /^ValueError: capture: expected paths like "layers\.0" or .*, got \[\]\.$/],
    [() => nn.capture({} as never, x(), "layers.0"), /^ValueError: capture: expected a model, got Object\./],
    [() => nn.capture(net, x(), "layers.0", { trainning: true } as never), /Did you mean 'training'\?$/],
    [() => nn.capture(net, tf.zeros([3, 5]), "layers.0"), /^ShapeError: sequential: expected input \[batch, 4\]/],
    [
      () => nn.captureGradients(net, x(), (y) => y, "layers.0"),
      /^ShapeError: captureGradients: loss: expected one number, got \[3, 3\]\. End it with \.mean\(\)\.$/,
    ],
    [
      () => nn.captureGradients(net, x(), "layers.0" as never, "layers.0"),
      /^ValueError: captureGradients: loss: expected a function of the model's output, its loss, got "layers\.0"\.$/,
    ],
  ]);
});
