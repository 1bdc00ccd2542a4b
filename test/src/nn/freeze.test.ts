import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import * as nn from "../../../src/nn/index.js";
import { adamW, sgd } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { fit } from "../../../src/train/index.js";
import { assertRefused } from "../../layer-parity.js";

const rows = Array.from({ length: 20 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const data = fromArrays(
  rows,
  rows.map((_, i) => i % 3),
  { classes: 3 },
);

function makeNet(): nn.Model<[2], [3]> {
  nn.seed(2);
  return nn.sequential(nn.input(2), nn.dense(8), nn.batchNorm(), nn.tanh(), nn.dense(3));
}

const train = (model: nn.Model<[2], [3]>, optimizer = adamW(0.05)) =>
  fit(model, data, { loss: "crossEntropy", optimizer, batchSize: 5, epochs: 2 });
const values = (model: nn.Model) =>
  Object.fromEntries(model.parameters.map(({ path, variable }) => [path, Array.from(variable.dataSync())]));
const changed = (before: Record<string, number[]>, after: Record<string, number[]>) =>
  Object.keys(before).filter((path) => before[path]!.some((value, index) => !Object.is(value, after[path]![index])));
const trainable = (model: nn.Model) => model.parameters.filter((one) => one.trainable).map(({ path }) => path);

const learned = ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"];
const moving = ["layers.1.movingMean", "layers.1.movingVariance"];
const last = ["layers.3.weight", "layers.3.bias"];

test("a run leaves frozen weights alone to the bit, and a later one moves them again", async () => {
  const net = makeNet();
  const first = values(net);
  assert.deepEqual(nn.freeze(net, "layers.0"), ["layers.0.weight", "layers.0.bias"]);
  assert.deepEqual(trainable(net), ["layers.1.weight", "layers.1.bias", ...last]);
  await train(net);
  const second = values(net);
  assert.deepEqual(changed(first, second), [...learned.slice(2), ...moving, ...last]);
  assert.deepEqual(nn.unfreeze(net), ["layers.0.weight", "layers.0.bias"]);
  await train(net);
  assert.deepEqual(changed(second, values(net)), [...learned, ...moving, ...last]);
});

test("weight decay does not reach what is frozen, and the same optimizer goes on with the rest", async () => {
  const net = makeNet();
  const optimizer = adamW(0.05, { weightDecay: 0.5 });
  await train(net, optimizer);
  nn.freeze(net, ["layers.0", "layers.3.bias"]);
  const before = values(net);
  await train(net, optimizer);
  assert.deepEqual(changed(before, values(net)), [...learned.slice(2), ...moving, "layers.3.weight"]);
});

test("a frozen batchNorm keeps its averages and normalizes with them in training", async () => {
  const net = makeNet();
  await train(net);
  assert.deepEqual(nn.freeze(net, "layers.1"), [...learned.slice(2), ...moving]);
  const before = values(net);
  const x = tf.tensor2d(rows);
  const [training, inference] = [net.forward(x, { training: true }), net.predict(x)];
  assert.ok(training.sub(inference).abs().max().dataSync()[0]! < 1e-6);
  await train(net);
  assert.deepEqual(changed(before, values(net)), [...learned.slice(0, 2), ...last]);
  nn.unfreeze(net, "layers.1");
  assert.deepEqual(trainable(net), [...learned, ...last], "averages are never trained");
  const other = net.forward(x, { training: true });
  assert.ok(other.sub(net.predict(x)).abs().max().dataSync()[0]! > 1e-3);
});

test("gradients are what they are without freezing, for the weights that move", async () => {
  const [whole, part] = [makeNet(), makeNet()];
  nn.freeze(part, "layers.0");
  const once = (model: nn.Model<[2], [3]>) =>
    fit(model, data, { loss: "crossEntropy", optimizer: sgd(0.1), batchSize: 20, maxSteps: 1 });
  await once(whole);
  await once(part);
  for (const path of [...learned.slice(2), ...moving, ...last]) {
    assert.deepEqual(values(part)[path], values(whole)[path], path);
  }
});

test("patterns name weights, places, and all that lies under them", () => {
  const gpt = () => nn.gpt({ vocab: 5, context: 4, width: 4, heads: 1, layers: 3 });
  const count = (patterns?: string | string[]) => nn.freeze(gpt(), patterns).length;
  assert.equal(count(), gpt().parameters.length);
  assert.equal(count("blocks.1"), 12);
  assert.equal(count("blocks"), 36);
  assert.equal(count("blocks.*"), 36);
  assert.equal(count("blocks.*.attention"), 12);
  assert.equal(count("blocks.*.norm*.weight"), 6);
  assert.equal(count("**.bias"), 19);
  assert.equal(count(["tokens", "positions", "tokens.weight"]), 2);
  const model = gpt();
  nn.freeze(model, "blocks");
  assert.deepEqual(nn.freeze(model, "blocks.0"), [], "already");
  assert.equal(nn.unfreeze(model, "blocks.2").length, 12);
});

test("a model with everything frozen says how to let it move again, and frozen weights can be set", async () => {
  const net = makeNet();
  nn.freeze(net);
  await assert.rejects(
    train(net),
    /^ValueError: fit: expected a model with weights to train, got sequential with all of them frozen\. nn\.unfreeze/,
  );
  nn.copyWeights(makeNet(), net);
  assert.deepEqual(values(net), values(makeNet()));
});

test("what cannot be is refused, and then nothing is frozen", () => {
  const net = makeNet();
  assertRefused([
    [
      () => nn.freeze(net, ["layers.0", "layers.4"]),
      /^ValueError: freeze: expected weights of sequential, got 'layers\.4'\. Did you mean 'layers\.0\.weight'\?$/,
    ],
    [() => nn.freeze(net, "layer.0.weight"), /Did you mean 'layers\.0\.weight'\?$/],
    [() => nn.freeze(net, []), /^ValueError: freeze: expected paths like "layers\.0" or \["blocks\.\*"\], got \[\]\.$/],
    [() => nn.freeze(net, 3 as never), /^ValueError: freeze: expected paths .*, got 3\.$/],
    [() => nn.unfreeze(net, ""), /^ValueError: unfreeze: expected paths .*, got ""|got \[""\]/],
    [() => nn.freeze({} as never), /^ValueError: freeze: expected a model, got Object\. Make one with nn\.sequential/],
  ]);
  assert.equal(trainable(net).length, 6);
});
