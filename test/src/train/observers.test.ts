import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fit,
  history,
  type Observer,
  observeRuns,
  type RunEnd,
  type RunPlan,
  resume,
} from "../../../src/train/index.js";
import { network, options, points } from "./small.js";

test("observers see the plan, every step, every epoch and the end, in this order", async () => {
  const seen: string[] = [];
  const plans: RunPlan[] = [];
  const observer: Observer = {
    onStart: (plan) => {
      plans.push(plan);
      seen.push("start");
    },
    onStep: ({ step }) => void seen.push(`step ${step}`),
    onEpoch: ({ epoch }) => void seen.push(`epoch ${epoch}`),
    async onEnd(end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(end.reason);
    },
  };
  const net = network();
  await fit(net, points(), { ...options(), epochs: 2, observers: [observer] });
  const steps = (from: number) => Array.from({ length: 5 }, (_, i) => `step ${from + i}`);
  assert.deepEqual(seen, ["start", ...steps(1), "epoch 1", ...steps(6), "epoch 2", "finished"], "onEnd is awaited");
  assert.deepEqual(plans, [
    {
      model: "sequential",
      parameters: 2 * 8 + 8 + 8 * 3 + 3,
      optimizer: "adam(0.01)",
      loss: "crossEntropy",
      metrics: ["accuracy"],
      epochs: 2,
      stepsPerEpoch: 5,
      batchSize: 5,
      firstStep: 0,
      lastStep: 10,
      validated: true,
      resumed: false,
      rehearsal: false,
    },
  ]);
});

test("records carry what a display needs, and the history holds the same", async () => {
  const records: unknown[] = [];
  const net = network();
  await fit(net, points(), { ...options(), observers: [{ onStep: (record) => void records.push(record) }] });
  const { steps } = history(net);
  assert.deepEqual(
    Array.from({ length: steps.length }, (_, i) => steps.at(i)),
    records,
  );
  const last = steps.at(-1)!;
  assert.deepEqual([last.step, last.epoch, last.learningRate], [15, 3, 0.01]);
  assert.ok(last.throughput > 0 && last.elapsed > 0 && last.metrics.accuracy! >= 0);
  assert.ok(steps.elapsed.every((time, i) => i === 0 || time >= steps.elapsed[i - 1]!));
});

test("an exception in an observer ends the run, keeps what was done, and is told to the others", async () => {
  const ends: RunEnd[] = [];
  const net = network();
  const trouble = new Error("no ink");
  const observers: Observer[] = [
    { onEnd: (end) => void ends.push(end) },
    {
      onStep({ step }) {
        if (step === 3) throw trouble;
      },
    },
  ];
  await assert.rejects(fit(net, points(), { ...options(), observers }), trouble);
  assert.deepEqual(ends, [{ reason: "failed", error: trouble }]);
  assert.equal(history(net).steps.length, 3);
  assert.equal((await resume(net, { observers: [] })).steps, 15);
});

test("makers of observers see every run, resumed ones included, and may pass", async () => {
  const plans: RunPlan[] = [];
  const ends: string[] = [];
  observeRuns((plan) => {
    plans.push(plan);
    return plan.firstStep > 0 ? undefined : { onEnd: ({ reason }) => void ends.push(reason) };
  });
  const net = network();
  const signal = AbortSignal.abort();
  await assert.rejects(fit(net, points(), { ...options(), signal }));
  await resume(net);
  await fit(net, points(), { ...options(), epochs: 1 });
  assert.deepEqual(
    plans.map(({ firstStep, lastStep }) => [firstStep, lastStep]),
    [
      [0, 15],
      [0, 15],
      [15, 20],
    ],
  );
  assert.deepEqual(ends, ["interrupted", "finished"]);
});
