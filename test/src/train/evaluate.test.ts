import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { fromArrays, text } from "../../../src/data/index.js";
import { DataError, InterruptedError, ShapeError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { memory } from "../../../src/runtime/index.js";
import { classify, evaluate, fit } from "../../../src/train/index.js";
import { network, options, points } from "./small.js";

/** A classifier without weights: the scores are its inputs. */
const mirror = () => nn.sequential(nn.input(3), nn.dropout(0.5));
const scores = [
  [2, 1, 0],
  [0, 3, 1],
  [1, 0, 5],
  [4, 0, 1],
];
const data = fromArrays(scores, [0, 1, 2, 2], { classes: ["a", "b", "c"] });

test("evaluate gives the mean loss and accuracy, whatever the batch size, with dropout off", async () => {
  const surprise = (row: number[], label: number) =>
    Math.log(row.reduce((sum, s) => sum + Math.exp(s), 0)) - row[label]!;
  const expected =
    (surprise(scores[0]!, 0) + surprise(scores[1]!, 1) + surprise(scores[2]!, 2) + surprise(scores[3]!, 2)) / 4;
  for (const batchSize of [1, 3, 4, 100]) {
    const { loss, accuracy } = await evaluate(mirror(), data, { batchSize });
    assert.ok(Math.abs(loss - expected) < 1e-6, `${loss} ≠ ${expected}`);
    assert.equal(accuracy, 0.75);
  }
});

test("evaluate takes the loss that the model was trained with, or the one that suits the data", async () => {
  const net = nn.sequential(nn.input(1), nn.dense(1));
  const line = fromArrays([1, 2, 3], [1, 2, 3]);
  const squared = await evaluate(net, line);
  assert.deepEqual(Object.keys(squared), ["loss"]);
  await fit(net, line, { loss: "meanAbsoluteError", optimizer: "sgd" });
  const named = await evaluate(net, line, { loss: "meanAbsoluteError" });
  assert.equal((await evaluate(net, line)).loss, named.loss);
});

test("for token models, accuracy counts characters", async () => {
  const { train } = text("abcabcabcabcabcabcabc").blocks(4, { validation: 0.3 });
  const gpt = nn.gpt({ vocab: 3, context: 4, width: 8, heads: 2, layers: 1, seed: 1 });
  await fit(gpt, train, { loss: "crossEntropy", optimizer: "adam", epochs: 150, batchSize: 3 });
  const { accuracy, loss } = await evaluate(gpt, train);
  assert.equal(accuracy, 1);
  assert.ok(loss < 0.5);
});

test("a loss of the user's own that is no number is refused, as fit refuses it", async () => {
  const [net, line] = [nn.sequential(nn.input(1), nn.dense(1)), fromArrays([1, 2, 3], [1, 2, 3])];
  const values: nn.Loss = (prediction, target) => prediction.sub(target).square();
  const nothing = (() => undefined) as never;
  for (const judge of [
    (loss: nn.Loss) => evaluate(net, line, { loss }),
    (loss: nn.Loss) => fit(net, line, { loss, quiet: true }),
  ]) {
    await assert.rejects(judge(values), /loss: expected one number, got \[3, 1\]\. End the loss with \.mean\(\)/);
    await assert.rejects(judge(nothing), /loss: expected one number, got undefined/);
  }
});

test("evaluate can be stopped", async () => {
  await assert.rejects(evaluate(network(), points(), { signal: AbortSignal.abort() }), InterruptedError);
});

test("classify says what was seen, what it is, what it was taken for, and how surely", () => {
  const before = memory().tensors;
  const seen = classify(mirror(), data, [3, 1]);
  assert.deepEqual([seen.indices, seen.inputShape, seen.classes], [[3, 1], [3], ["a", "b", "c"]]);
  assert.deepEqual([...seen.inputs], [4, 0, 1, 0, 3, 1]);
  assert.deepEqual(
    [[...seen.labels], [...seen.predicted]],
    [
      [2, 1],
      [0, 1],
    ],
  );
  const sum = Math.exp(4) + Math.exp(0) + Math.exp(1);
  assert.ok(Math.abs(seen.probability[0]! - Math.exp(4) / sum) < 1e-6);
  assert.ok(Math.abs(seen.probabilities[2]! - Math.exp(1) / sum) < 1e-6);
  assert.equal(seen.probabilities.length, 6);
  assert.equal(memory().tensors, before);
});

test("classify refuses what is no classification", async () => {
  assert.throws(() => classify(mirror(), fromArrays([[1, 2, 3]], [0.5]), [0]), DataError);
  const gpt = nn.gpt({ vocab: 3, context: 4, width: 8, heads: 2, layers: 1 });
  assert.throws(() => classify(gpt, data, [0]), ShapeError);
  assert.throws(() => classify(mirror(), data, [4]), /expected an index from 0 to 3/);
  await fit(network(), points(), { ...options(), maxSteps: 1 });
});

test("what was measured reads well: numbers in a line, a list in one, a table as a table", async () => {
  const metrics = ["accuracy", nn.metrics.f1({ average: "none" }), "confusionMatrix"] as const;
  const found = await evaluate(network(), points(), { metrics });
  const lines = inspect(found).split("\n");
  assert.match(lines[0]!, /^loss [\d.]+ · accuracy [\d.]+$/);
  assert.match(lines[1]!, /^f1: a [\d.]+, b [\d.]+, c [\d.]+$/);
  assert.equal(lines[2], "confusionMatrix:");
  assert.match(lines[3]!, /^ +a +b +c$/);
  const rows = lines.slice(4).map((line) => line.trim().split(/ +/));
  assert.deepEqual(
    rows,
    ["a", "b", "c"].map((row) => [
      row,
      ...["a", "b", "c"].map((column) => `${found[`confusionMatrix[${row}][${column}]`]}`),
    ]),
  );
  assert.deepEqual(Object.keys(found).length, 2 + 3 + 9, "and is numbers by name, nothing else");
  assert.equal(String(found), inspect(found));
});
