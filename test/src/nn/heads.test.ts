import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import { ShapeError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { sgd } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { evaluate, fit, history } from "../../../src/train/index.js";
import { assertClose, fill, fillWeights, tokens } from "../../parity.js";
import { root } from "../../root.js";

// Made by test/fixtures/heads.py with Keras 3.15.
const oracle = JSON.parse(readFileSync(join(root, "test/fixtures/heads.json"), "utf8")) as {
  readonly history: Readonly<Record<"loss" | "digit_loss" | "odd_loss" | "digit_accuracy", readonly number[]>>;
  readonly outputs: Readonly<Record<"digit" | "odd", readonly number[]>>;
  readonly weighed: Pick<typeof oracle, "history" | "outputs">;
  readonly samples: readonly number[];
};

const makeHeads = () => nn.heads({ digit: nn.dense(3), odd: nn.dense(1) });

function twoHeaded(heads: ReturnType<typeof makeHeads>) {
  const net = nn.sequential(nn.input(4), nn.dense(8), nn.tanh(), heads);
  fillWeights(net);
  return net;
}

/** Inputs, and rows of a digit and whether it is odd. */
function data() {
  const [digit, odd] = [tokens("digit", 3, 12), tokens("odd", 2, 12)];
  return fromArrays(fill("x", 12, 4), tf.stack([digit, odd], 1));
}

test("two losses, weighed, move a model as Keras moves it, and each is told by its name", async () => {
  const heads = makeHeads();
  const net = twoHeaded(heads);
  const loss = heads.loss({
    digit: { loss: "crossEntropy", metrics: ["accuracy"] },
    odd: { loss: "binaryCrossEntropy", weight: 0.25 },
  });
  await fit(net, data(), { loss, optimizer: sgd(0.3), batchSize: 12, epochs: 5, shuffle: false });
  const { steps } = history(net);
  assert.deepEqual(Object.keys(steps.metrics), ["digit loss", "digit accuracy", "odd loss"]);
  for (const [ours, theirs] of [
    [steps.loss, "loss"],
    [steps.metrics["digit loss"], "digit_loss"],
    [steps.metrics["odd loss"], "odd_loss"],
    [steps.metrics["digit accuracy"], "digit_accuracy"],
  ] as const) {
    assertClose(tf.tensor1d(Array.from(ours!)), oracle.history[theirs], 1e-5, theirs);
  }
  const { digit, odd } = heads.split(net.predict(fill("x", 12, 4)));
  assert.deepEqual(
    [digit.shape, odd.shape],
    [
      [12, 3],
      [12, 1],
    ],
  );
  assertClose(digit, oracle.outputs.digit, 1e-5, "digit");
  assertClose(odd, oracle.outputs.odd, 1e-5, "odd");
  const score = await evaluate(net, data());
  assert.ok(Math.abs(score.loss - (score["digit loss"]! + 0.25 * score["odd loss"]!)) < 1e-6);
});

test("weights of classes and of samples count in the heads as in Keras", async () => {
  const heads = makeHeads();
  const net = twoHeaded(heads);
  const loss = heads.loss({
    digit: { loss: "crossEntropy", classWeight: { 1: 0.5, 2: 3 } },
    odd: { loss: "binaryCrossEntropy", weight: 0.25 },
  });
  const { samples, weighed } = oracle;
  await fit(net, data(), {
    loss,
    sampleWeight: samples,
    optimizer: sgd(0.3),
    batchSize: 12,
    epochs: 5,
    shuffle: false,
  });
  assertClose(tf.tensor1d(Array.from(history(net).steps.loss)), weighed.history.loss, 1e-5, "loss");
  const said = heads.split(net.predict(fill("x", 12, 4)));
  for (const name of ["digit", "odd"] as const) assertClose(said[name], weighed.outputs[name], 1e-5, name);
  // Two parts of a batch, whose examples count as before.
  const parts = twoHeaded(heads);
  const halves = { loss, sampleWeight: samples, optimizer: sgd(0.3), batchSize: 12, epochs: 5, shuffle: false };
  await fit(parts, data(), { ...halves, accumulate: 2 });
  assertClose(
    parts.predict(fill("x", 12, 4)),
    Array.from(net.predict(fill("x", 12, 4)).dataSync()),
    1e-5,
    "accumulate",
  );
});

test("the targets of each head are looked at before anything is changed", async () => {
  const heads = makeHeads();
  const net = twoHeaded(heads);
  const loss = heads.loss({ digit: "crossEntropy", odd: "binaryCrossEntropy" });
  const rows = (row: number[]) =>
    fromArrays(
      fill("x", 12, 4),
      Array.from({ length: 12 }, () => row),
    );
  for (const [row, words] of [
    [[3, 0], /^DataError: fit: your data: digit: expected class indices from 0 to 2 \(3 classes\), got 3 at example 0/],
    [[1.5, 0], /^DataError: fit: your data: digit: expected class indices .*, got 1\.5 at example 0/],
    [[1, 7], /^DataError: fit: your data: odd: expected targets from 0 to 1, got 7 in example 0/],
    [[1, 0, 1], /^DataError: fit: your data: expected rows of 2 targets \(digit 1, odd 1\), got 3 in example 0/],
  ] as const) {
    await assert.rejects(fit(net, rows([...row]), { loss }), words);
  }
  await assert.rejects(
    fit(net, data(), { loss, classWeight: { 1: 2 } }),
    /^ValueError: fit: classWeight: expected one loss, got those of the heads digit, odd\. Say it by head: heads\.loss\(\{ digit:/,
  );
  const own = heads.loss({ digit: "crossEntropy", odd: (p, y) => p.sub(y).abs().mean() });
  await assert.rejects(
    fit(net, data(), { loss: own, sampleWeight: oracle.samples }),
    /sampleWeight: expected a loss of nn/,
  );
  const wrong = heads.loss({ digit: { loss: "crossEntropy", classWeight: { 3: 2 } }, odd: "hinge" });
  await assert.rejects(fit(net, data(), { loss: wrong }), /digit: classWeight: expected classes from 0 to 2, got '3'/);
  assert.equal(history(net).steps.length, 0);
});

test("heads may be stacks, values of any shape, and losses functions", async () => {
  const heads = nn.heads({ class: [nn.dense(6), nn.relu(), nn.dense(2)], values: nn.dense(3) });
  const net = nn.sequential(nn.input(4), nn.dense(8), nn.tanh(), heads);
  assert.deepEqual(
    net.parameters.map(({ path }) => path).filter((path) => path.endsWith("weight")),
    ["layers.0.weight", "layers.2.class.0.weight", "layers.2.class.2.weight", "layers.2.values.0.weight"],
  );
  const y = tf.concat([tokens("class", 2, 12, 1).toFloat(), fill("values", 12, 3)], 1);
  const worst = (prediction: tf.Tensor, target: tf.Tensor): tf.Tensor => prediction.sub(target).abs().max();
  const loss = heads.loss({ class: "crossEntropy", values: worst });
  const run = await fit(net, fromArrays(fill("x", 12, 4), y), { loss, optimizer: "adam", epochs: 2, batchSize: 12 });
  assert.equal(run.plan.loss, "class + values");
  assert.deepEqual(Object.keys(run.epochs[0]!.metrics), ["class loss", "values loss"]);
  const { loss: whole, metrics } = run.epochs[0]!;
  assert.ok(Math.abs(whole - metrics["class loss"]! - metrics["values loss"]!) < 1e-5);
});

test("heads that make no sense are refused", async () => {
  const heads = makeHeads();
  const early = heads.loss({ digit: "crossEntropy", odd: "binaryCrossEntropy" });
  assert.throws(() => heads.split(tf.zeros([2, 4])), /heads: expected to be a layer of a model first/);
  assert.throws(() => early(tf.zeros([2, 4]), tf.zeros([2, 2])), ValueError);
  const net = twoHeaded(heads);
  assert.throws(() => heads.split(tf.zeros([2, 5])), /heads: expected predictions \[batch, 4\], got \[2, 5\]/);
  const wide = fromArrays(fill("x", 12, 4), tf.zeros([12, 3]));
  await assert.rejects(
    fit(net, wide, { loss: early, optimizer: "sgd" }),
    /^DataError: fit: your data: expected rows of 2 targets \(digit 1, odd 1\), got 3 in example 0/,
  );
  const rows = () => early(tf.zeros([2, 4]), tf.zeros([2, 3]));
  assert.throws(rows, /heads: loss: expected targets \[batch, 2\] \(digit 1, odd 1\), got \[2, 3\]/);
  const cases: readonly (readonly [() => unknown, RegExp])[] = [
    [() => nn.heads({}), /heads: expected layers by name/],
    [() => nn.heads({ digit: 3 as never }), /heads: digit: expected a layer, or a list of some, got 3/],
    [() => heads.loss({ digit: "crossEntropy" } as never), /heads: loss: odd: expected a loss for each head, got none/],
    [() => heads.loss({ digit: "crossEntropy", od: "hinge" } as never), /got 'od'\. Did you mean 'odd'/],
    [() => heads.loss({ digit: "crosEntropy" as never, odd: "hinge" }), /Did you mean 'crossEntropy'/],
    [
      () => heads.loss({ digit: { loss: "crossEntropy", weight: -1 }, odd: "hinge" }),
      /weight: expected a number from 0/,
    ],
    [
      () => heads.loss({ digit: { loss: "crossEntropy", metrics: "accuracy" as never }, odd: "hinge" }),
      /expected a list/,
    ],
  ];
  for (const [work, words] of cases) {
    assert.throws(work, (error: Error) => error instanceof ValueError && words.test(error.message), String(words));
  }
  const images = nn.heads({ a: nn.conv2d(2, 3) });
  // @ts-expect-error conv2d takes images
  assert.throws(() => nn.sequential(nn.input(4), images), ShapeError);
});
