import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { InterruptedError, ValueError } from "../../../src/errors.js";
import { EarlyStopping, type EarlyStoppingSettings, usuallyBetter } from "../../../src/train/early-stopping.js";
import { evaluate, fit, history, type RunEnd, resume } from "../../../src/train/index.js";
import { root } from "../../root.js";
import { network, numbers, options, points } from "./small.js";

interface Case extends Omit<EarlyStoppingSettings, "metric"> {
  readonly values: readonly (number | null)[];
  /** After so many epochs Keras ended the run, with the weights of epoch `weights`. */
  readonly epochs: number;
  readonly weights: number;
}

// Made by test/fixtures/early-stopping.py with Keras 3.15.
const { cases } = JSON.parse(readFileSync(join(root, "test/fixtures/early-stopping.json"), "utf8")) as {
  readonly cases: readonly Case[];
};

test("a run ends in the epoch in which Keras ends it, with the weights of the same epoch", () => {
  assert.ok(cases.length >= 40 && new Set(cases.map(({ epochs }) => epochs)).size > 5);
  for (const [number, { values, epochs, weights, ...settings }] of cases.entries()) {
    const net = network();
    const stopping = new EarlyStopping({ ...settings, metric: "validation loss" }, net);
    const [parameter] = net.parameters;
    let made = 0;
    for (const value of values) {
      made++;
      parameter!.variable.assign(parameter!.variable.zerosLike().add(made));
      const validation = { loss: value ?? Number.NaN, metrics: {} };
      stopping.look({ epoch: made, step: made, loss: 0, metrics: {}, validation, elapsed: 0 });
      if (stopping.why !== undefined) break;
    }
    stopping.restoreBest();
    assert.deepEqual([made, numbers(net)[0]], [epochs, weights], `case ${number}`);
  }
});

