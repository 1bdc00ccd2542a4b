import assert from "node:assert/strict";
import { test } from "node:test";
import { StepLog } from "../../../src/train/history.js";

const record = (step: number, metrics: Record<string, number> = {}) => ({
  step,
  epoch: step / 10,
  loss: 1 / step,
  metrics,
  learningRate: 0.5,
  gradientNorm: 2,
  elapsed: step * 3,
  throughput: 100,
});

test("100,000 steps fit into a few megabytes and come back as they were", () => {
  const log = new StepLog();
  for (let step = 1; step <= 100_000; step++) log.add(record(step, { accuracy: step / 100_000 }));
  assert.equal(log.length, 100_000);
  assert.deepEqual(log.at(77_776), record(77_777, { accuracy: 0.77777 }));
  assert.deepEqual(log.at(-1), record(100_000, { accuracy: 1 }));
  assert.equal(log.loss.length, 100_000);
  const columns = [log.loss, log.learningRate, log.epoch, log.elapsed, log.throughput, ...Object.values(log.metrics)];
  const bytes = columns.reduce((sum, column) => sum + column.buffer.byteLength, 0);
  assert.ok(bytes < 8e6, `${bytes} bytes`);
});

test("metrics that only some runs measured are NaN in the others' steps, and absent from their records", () => {
  const log = new StepLog();
  log.add(record(1));
  log.add(record(2, { accuracy: 0.5 }));
  log.add(record(3, { other: 7 }));
  assert.deepEqual(
    Object.entries(log.metrics).map(([name, column]) => [name, [...column]]),
    [
      ["accuracy", [Number.NaN, 0.5, Number.NaN]],
      ["other", [Number.NaN, Number.NaN, 7]],
    ],
  );
  assert.deepEqual([log.at(0)?.metrics, log.at(1)?.metrics], [{}, { accuracy: 0.5 }]);
  for (const outside of [3, -4, 0.5]) assert.equal(log.at(outside), undefined);
});
