/** Schedules, groups and averages in a run of fit. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { InterruptedError, ValueError } from "../../../src/errors.js";
import { freeze, unfreeze } from "../../../src/nn/index.js";
import * as optim from "../../../src/optim/index.js";
import { evaluate, type FitOptions, fit, history, type Observer, resume, steps } from "../../../src/train/index.js";
import { temporaryFolder } from "../folder.js";
import { network, numbers, options, points } from "./small.js";

const folder = temporaryFolder();
let folders = 0;

const schedule = optim.cosine({ peak: 0.1, steps: 15, warmup: 3 });
const rates = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => schedule(from + index, []));

test("each step has the rate of the schedule, and tells it", async () => {
  const net = network();
  const run = await fit(net, points(), { ...options(), optimizer: optim.adam(schedule) });
  assert.equal(run.plan.optimizer, "adam(cosine({ peak: 0.1, steps: 15, warmup: 3 }))");
  assert.deepEqual(Array.from(run.history.steps.learningRate), rates(0, 15));
});

test("a schedule moves weights as rates that are set by hand do, to the bit", async () => {
  const [scheduled, byHand] = [network(), network()];
  await fit(scheduled, points(), { ...options(), optimizer: optim.adam(schedule) });
  const optimizer = optim.adam(schedule(0, []));
  const onStep = ({ step }: { step: number }) => {
    optimizer.learningRate = schedule(step, []);
  };
  await fit(byHand, points(), { ...options(), optimizer, observers: [{ onStep }] });
  assert.deepEqual(numbers(scheduled), numbers(byHand));
});

test("a run that was interrupted goes on in its schedule, and ends as one that was not, averages included", async () => {
  const make = () => optim.ema(optim.adamW(schedule, { groups: [{ match: /bias/, weightDecay: 0 }] }), { decay: 0.8 });
  const [whole, optimizer] = [network(), make()];
  await fit(whole, points(), { ...options(), optimizer });
  const averages = optimizer.withAverages(whole, () => numbers(whole));
  for (const stop of [1, 4, 5, 11]) {
    const [net, other, controller] = [network(), make(), new AbortController()];
    const observer: Observer = { onStep: ({ step }) => step === stop && controller.abort() };
    const given = { ...options(), optimizer: other, observers: [observer], signal: controller.signal };
    await assert.rejects(fit(net, points(), given), InterruptedError);
    await resume(net, { observers: [] });
    assert.deepEqual(numbers(net), numbers(whole), `stopped after step ${stop}`);
    assert.deepEqual(Array.from(history(net).steps.learningRate), rates(0, 15));
    assert.deepEqual(
      other.withAverages(net, () => numbers(net)),
      averages,
    );
  }
});

test("a run that goes on from a checkpoint in a new model does so, too: schedules, groups, averages, what epochs told", async () => {
  const groups = [{ match: /bias/, weightDecay: 0 }];
  const plateau = () => optim.reduceOnPlateau({ rate: 0.1, patience: 0, threshold: 0.9, factor: 0.5 });
  const kinds: (() => optim.Averaging)[] = [
    () => optim.ema(optim.adamW(schedule, { groups }), { decay: 0.8 }),
    () => optim.swa(optim.lamb(plateau()), { from: 2 }),
    () => optim.ema(optim.muon(optim.perEpoch(optim.exponential({ rate: 0.1, factor: 0.5 })))),
    () => optim.ema(optim.adafactor(0.1)),
  ];
  for (const make of kinds) {
    const [whole, optimizer] = [network(), make()];
    await fit(whole, points(), { ...options(), optimizer });
    const directory = join(folder, String(folders++));
    const chosen = { ...options(), optimizer: make(), checkpoint: { directory, every: 4 } };
    for await (const { step } of steps(network(), points(), chosen)) if (step === 13) break;
    const [net, other] = [network(), make()];
    await resume(net, points(), { ...options(), optimizer: other, from: directory });
    assert.deepEqual(history(net).steps.learningRate, history(whole).steps.learningRate, optimizer.label);
    assert.deepEqual(numbers(net), numbers(whole), optimizer.label);
    const averages = (one: optim.Averaging, model: typeof net) => one.withAverages(model, () => numbers(model));
    assert.deepEqual(averages(other, net), averages(optimizer, whole), optimizer.label);
  }
});

test("a run whose weights joined at different times is resumed to the bit", async () => {
  const make = () => optim.swa(optim.adam(optim.cosine({ peak: 0.1, steps: 20 })));
  const begun = async () => {
    const [net, optimizer] = [network(), make()];
    freeze(net, "layers.0");
    await fit(net, points(), { ...options(), optimizer, epochs: 1 });
    unfreeze(net);
    return [net, optimizer] as const;
  };
  const [whole, optimizer] = await begun();
  await fit(whole, points(), { ...options(), optimizer });
  const counts = whole.parameters.map((parameter) => optimizer.steps([parameter]));
  assert.deepEqual([Math.min(...counts), Math.max(...counts)], [15, 20]);
  const directory = join(folder, String(folders++));
  const [broken, interrupted] = await begun();
  const chosen = { ...options(), optimizer: interrupted, checkpoint: { directory, every: 4 } };
  for await (const { step } of steps(broken, points(), chosen)) if (step === 13) break;
  const [net, other] = [network(), make()];
  await resume(net, points(), { ...options(), optimizer: other, from: directory });
  assert.deepEqual(numbers(net), numbers(whole));
  assert.deepEqual(
    net.parameters.map((parameter) => other.steps([parameter])),
    counts,
  );
});

test("in a second fit the same optimizer goes on in its schedule, and with another model it begins", async () => {
  const [optimizer, net, other] = [optim.adam(schedule), network(), network()];
  await fit(net, points(), { ...options(), optimizer, epochs: 1 });
  await fit(other, points(), { ...options(), optimizer, epochs: 1 });
  await fit(net, points(), { ...options(), optimizer, epochs: 1 });
  assert.deepEqual(Array.from(history(net).steps.learningRate), rates(0, 10));
  assert.deepEqual(Array.from(history(other).steps.learningRate), rates(0, 5));
});

test("schedules hear the loss of each epoch, of the validation where there is one", async () => {
  for (const validate of [points(7, 1), undefined]) {
    const heard: (readonly number[])[] = [];
    const listening: optim.Schedule = (_step, losses) => {
      heard[losses.length] = losses;
      return 0.01;
    };
    const given = { ...options(), optimizer: optim.adam(listening) } as {
      -readonly [K in keyof FitOptions]: FitOptions[K];
    };
    if (validate === undefined) delete given.validate;
    const run = await fit(network(), points(), given);
    const expected = run.epochs.map(({ loss, validation }) => Math.fround(validation?.loss ?? loss));
    assert.deepEqual(heard, [[], expected.slice(0, 1), expected.slice(0, 2)]);
  }
});

test("a rate falls where the loss does not, and by the epoch", async () => {
  const plateau = optim.reduceOnPlateau({ rate: 1e-9, patience: 0, threshold: 0.5, factor: 0.5 });
  const stairs = optim.perEpoch(optim.stepDecay({ rate: 1e-9, every: 1, factor: 0.5 }));
  for (const [rate, expected] of [
    [plateau, [1, 1, 0.5]],
    [stairs, [1, 0.5, 0.25]],
  ] as const) {
    const run = await fit(network(), points(), { ...options(), optimizer: optim.sgd(rate) });
    const told = Array.from(run.history.steps.learningRate, (value) => value * 1e9);
    assert.deepEqual(
      told,
      expected.flatMap((share) => Array.from({ length: 5 }, () => share)),
    );
  }
});

test("a schedule that gives no rate ends the run before that step, which the error names", async () => {
  for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY, undefined, "0.1"]) {
    const net = network();
    const broken = ((step: number) => (step === 6 ? bad : 0.01)) as optim.Schedule;
    await assert.rejects(fit(net, points(), { ...options(), optimizer: optim.adam(broken) }), (error) => {
      assert.ok(error instanceof ValueError);
      const got = typeof bad === "string" ? `"${bad}"` : String(bad);
      const expected = "adam(broken): learningRate of step 7: expected a finite number from 0, got";
      assert.equal(error.message, `${expected} ${got}. broken gave it.`);
      return true;
    });
    assert.equal(history(net).steps.length, 6);
    assert.ok(numbers(net).every(Number.isFinite));
  }
});

test("a group that fits no weight of the model is refused before anything is changed", async () => {
  const net = network();
  const before = numbers(net);
  const optimizer = optim.adamW(0.1, { groups: [{ match: "layer.0", learningRateScale: 2 }] });
  await assert.rejects(
    fit(net, points(), { ...options(), optimizer }),
    /^ValueError: adamW: groups\[0\]: expected a match/,
  );
  assert.deepEqual(numbers(net), before);
  assert.equal(history(net).steps.length, 0);
});

test("the model can be evaluated with its averages, and is as it was afterwards", async () => {
  const [net, optimizer] = [network(), optim.ema(optim.adam(0.05), { decay: 0.9 })];
  await fit(net, points(), { ...options(), optimizer });
  const [weights, plain] = [numbers(net), await evaluate(net, points(7, 1))];
  const averaged = await optimizer.withAverages(net, () => evaluate(net, points(7, 1)));
  assert.notEqual(averaged.loss, plain.loss);
  assert.deepEqual(numbers(net), weights);
  assert.deepEqual(await evaluate(net, points(7, 1)), plain);
});
