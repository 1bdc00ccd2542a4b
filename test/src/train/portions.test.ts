/** How much of a data set a run takes, and in which order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dataset, folds, split } from "../../../src/data/index.js";
import { NonFiniteError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { adam } from "../../../src/optim/index.js";
import { evaluate, fit, history, kFold, observeRuns, resume, steps } from "../../../src/train/index.js";
import { network, numbers, options, points, watched } from "./small.js";

/** The batches that are drawn while `work` runs. */
async function batches(work: (data: Dataset<readonly [number]>) => Promise<unknown>): Promise<number[][]> {
  const seen: number[][] = [];
  await work(watched(points(), (indices) => void seen.push([...indices])));
  return seen;
}

const alone = () => ({ ...options(), validate: undefined as never });
const plain = () => {
  const { validate, ...rest } = options();
  return rest;
};

test("a share of the data is set aside for validation, as data.split does, and never trained on", async () => {
  const [net, twin] = [network(), network()];
  const seen = await batches((data) => fit(net, data, { ...plain(), epochs: 2, validate: 0.3 }));
  const { train, validation } = split(points(), 0.3, { seed: 3 });
  const run = await fit(twin, train, { ...plain(), epochs: 2, validate: validation });
  assert.deepEqual(numbers(net), numbers(twin));
  assert.equal(validation.size, 7);
  const trained = new Set([...seen.slice(0, 4), ...seen.slice(6, 10)].flat());
  const held = new Set(seen.slice(4, 6).flat());
  assert.deepEqual([trained.size, held.size, new Set([...trained, ...held]).size], [16, 7, 23]);
  const score = await evaluate(twin, validation);
  assert.ok(Math.abs(score.loss - run.epochs[1]!.validation!.loss) < 1e-6);
});

test("overfitBatches trains on the same batches in every epoch, and learns them by heart", async () => {
  const seen = await batches((data) => fit(network(), data, { ...plain(), epochs: 3, overfitBatches: 2 }));
  assert.deepEqual(
    seen.map(({ length }) => length),
    [5, 5, 5, 5, 5, 5],
  );
  assert.deepEqual([seen[2], seen[3], seen[4], seen[5]], [seen[0], seen[1], seen[0], seen[1]]);
  assert.equal(new Set(seen.slice(0, 2).flat()).size, 10);
  const other = await batches((data) => fit(network(), data, { ...plain(), seed: 9, overfitBatches: 2 }));
  assert.notDeepEqual(other.slice(0, 2), seen.slice(0, 2));
  const whole = await batches((data) => fit(network(), data, { ...plain(), epochs: 1, overfitBatches: 5 }));
  assert.equal(new Set(whole.flat()).size, 23, "the last batch may be short");
  nn.seed(1);
  const net = nn.sequential(nn.input(2), nn.dense(16), nn.tanh(), nn.dense(3));
  const run = await fit(net, points(), { ...plain(), optimizer: adam(0.05), epochs: 150, overfitBatches: 2 });
  assert.ok(run.epochs.at(-1)!.loss < 0.1, run.toString());
});

test("without shuffling, every epoch has the order of the data set", async () => {
  const seen = await batches((data) => fit(network(), data, { ...plain(), epochs: 2, shuffle: false }));
  const order = Array.from({ length: 23 }, (_, index) => index);
  assert.deepEqual(seen.flat(), [...order, ...order]);
});

