import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { folds } from "../../../src/data/index.js";
import { displaySymbol } from "../../../src/door.js";
import { DataError, ValueError } from "../../../src/errors.js";
import { nn, train } from "../../../src/index.js";
import { evaluate, FoldsInterruptedError, fit, kFold, observeRuns } from "../../../src/train/index.js";
import { rendered } from "../display/bundles.js";
import { network, numbers, options, points } from "./small.js";

const chosen = () => {
  const { validate, ...rest } = options();
  return rest;
};

test("each fold is a model of its own, trained on the others and measured on this one", async () => {
  const data = points(24);
  const seen: number[] = [];
  const made = await kFold(
    (fold) => {
      seen.push(fold);
      return network();
    },
    data,
    { ...chosen(), folds: 4 },
  );
  assert.deepEqual(seen, [1, 2, 3, 4]);
  assert.equal(new Set(made.folds.map(({ run }) => run.model)).size, 4);
  for (const [index, parts] of folds(data, { folds: 4, seed: 3, stratified: true }).entries()) {
    const { run, validation } = made.folds[index]!;
    const net = network();
    await fit(net, parts.train, { ...chosen(), validate: parts.validation });
    assert.deepEqual(numbers(run.model), numbers(net), `fold ${index + 1}`);
    const { loss, accuracy } = await evaluate(net, parts.validation);
    assert.ok(Math.abs(validation.loss - loss) < 1e-6 && Math.abs(validation.accuracy! - accuracy!) < 1e-6);
  }
  const losses = made.folds.map(({ validation }) => validation.loss);
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / 4;
  const variance = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 3;
  assert.ok(Math.abs(made.mean.loss - mean) < 1e-12 && Math.abs(made.deviation.loss - Math.sqrt(variance)) < 1e-12);
  assert.match(inspect(made), /^4 folds: loss [\d.]+ ± [\d.]+ · accuracy [\d.]+ ± [\d.]+$/);
});

test("the result displays itself as a table, a row a fold, mean and deviation under them", async () => {
  const made = await train.kFold(() => network(), points(24), { ...chosen(), folds: 3, epochs: 1 });
  assert.ok(displaySymbol in made);
  const { data } = await rendered(made as never);
  const lines = (data["text/plain"] as string).split("\n");
  assert.match(lines[0]!, /^k-fold: 3 folds of points, each measured/);
  assert.match(lines[2]!, /^fold\s+epochs\s+steps\s+loss\s+accuracy$/);
  assert.match(lines[6]!, /^3\s+1\s+4\s+[\d.]+\s+[\d.]+$/);
  assert.match(lines.at(-1)!, /^± deviation/);
  assert.equal((data["text/html"] as string).match(/<tr>/g)?.length, 1 + 3 + 2);
});

test("the folds of a run draw no curves unless they are to", async () => {
  const runs: string[] = [];
  observeRuns(({ model }) => {
    runs.push(model);
    return undefined;
  });
  await kFold(() => network(), points(24), { ...chosen(), folds: 2, epochs: 1 });
  assert.deepEqual(runs, []);
  await kFold(() => network(), points(24), { ...chosen(), folds: 2, epochs: 1, quiet: false });
  assert.deepEqual(runs, ["sequential", "sequential"]);
});

test("stopped, the error has the folds that were done", async () => {
  const controller = new AbortController();
  let steps = 0;
  const observers = [{ onStep: () => void (++steps === 20 && controller.abort()) }];
  const going = kFold(() => network(), points(24), { ...chosen(), folds: 3, observers, signal: controller.signal });
  await assert.rejects(going, (error) => {
    assert.ok(error instanceof FoldsInterruptedError, String(error));
    assert.equal(error.folds.length, 1);
    assert.match(error.message, /kFold: expected 3 folds, got a stop after 1\. Those that were done/);
    return true;
  });
});

test("what kFold cannot do is refused", async () => {
  const data = points(12);
  const wrong = (make: unknown, more: object) =>
    kFold(make as () => nn.Model<[2], [3]>, data, { ...chosen(), ...more });
  await assert.rejects(
    wrong(network(), {}),
    /kFold: expected a function that makes a model, got Network\. Write \(\) =>/,
  );
  await assert.rejects(wrong(network, { folds: 13 }), ValueError);
  await assert.rejects(wrong(network, { folds: 5 }), DataError, "4 of each class");
  await assert.rejects(wrong(network, { fold: 3 }), /^ValueError: kFold: .*got 'fold'\. Did you mean 'folds'\?$/);
  const one = network();
  await assert.rejects(
    wrong(() => one, { folds: 3 }),
    /^ValueError: kFold: expected another model for each fold, got the same one for fold 2\. Make it inside/,
  );
  await assert.rejects(wrong(network, { validate: data }), /kFold: expected options without 'validate'/);
  await assert.rejects(wrong(network, { folds: 3, epoch: 3 }), /Did you mean 'epochs'/);
  const values = nn.sequential(nn.input(3), nn.dense(1));
  await assert.rejects(
    wrong(() => values, { folds: 3 }),
    /fit: expected examples of shape \[3\]/,
  );
});

test("a model of other inputs is an error of types, too", () => {
  const check = () => {
    const make = () => nn.sequential(nn.input(28, 28, 1), nn.flatten(), nn.dense(10));
    // @ts-expect-error [number] is not [28, 28, 1]
    void kFold(make, points(), chosen());
  };
  assert.equal(typeof check, "function");
});
