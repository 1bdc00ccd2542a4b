/** What fit and evaluate make of losses and metrics: of a whole data set, not of its batches. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays, text } from "../../../src/data/index.js";
import * as nn from "../../../src/nn/index.js";
import { sgd } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { evaluate, fit, type StepRecord } from "../../../src/train/index.js";
import { Means } from "../../../src/train/means.js";
import { assertClose, fill, tokens } from "../../parity.js";
import { network, numbers, points } from "./small.js";

const { metrics, losses } = nn;

test("evaluate says what metrics say of all examples at once, whatever the batch size", async () => {
  const net = network();
  const data = points();
  const { x, y } = data.batch(Array.from({ length: 23 }, (_, index) => index));
  const prediction = net.predict(x);
  const chosen = ["f1", metrics.rocAuc(), metrics.confusionMatrix(), "matthews"] as const;
  for (const batchSize of [1, 7, 23, 100]) {
    const found = await evaluate(net, data, { loss: "crossEntropy", metrics: chosen, batchSize });
    assertClose(metrics.f1()(prediction, y), [found.f1!], 1e-6);
    assertClose(metrics.rocAuc()(prediction, y), [found.rocAuc!], 1e-6);
    assertClose(metrics.matthews()(prediction, y), [found.matthews!], 1e-6);
    assert.deepEqual(
      Object.entries(found)
        .filter(([name]) => name.startsWith("confusionMatrix"))
        .map(([name]) => name)
        .slice(0, 4),
      ["confusionMatrix[a][a]", "confusionMatrix[a][b]", "confusionMatrix[a][c]", "confusionMatrix[b][a]"],
    );
    const table = Array.from(metrics.confusionMatrix()(prediction, y).dataSync());
    assert.equal(found["confusionMatrix[b][c]"], table[5]);
  }
});

test("fit's validation is of the whole set, its steps of their batches, its epochs of all of them", async () => {
  const net = network();
  const held = points(17, 2);
  const steps: StepRecord[] = [];
  const run = await fit(net, points(), {
    loss: "crossEntropy",
    optimizer: sgd(0),
    metrics: ["accuracy", metrics.f1({ average: "none" }), metrics.averagePrecision()],
    validate: held,
    batchSize: 5,
    observers: [{ onStep: (record) => void steps.push(record) }],
  });
  const whole = await evaluate(net, held, { loss: "crossEntropy", metrics: ["f1"] });
  const { validation, metrics: epoch } = run.epochs[0]!;
  const three = ["f1[a]", "f1[b]", "f1[c]"].map((name) => validation!.metrics[name]!);
  assert.ok(Math.abs(three.reduce((sum, value) => sum + value / 3, 0) - whole.f1!) < 1e-6);
  assert.deepEqual(run.plan.metrics, ["accuracy", "averagePrecision"], "those that are one number");
  assert.equal(steps.length, 5);
  for (const { metrics } of steps) assert.ok(metrics["f1[b]"]! >= 0 && metrics["f1[b]"]! <= 1);
  const mean = steps.reduce((sum, { metrics }, i) => sum + (metrics.accuracy! * (i < 4 ? 5 : 3)) / 23, 0);
  assert.ok(Math.abs(epoch.accuracy! - mean) < 1e-9);
  assert.ok(epoch["f1[a]"] !== undefined && epoch.averagePrecision !== undefined);
});

test("metrics of a batch that was cut into parts are those of the whole", async () => {
  const learn = async (accumulate: number) => {
    nn.seed(5);
    const net = nn.sequential(nn.input(2), nn.dense(3));
    const chosen = { metrics: ["accuracy", "f1", "rocAuc", "perplexity"], batchSize: 10, maxSteps: 1 } as const;
    const run = await fit(net, points(10), { loss: "crossEntropy", optimizer: sgd(0.5), accumulate, ...chosen });
    return Object.values(run.history.steps.at(-1)!.metrics);
  };
  const whole = await learn(1);
  assert.equal(whole.length, 4);
  assertClose(tf.tensor1d(await learn(3)), whole, 1e-6);
});

test("a loss that leaves positions out is the mean of the others: of a batch in parts, of an epoch, of a data set", async () => {
  const data = points(20);
  const loss = losses.crossEntropy({ ignoreIndex: 2, weight: [1, 3, 1] });
  const make = () => {
    nn.seed(5);
    return nn.sequential(nn.input(2), nn.dense(3));
  };
  const net = make();
  const { x, y } = data.batch(Array.from({ length: 20 }, (_, index) => index));
  const expected = loss(net.predict(x), y).dataSync()[0]!;
  for (const batchSize of [3, 7, 20]) {
    const found = await evaluate(net, data, { loss, batchSize });
    assert.ok(Math.abs(found.loss - expected) < 1e-6, `${batchSize}: ${found.loss} ≠ ${expected}`);
    assert.deepEqual(Object.keys(found), ["loss", "accuracy"], "accuracy is measured without being asked for");
  }
  const still = await fit(make(), data, { loss, optimizer: sgd(0), batchSize: 7 });
  assert.ok(Math.abs(still.epochs[0]!.loss - expected) < 1e-6);
  const learn = async (accumulate: number) => {
    const net = make();
    await fit(net, data, { loss, optimizer: sgd(0.5), batchSize: 20, accumulate });
    return numbers(net);
  };
  assertClose(tf.tensor1d(await learn(3)), await learn(1), 1e-5);
});

test("a loss that is a sum stays one when a batch is cut into parts", async () => {
  const learn = async (accumulate: number) => {
    nn.seed(5);
    const net = nn.sequential(nn.input(2), nn.dense(3));
    const loss = losses.crossEntropy({ reduction: "sum" });
    const run = await fit(net, points(10), { loss, optimizer: sgd(0.05), batchSize: 10, accumulate, maxSteps: 1 });
    return [...numbers(net), run.history.steps.loss[0]!];
  };
  assertClose(tf.tensor1d(await learn(4)), await learn(1), 1e-5);
});

test("sums of an epoch can be told in numbers, and gone on from", () => {
  const chosen = [metrics.f1({ average: "none" }), metrics.averagePrecision({ average: "none" }), metrics.rocAuc()];
  const named = chosen.map((metric) => ({ name: metric.name, given: metric, metric }));
  const make = () => new Means(named, ["a", "b", "c"], { rows: false });
  const measured = (seed: number) => {
    const [x, y] = [fill(`x.${seed}`, 12, 3), tokens(`y.${seed}`, 3, 12)];
    const states = chosen.map((metric) =>
      metric.state(x, y).map((tensor) => ({ shape: tensor.shape, values: tensor.dataSync() })),
    );
    return { examples: 12, loss: seed / 3, weight: 12 - seed, states };
  };
  const [whole, first, second] = [make(), make(), make()];
  for (const seed of [1, 2, 3]) whole.add(measured(seed));
  for (const seed of [1, 2]) first.add(measured(seed));
  second.restore(JSON.parse(JSON.stringify(first.sums)) as number[]);
  assert.deepEqual(second.metrics, first.metrics);
  assert.deepEqual(Object.keys(second.metrics).slice(2, 4), ["f1[c]", "averagePrecision[a]"]);
  second.add(measured(3));
  assert.deepEqual([second.loss, second.metrics], [whole.loss, whole.metrics]);
  const fresh = make();
  fresh.restore(make().sums);
  fresh.add(measured(1));
  assert.equal(fresh.loss, 1 / 3);
});

test("metrics of one name are told apart by their options", async () => {
  const chosen = [metrics.f1(), metrics.f1({ average: "micro" }), "accuracy", "accuracy"] as const;
  const found = await evaluate(network(), points(), { loss: "crossEntropy", metrics: chosen });
  assert.deepEqual(Object.keys(found), ["loss", "f1()", 'f1({ average: "micro" })', "accuracy()", "accuracy() 2"]);
  assert.ok(Math.abs(found['f1({ average: "micro" })']! - found["accuracy()"]!) < 1e-9);
});

test("a metric of the user's own may gather what it wants", async () => {
  const farthest = metrics.streaming("farthest", {
    gather: "rows",
    state: (prediction) => [prediction.abs().max(-1)],
    result: ([rows]) => Math.max(...Array.from(rows!.values)),
  });
  const net = network();
  const data = points();
  const { farthest: found } = await evaluate(net, data, { loss: "crossEntropy", metrics: [farthest], batchSize: 4 });
  const { x } = data.batch(Array.from({ length: 23 }, (_, index) => index));
  assertClose(net.predict(x).abs().max(), [found!], 1e-6);
});

test("an AUC of examples that are all alike says nothing, and ends nothing", async () => {
  const alike = fromArrays(
    [
      [1, 2],
      [3, 4],
    ],
    [1, 1],
    { classes: 3 },
  );
  const run = await fit(network(), alike, { loss: "crossEntropy", optimizer: "sgd", metrics: ["rocAuc"] });
  assert.ok(Number.isNaN(run.epochs[0]!.metrics.rocAuc));
});

test("labels that are no class can be left out, of a fit and of what it measures", async () => {
  const labels = [0, -100, 2, -100, 1, 0];
  const rows = labels.map((label, index) => [label, index / 3]);
  assert.throws(() => fromArrays(rows, labels, { classes: 3 }), /got -100 at example 1/);
  const data = fromArrays(rows, labels, { classes: ["a", "b", "c"], ignoreIndex: -100 });
  const net = nn.sequential(nn.input(2), nn.dense(3));
  await assert.rejects(fit(net, data, { loss: "crossEntropy", optimizer: "sgd" }), /got -100 at example 1/);
  const loss = losses.crossEntropy({ ignoreIndex: -100 });
  const chosen = {
    metrics: ["accuracy", metrics.confusionMatrix({ ignoreIndex: -100 })],
    classWeight: { a: 2 },
  } as const;
  const run = await fit(net, data, { loss, optimizer: sgd(0.1), batchSize: 2, epochs: 2, ...chosen });
  const counted = Object.entries(run.epochs[1]!.metrics).filter(([name]) => name.startsWith("confusionMatrix"));
  assert.equal(
    counted.reduce((sum, [, count]) => sum + count, 0),
    4,
  );
  assert.match(
    run.toString(),
    /^sequential: 2 epochs, 6 steps · loss [\d.]+ · accuracy [\d.]+$/,
    "tables are left out",
  );
});

test("maps of classes can be learned: targets are as large as the picture", async () => {
  const pictures = fill("pictures", 6, 4, 4, 2);
  const maps = pictures.argMax(-1);
  const data = fromArrays(pictures, maps);
  const net = nn.sequential(nn.input(4, 4, 2), nn.conv2d(2, 1));
  for (const loss of ["dice", "crossEntropy", "focal"] as const) {
    const run = await fit(net, data as never, { loss, optimizer: sgd(0.5), epochs: 40, metrics: ["iou"] });
    assert.ok(run.epochs.at(-1)!.loss < run.epochs[0]!.loss, loss);
    assert.ok(run.epochs.at(-1)!.metrics.iou! > 0.8, `${loss}: ${run.epochs.at(-1)!.metrics.iou}`);
  }
});

test("of a token model, perplexity is that of all tokens, and BLEU counts what it would say", async () => {
  const { train } = text("abcabcabcabcabcabcabc").blocks(4, { validation: 0.3 });
  const gpt = nn.gpt({ vocab: 3, context: 4, width: 8, heads: 2, layers: 1, seed: 1 });
  const chosen = { loss: "crossEntropy", metrics: ["perplexity", "bleu"], batchSize: 3 } as const;
  await fit(gpt, train, { ...chosen, optimizer: "adam", epochs: 150 });
  const { loss, perplexity, bleu } = await evaluate(gpt, train, chosen);
  assert.ok(Math.abs(perplexity! - Math.exp(loss)) < 1e-5 * perplexity!);
  assert.ok(Math.abs(bleu! - 100) < 1e-6, `${bleu}`);
  const named = await evaluate(gpt, train, { loss: "perplexity", batchSize: 100 });
  assert.ok(Math.abs(named.loss - perplexity!) < 1e-4);
});