test("fastDevRun makes a batch of training and one of validation, and leaves everything as it was", async () => {
  const [net, twin] = [network(), network()];
  const [optimizer, other] = [adam(0.01), adam(0.01)];
  const ends: string[] = [];
  const observers = [{ onEnd: ({ reason }: { reason: string }) => void ends.push(reason) }];
  const before = numbers(net);
  const seen = await batches((data) =>
    fit(net, data, { ...options(), optimizer, validate: data, fastDevRun: true, observers }),
  );
  assert.deepEqual(
    seen.map(({ length }) => length),
    [5, 5],
  );
  assert.deepEqual([numbers(net), history(net).steps.length, ends], [before, 0, ["finished"]]);
  const run = await fit(net, points(), { ...options(), optimizer, fastDevRun: 3, earlyStopping: {} });
  assert.deepEqual([run.steps, run.epochs.length, run.history.steps.length], [3, 1, 3]);
  assert.ok(run.epochs[0]!.validation!.loss > 0);
  await assert.rejects(resume(net), /no run yet/);
  const broken = fit(net, points(), {
    ...options(),
    optimizer,
    fastDevRun: true,
    loss: (p) => p.mean().sub(1e9).sqrt(),
  });
  await assert.rejects(broken, NonFiniteError);
  for await (const { step } of steps(net, points(), { ...options(), optimizer })) if (step === 7) break;
  for await (const { step } of steps(twin, points(), { ...options(), optimizer: other })) if (step === 7) break;
  await fit(net, points(), { ...options(), optimizer, fastDevRun: 2 });
  await resume(net);
  await resume(twin);
  assert.deepEqual(numbers(net), numbers(twin), "a run in between goes on as if nothing had been, bit for bit");
});

test("a quiet run is not shown to the makers of observers", async () => {
  let seen = 0;
  observeRuns(() => {
    seen++;
    return undefined;
  });
  await fit(network(), points(), { ...plain(), epochs: 1, quiet: true });
  assert.equal(seen, 0);
  await fit(network(), points(), { ...plain(), epochs: 1 });
  assert.equal(seen, 1);
});

test("portions that make no sense are refused before anything is changed", async () => {
  for (const [more, words] of [
    [{ validate: 0 }, /fit: validate: expected a data set, or a share between 0 and 1, got 0/],
    [{ validate: 1.2 }, /got 1.2/],
    [{ validate: Number.NaN }, /got NaN/],
    [{ validate: 0.001 }, /split: expected a share that leaves examples on both sides, got 0.001 of 23/],
    [{ fastDevRun: -1 }, /fit: fastDevRun: expected a whole number above 0, got -1/],
    [{ fastDevRun: 1.5 }, /fit: fastDevRun: /],
    [{ overfitBatches: 0 }, /fit: overfitBatches: expected a whole number above 0, got 0/],
    [{ overfitBatches: 6 }, /fit: overfitBatches: expected at most the 5 batches of points, got 6/],
    [{ shuffle: "no" }, /fit: shuffle: expected true or false, got "no"/],
    [{ quiet: 1 }, /fit: quiet: expected true or false, got 1/],
  ] as const) {
    const net = network();
    const before = numbers(net);
    const given = { ...alone(), ...more } as Parameters<typeof fit>[2];
    await assert.rejects(fit(net, points(), given), (error: Error) => {
      assert.ok(error instanceof ValueError, String(error));
      assert.match(error.message, words);
      return true;
    });
    assert.deepEqual(numbers(net), before);
  }
});

test("weights of examples go with them into portions and folds", async () => {
  const data = points();
  const sampleWeight = Array.from({ length: 23 }, (_, index) => (index % 4) / 2);
  const rows = (dataset: { indices: Int32Array }) => Array.from(dataset.indices, (row) => sampleWeight[row]!);
  const [whole, twin] = [network(), network()];
  await fit(whole, data, { ...plain(), epochs: 1, validate: 0.3, sampleWeight });
  const { train, validation } = split(data, 0.3, { seed: 3 });
  await fit(twin, train, { ...plain(), epochs: 1, validate: validation, sampleWeight: rows(train) });
  assert.deepEqual(numbers(whole), numbers(twin));
  const made = await kFold(() => network(), data, { ...plain(), folds: 3, epochs: 1, sampleWeight });
  const third = network();
  const [fold] = folds(data, { folds: 3, seed: 3, stratified: true });
  await fit(third, fold!.train, { ...plain(), epochs: 1, sampleWeight: rows(fold!.train) });
  assert.deepEqual(numbers(made.folds[0]!.run.model), numbers(third));
  const short = kFold(() => network(), data, { ...plain(), sampleWeight: [1] });
  await assert.rejects(short, /kFold: sampleWeight: expected 23 numbers, one an example of points, got 1/);
});