test("a run that gets worse ends early, says why, and ends with its best weights", async () => {
  const ends: RunEnd[] = [];
  const net = network();
  const validate = points(7, 1);
  // The better the training, the worse the accuracy on points of another kind.
  const run = await fit(net, points(), {
    ...options(),
    epochs: 60,
    validate,
    earlyStopping: { patience: 2, better: "higher" },
    observers: [{ onEnd: (end) => void ends.push(end) }],
  });
  const losses = run.epochs.map(({ validation }) => validation!.loss);
  assert.equal(run.end.reason, "early");
  assert.ok(run.epochs.length < 60);
  assert.deepEqual(ends, [run.end]);
  const best = losses.indexOf(Math.max(...losses));
  assert.equal(run.epochs.length, best + 1 + 2);
  assert.deepEqual(run.best, { metric: "validation loss", value: losses[best], epoch: best + 1 });
  assert.match(run.end.why, /^no validation loss better than [\d.]+ of epoch \d+ in 2 epochs$/);
  assert.match(run.toString(), /ended early: no validation loss better/);
  const { loss } = await evaluate(net, validate);
  assert.ok(Math.abs(loss - losses[best]!) < 1e-6, "the weights are those of the best epoch");
  await assert.rejects(resume(net), /got only finished ones \(\d+ steps, the last one ended early: no validation loss/);
});

test("without restoreBest the last weights stay, and with patience Infinity the run goes on to its end", async () => {
  const [last, best] = [network(), network()];
  const chosen = { ...options(), epochs: 6 };
  const kept = await fit(last, points(), {
    ...chosen,
    earlyStopping: { better: "higher", patience: 1, restoreBest: false },
  });
  const whole = await fit(best, points(), { ...chosen, earlyStopping: { better: "higher", patience: Infinity } });
  assert.equal(kept.end.reason, "early");
  assert.deepEqual([whole.end, whole.epochs.length], [{ reason: "finished" }, 6]);
  const plain = network();
  await fit(plain, points(), { ...options(), epochs: kept.epochs.length });
  assert.deepEqual(numbers(last), numbers(plain));
  const until = network();
  await fit(until, points(), { ...options(), epochs: whole.best!.epoch });
  assert.deepEqual(numbers(best), numbers(until), "the weights are those of the best epoch, bit for bit");
});

test("an interrupted run that is resumed ends early where it would have ended", async () => {
  const chosen = () => ({ ...options(), epochs: 40, earlyStopping: { patience: 3, better: "higher" as const } });
  const [whole, net] = [network(), network()];
  const expected = await fit(whole, points(), chosen());
  for (let step = 3; ; step += 4) {
    const controller = new AbortController();
    const observers = [{ onStep: (record: { step: number }) => record.step === step && controller.abort() }];
    const going =
      step === 3
        ? fit(net, points(), { ...chosen(), observers, signal: controller.signal })
        : resume(net, { observers, signal: controller.signal });
    const run = await going.catch((error: unknown) => {
      assert.ok(error instanceof InterruptedError);
    });
    if (run === undefined) continue;
    assert.deepEqual([run.end, run.best, run.steps], [expected.end, expected.best, expected.steps]);
    break;
  }
  assert.deepEqual(numbers(net), numbers(whole));
  assert.equal(history(net).epochs.length, expected.epochs.length);
});

test("a run that goes on from a checkpoint ends early where it would have ended, with the same best weights", async () => {
  const directory = mkdtempSync(join(tmpdir(), "nabla-early-"));
  const chosen = () => ({
    ...options(),
    epochs: 40,
    earlyStopping: { patience: 4, better: "higher" as const },
    checkpoint: { directory },
  });
  const whole = network();
  const { checkpoint, ...unsaved } = chosen();
  const expected = await fit(whole, points(), unsaved);
  const stopAt = expected.steps - 7;
  assert.ok(
    expected.best!.epoch * 5 < stopAt,
    "the best epoch lies before the stop, so that its weights must have been saved",
  );
  const controller = new AbortController();
  const observers = [{ onStep: (record: { step: number }) => record.step === stopAt && controller.abort() }];
  await assert.rejects(
    fit(network(), points(), { ...chosen(), observers, signal: controller.signal }),
    InterruptedError,
  );
  const later = network();
  const run = await resume(later, points(), { ...chosen(), from: directory });
  assert.deepEqual([run.end, run.best, run.steps], [expected.end, expected.best, expected.steps]);
  assert.deepEqual(numbers(later), numbers(whole));
  const other = { ...chosen(), earlyStopping: { patience: 5 }, from: directory };
  await assert.rejects(resume(network(), points(), other), /resume: earlyStopping: expected/);
});

test("names tell which values are better, and where they do not, the user must", async () => {
  assert.deepEqual(
    ["validation loss", "meanSquaredError", "validation accuracy", "rocAuc", "worst"].map(usuallyBetter),
    ["lower", "lower", "higher", "higher", undefined],
  );
});

const bad: readonly (readonly [object, RegExp, object?])[] = [
  [
    { metric: "validation acuracy" },
    /earlyStopping: metric: expected one of "loss", "accuracy", "validation loss", "validation accuracy", got "validation acuracy"\. Did you mean 'validation accuracy'\?/,
  ],
  [{ metric: "validation loss" }, /Nothing is validated: give `validate`, too/, { validate: undefined }],
  [{ patience: -1 }, /fit: earlyStopping: patience: expected a whole number from 0, got -1/],
  [{ patience: 1.5 }, /patience: expected a whole number from 0, got 1.5/],
  [{ minDelta: -0.1 }, /minDelta: expected a number from 0, got -0.1/],
  [{ startAfter: -1 }, /startAfter: expected a whole number from 0, got -1/],
  [{ restoreBest: "yes" }, /restoreBest: expected true or false, got "yes"/],
  [{ better: "less" }, /better: expected "lower" or "higher", got "less"/],
  [{ patince: 3 }, /got 'patince'\. Did you mean 'patience'\?/],
  [
    { metric: "worst" },
    /better: expected "lower" or "higher", got undefined\. Is a low 'worst' good, or a high one\?/,
    { metrics: [function worst() {}] },
  ],
];

test("early stopping refuses what it does not know before anything is changed", async () => {
  for (const [earlyStopping, words, more] of bad) {
    const net = network();
    const before = numbers(net);
    const given = { ...options(), ...more, earlyStopping } as Parameters<typeof fit>[2];
    await assert.rejects(fit(net, points(), given), (error: Error) => {
      assert.ok(error instanceof ValueError, String(error));
      assert.match(error.message, words);
      return true;
    });
    assert.deepEqual(numbers(net), before);
  }
});
