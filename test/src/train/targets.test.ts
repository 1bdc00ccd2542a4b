/** Losses, metrics and targets that do not belong together are refused before anything is changed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import { DataError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { sgd } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { type FitOptions, fit } from "../../../src/train/index.js";
import { network, points } from "./small.js";

const { metrics, losses } = nn;

test("losses and metrics that were not called are refused, and so are lists for a loss", async () => {
  const run = (options: object) =>
    fit(network(), points(), { loss: "crossEntropy", optimizer: "sgd", ...options } as FitOptions);
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ loss: losses.huber }, /fit: loss: expected a loss, got huber, which makes one\. Write nn\.losses\.huber\(\)\./],
    [{ metrics: [metrics.f1] }, /fit: metrics: expected a metric, got f1, which makes one\. Write nn\.metrics\.f1\(\)/],
    [{ metrics: ["f2"] }, /got "f2"\. Did you mean 'f1'\?/],
    [{ loss: "focl" }, /got "focl"\. Did you mean 'focal'\?/],
    [
      { loss: losses.crossEntropy({ reduction: "none" }) },
      /expected one number, got crossEntropy with reduction "none"/,
    ],
  ];
  for (const [options, message] of cases) {
    await assert.rejects(run(options), (error: Error) => error instanceof ValueError && message.test(error.message));
  }
});

test("targets that a loss cannot take are named before anything is changed", async () => {
  const data = (y: number[][]) =>
    fromArrays(
      y.map((_, index) => [index, 1]),
      y,
    );
  const make = (outputs: number) => nn.sequential(nn.input(2), nn.dense(outputs)) as nn.Model;
  const cases: readonly (readonly [FitOptions["loss"], number[][], RegExp, number?])[] = [
    ["binaryCrossEntropy", [[0], [1.5]], /expected targets from 0 to 1, got 1\.5 in example 1/],
    ["poissonNll", [[0], [-1]], /expected targets from 0, got -1 in example 1/],
    [
      "crossEntropy",
      [
        [0.5, 0.5],
        [0.5, 0.6],
      ],
      /probabilities, 0 to 1 each and 1 together, got \[0\.5, 0\.6\d*\] in example 1/,
    ],
    ["klDivergence", [[1.5, -0.5]], /got \[1\.5, -0\.5\] in example 0/],
    ["contrastive", [[1], [7]], /expected targets from 0 to 1, got 7 in example 1/],
    ["cosineEmbedding", [[-1], [-2]], /expected targets from -1 to 1, got -2 in example 1/],
    [
      "ctc",
      [[1, 2]],
      /with output \[3\] can give, got labels of sequences, for an output \[time, classes\], in example 0/,
      3,
    ],
    ["gaussianNll", [[1, 2]], /expected targets of shape \[1\] for gaussianNll, got 2 values an example/, 2],
    [losses.quantile({ at: [0.1, 0.9] }), [[1, 2]], /expected targets of shape \[1\] for quantile/, 2],
    ["multiMargin", [[1, 2]], /expected one class index an example for multiMargin, got 2 values/, 2],
  ];
  for (const [loss, y, message, outputs] of cases) {
    const run = fit(make(outputs ?? y[0]!.length), data(y) as never, { loss: loss!, optimizer: "sgd" });
    await assert.rejects(
      run,
      (error: Error) => error instanceof DataError && message.test(error.message),
      `${message}`,
    );
  }
});

test("two classes of a single output are told the way out", async () => {
  const data = fromArrays([[0], [1]], [0, 1], { classes: ["no", "yes"] });
  const net = nn.sequential(nn.input(1), nn.dense(1));
  await assert.rejects(
    fit(net, data as never),
    /^DataError: fit: your data: expected class indices from 0 to 0 \(1 class\), got 1 at example 1\. Each class has an output of its own/,
  );
});

test("labels that CTC cannot spell are named", async () => {
  const speech = (y: number[][]) => fromArrays(tf.ones([y.length, 4, 2]), y) as never;
  const net = () => nn.sequential(nn.input(4, 2), nn.dense(3)) as nn.Model;
  const cases: readonly (readonly [number[][], RegExp])[] = [
    [
      [
        [1, 2],
        [1, 3],
      ],
      /fit: your data: expected labels that sequential with output \[4, 3\] can give, got 3 in example 1/,
    ],
    [[[0, 1]], /got the blank 0 among the labels in example 0/],
    [[[1, 1, 1]], /got labels that need 5 time steps where there are 4/],
    [[[-1, 1]], /got labels after the first −1/],
  ];
  for (const [y, message] of cases) {
    await assert.rejects(
      fit(net(), speech(y), { loss: "ctc", optimizer: "sgd" }),
      (error: Error) => error instanceof DataError && message.test(error.message),
    );
  }
  const wrong = losses.ctc({ withInputLengths: true });
  await assert.rejects(fit(net(), speech([[5, 1]]), { loss: wrong, optimizer: "sgd" }), /got 5 time steps of 4/);
  const run = await fit(
    net(),
    speech([
      [1, 2],
      [2, -1],
    ]),
    { loss: "ctc", optimizer: sgd(0.1), epochs: 30 },
  );
  assert.ok(run.epochs.at(-1)!.loss < run.epochs[0]!.loss);
});
