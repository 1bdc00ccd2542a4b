import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { InterruptedError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { adam, adamW, sgd } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import {
  type CheckpointOptions,
  checkpoints,
  type FitOptions,
  fit,
  history,
  load,
  type Observer,
  resume,
  steps,
} from "../../../src/train/index.js";
import { temporaryFolder } from "../folder.js";
import { network, numbers, options, points } from "./small.js";

const folder = temporaryFolder();
let folders = 0;

/** Options with checkpoints in a folder of their own. */
function saved(given: Omit<CheckpointOptions, "directory"> = {}): FitOptions & { checkpoint: CheckpointOptions } {
  return { ...options(), checkpoint: { directory: join(folder, String(folders++)), ...given } };
}

/** What is the same in every run that does the same. */
function lived(model: nn.Model) {
  const { steps, epochs } = history(model);
  const { loss, epoch, learningRate, gradientNorm, metrics } = steps;
  return {
    weights: numbers(model),
    steps: { loss, epoch, learningRate, gradientNorm, metrics },
    epochs: epochs.map(({ elapsed, ...record }) => record),
  };
}

/** Trains and leaves after a step, as if the process had ended there: nothing but the folder is left. */
async function leaveAfter(step: number, chosen: FitOptions, make = network as () => nn.Model): Promise<void> {
  for await (const record of steps(make(), points() as never, chosen)) if (record.step === step) break;
}

const stepsOf = async (directory: string) => (await checkpoints(directory)).map(({ step }) => step);

test("left after any step, a run goes on in a new model and ends as if it had never stopped, bit for bit", async () => {
  const whole = network();
  await fit(whole, points(), options());
  for (let step = 1; step <= 15; step++) {
    const chosen = saved({ every: 4 });
    await leaveAfter(step, chosen);
    const net = network();
    const { directory } = chosen.checkpoint;
    const run = await resume(net, points(), { ...options(), from: directory });
    assert.deepEqual(lived(net), lived(whole), `left after step ${step}`);
    assert.deepEqual([run.steps, run.epochs.length, run.plan.lastStep], [15, 3, 15]);
    assert.equal((await stepsOf(directory))[0], 15, "it went on saving where it was saved");
  }
});

test("momentum, decay, mixed precision, accumulation and clipping go on as well", async () => {
  const batchNormed = () => {
    nn.seed(3);
    return nn.sequential(nn.input(2), nn.dense(8), nn.batchNorm(), nn.tanh(), nn.dropout(0.3), nn.dense(3));
  };
  const kinds: (() => Partial<FitOptions>)[] = [
    () => ({ optimizer: sgd(0.05) }),
    () => ({ optimizer: sgd(0.05, { momentum: 0.9, nesterov: true }) }),
    () => ({ optimizer: adamW(0.01), clipNorm: 0.5, accumulate: 2 }),
    () => ({ optimizer: "adam", precision: "mixed-fp16" }),
    () => ({ optimizer: adam(0.01), maxSteps: 12, precision: "mixed-bf16" }),
  ];
  for (const kind of kinds) {
    const whole = batchNormed();
    await fit(whole, points(), { ...options(), ...kind() });
    const chosen = saved({ every: 3 });
    await leaveAfter(7, { ...chosen, ...kind() }, batchNormed);
    const net = batchNormed();
    await resume(net, points(), { ...options(), ...kind(), from: chosen.checkpoint.directory });
    assert.deepEqual(lived(net), lived(whole), JSON.stringify(kind()));
  }
});

test("what was seen of weights and gradients goes on, too", async () => {
  const looking = { ...options(), statistics: 2 };
  const whole = network();
  await fit(whole, points(), looking);
  const chosen = { ...saved({ every: 4 }), statistics: 2 };
  await leaveAfter(9, chosen);
  const net = network();
  await resume(net, points(), { ...looking, from: chosen.checkpoint.directory });
  assert.deepEqual([...history(net).statistics], [...history(whole).statistics]);
  assert.equal(history(net).statistics.length, 8);
});

test("a learning rate that was changed on the way stays changed", async () => {
  const slower = (given: FitOptions): FitOptions => {
    const optimizer = adam(0.01);
    const observer: Observer = {
      onStep({ step }) {
        if (step === 5) optimizer.learningRate = 0.002;
      },
    };
    return { ...given, optimizer, observers: [observer] };
  };
  const whole = network();
  await fit(whole, points(), slower(options()));
  const chosen = saved({ every: 4 });
  await leaveAfter(9, slower(chosen));
  const net = network();
  await resume(net, points(), { ...options(), optimizer: adam(0.01), from: chosen.checkpoint.directory });
  assert.deepEqual(lived(net), lived(whole));
});

test("random numbers of the process go on: tf's creators, and what nn.seed set", async () => {
  const loss = (scores: tf.Tensor, labels: tf.Tensor) =>
    scores
      .add(tf.randomNormal(scores.shape))
      .sub(tf.oneHot(labels.toInt() as tf.Tensor1D, 3))
      .square()
      .mean();
  const after = () => [...tf.randomUniform([4]).dataSync(), ...numbers(nn.sequential(nn.input(1), nn.dense(3)))];
  const whole = network();
  await fit(whole, points(), { ...options(), loss });
  const expected = after();
  const chosen = saved({ every: 2 });
  await leaveAfter(7, { ...chosen, loss });
  const net = network();
  nn.seed(99);
  await resume(net, points(), { ...options(), loss, from: chosen.checkpoint.directory });
  assert.deepEqual(lived(net), lived(whole));
  assert.deepEqual(after(), expected);
});

test("a model of another seed becomes the one of the run, its dropout included", async () => {
  const chosen = saved({ every: 2 });
  const whole = network();
  await fit(whole, points(), options());
  await leaveAfter(4, chosen);
  nn.seed(1234);
  const net = nn.sequential(nn.input(2), nn.dense(8), nn.tanh(), nn.dropout(0.3), nn.dense(3));
  await resume(net, points(), { ...options(), from: chosen.checkpoint.directory });
  assert.deepEqual(lived(net), lived(whole));
});

test("a model that was trained before goes on with all of its history, and the model at hand loses its own", async () => {
  const [whole, net] = [network(), network()];
  const optimizer = adam(0.01);
  await fit(whole, points(), { ...options(), optimizer });
  const chosen = saved({ every: 2 });
  const first = { ...chosen, optimizer };
  const left = steps(whole, points(), first);
  for await (const { step } of left) if (step === 15 + 7) break;
  await resume(whole);
  await fit(net, points(5), { ...options(), epochs: 1 });
  const run = await resume(net, points(), { ...options(), from: chosen.checkpoint.directory });
  assert.deepEqual(lived(net), lived(whole));
  assert.deepEqual([history(net).steps.length, run.steps, run.epochs.length, run.plan.firstStep], [30, 15, 3, 30]);
});

test("every says when, the end and a stop are saved in any case, and keep says how many stay", async () => {
  const all = saved({ every: 4, keep: 99 });
  await fit(network(), points(), all);
  assert.deepEqual(await stepsOf(all.checkpoint.directory), [15, 12, 8, 4]);
  const some = saved({ every: 4, keep: 2 });
  await fit(network(), points(), some);
  assert.deepEqual(await stepsOf(some.checkpoint.directory), [15, 12]);
  const byEpoch = saved({ keep: 1 });
  await fit(network(), points(), { ...byEpoch, maxSteps: 12 });
  assert.deepEqual(await stepsOf(byEpoch.checkpoint.directory), [12]);
  const stopped = saved({ every: 1000 });
  const controller = new AbortController();
  const observer: Observer = { onStep: ({ step }) => step === 3 && controller.abort() };
  const cut = { ...stopped, observers: [observer], signal: controller.signal };
  await assert.rejects(fit(network(), points(), cut), InterruptedError);
  assert.deepEqual(await stepsOf(stopped.checkpoint.directory), [3]);
  for (const { checkpoint } of [all, some, byEpoch, stopped]) {
    assert.deepEqual(
      readdirSync(checkpoint.directory).filter((name) => name.startsWith(".")),
      [],
    );
  }
});

test("the order of the steps' batches follows from seed and epoch, also where an epoch was saved in its middle", async () => {
  const chosen = saved({ every: 7 });
  await leaveAfter(8, chosen);
  const { directory } = chosen.checkpoint;
  assert.deepEqual(await stepsOf(directory), [8, 7]);
  const net = network();
  const [, seventh] = await checkpoints(directory);
  const seen: number[] = [];
  const observers: Observer[] = [{ onStep: ({ step }) => void seen.push(step) }];
  await resume(net, points(), { ...options(), observers, from: seventh!.path });
  assert.deepEqual(seen, [8, 9, 10, 11, 12, 13, 14, 15]);
  assert.ok(existsSync(directory));
  assert.deepEqual(await stepsOf(directory), [15, 14, 8].slice(0, 3));
});

test("a finished run is put back, and nothing is trained", async () => {
  const chosen = saved();
  const whole = network();
  await fit(whole, points(), chosen);
  const net = network();
  const seen: number[] = [];
  const observers: Observer[] = [{ onStep: ({ step }) => void seen.push(step) }];
  const run = await resume(net, points(), { ...options(), observers, from: chosen.checkpoint.directory });
  assert.deepEqual([seen, run.steps, run.epochs.length], [[], 15, 3]);
  assert.deepEqual(lived(net), lived(whole));
  await fit(net, points(), options());
  assert.equal(history(net).steps.length, 30, "it may be trained on");
});

test("a checkpoint's weights are a file for train.load", async () => {
  const chosen = saved();
  const whole = network();
  await fit(whole, points(), chosen);
  const net = network();
  const [newest] = await checkpoints(chosen.checkpoint.directory);
  await load(net, join(newest!.path, "weights.safetensors"));
  assert.deepEqual(numbers(net), numbers(whole));
});

test("runs that save into one folder at once keep out of each other's way; the one that began last is the newest", async () => {
  const chosen = saved({ every: 1, keep: 2 });
  const nets = [network(), network(), network()];
  await Promise.all(nets.map((net) => fit(net, points(), { ...chosen, optimizer: adam(0.01) })));
  const all = await checkpoints(chosen.checkpoint.directory);
  assert.equal(new Set(all.map(({ run }) => run)).size, 3);
  assert.deepEqual(
    all.map(({ step }) => step),
    [15, 14, 15, 14, 15, 14],
  );
});

test("one run that goes on in two places at once loses nothing, and both end alike", async () => {
  const chosen = saved({ every: 2 });
  const whole = network();
  await fit(whole, points(), options());
  await leaveAfter(5, chosen);
  const nets = [network(), network()];
  const { directory } = chosen.checkpoint;
  await Promise.all(nets.map((net) => resume(net, points(), { ...options(), from: directory })));
  // Both draw from the one stream of their process, but only their own dropout: it is in the model.
  for (const net of nets) assert.deepEqual(lived(net), lived(whole));
  assert.equal((await stepsOf(directory))[0], 15);
});

test("what is wrong with the option is said at once", async () => {
  const cases: [object, RegExp][] = [
    [{}, /fit: checkpoint: directory: expected the path of a folder, got undefined/],
    [{ directory: "" }, /directory: expected the path of a folder, got ""/],
    [{ directory: "x", every: 0 }, /fit: checkpoint: every: expected a number of steps above 0, or "epoch", got 0/],
    [{ directory: "x", every: "step" }, /got "step"/],
    [{ directory: "x", every: 1.5 }, /got 1\.5/],
    [{ directory: "x", keep: 0 }, /fit: checkpoint: keep: expected a whole number above 0, got 0/],
    [{ directory: "x", evry: 3 }, /got 'evry'. Did you mean 'every'\?/],
  ];
  for (const [checkpoint, message] of cases) {
    await assert.rejects(fit(network(), points(), { ...options(), checkpoint: checkpoint as never }), (error) => {
      assert.ok(error instanceof ValueError);
      assert.match(error.message, message);
      return true;
    });
  }
});
