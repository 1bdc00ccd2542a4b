import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FileError, ValueError } from "../../../src/errors.js";
import type * as tf from "../../../src/runtime/tf.js";
import { csv, fit, history, resume } from "../../../src/train/index.js";
import { network, options, points } from "./small.js";

const path = () => join(mkdtempSync(join(tmpdir(), "nabla-csv-")), "runs", "a.csv");
const rows = (file: string) => readFileSync(file, "utf8").trimEnd().split("\r\n");

test("a run is a row an epoch, with what was validated, numbers in full", async () => {
  const file = path();
  const net = network();
  await fit(net, points(), { ...options(), observers: [csv(file)] });
  const [head, ...lines] = rows(file);
  assert.equal(head, "epoch,step,loss,accuracy,validation loss,validation accuracy,elapsed");
  assert.deepEqual(
    lines.map((line) => line.split(",").map(Number)),
    history(net).epochs.map(({ epoch, step, loss, metrics, validation, elapsed }) => [
      epoch,
      step,
      loss,
      metrics.accuracy,
      validation!.loss,
      validation!.metrics.accuracy,
      elapsed,
    ]),
  );
});

test("or a row a step; a run that is stopped and goes on adds to the same file", async () => {
  const file = path();
  const net = network();
  const controller = new AbortController();
  const log = csv(file, { every: "step" });
  const stop = { onStep: ({ step }: { step: number }) => step === 7 && controller.abort() };
  const { validate, ...rest } = options();
  await assert.rejects(fit(net, points(), { ...rest, observers: [log, stop], signal: controller.signal }));
  assert.equal(rows(file).length, 1 + 7, "all of it is in the file when the run ends");
  await resume(net);
  const [head, ...lines] = rows(file);
  assert.equal(head, "step,epoch,loss,accuracy,learningRate,gradientNorm,elapsed,throughput");
  assert.deepEqual(
    lines.map((line) => Number(line.split(",")[2])),
    [...history(net).steps.loss],
  );
});

test("a run that goes on in another process goes on in its file, and no step stands there twice", async () => {
  for (const every of ["step", "epoch"] as const) {
    const file = path();
    const checkpoint = { directory: join(mkdtempSync(join(tmpdir(), "nabla-csv-")), "run"), every: 4 };
    const observers = () => [csv(file, { every })];
    const fails = { onStep: ({ step }: { step: number }) => assert.ok(step < 11, "a crash") };
    const begun = { ...options(), checkpoint, observers: [...observers(), fails] };
    await assert.rejects(fit(network(), points(), begun), /a crash/);
    // A row that the crash cut off.
    appendFileSync(file, "12,2.4");
    const net = network();
    await resume(net, points(), { ...options(), from: checkpoint.directory, observers: observers() });
    const [head, ...lines] = rows(file);
    assert.match(head!, /^(step,epoch|epoch,step),loss/);
    const { steps, epochs } = history(net);
    const losses = every === "step" ? [...steps.loss] : epochs.map(({ loss }) => loss);
    assert.deepEqual(
      lines.map((line) => Number(line.split(",")[2])),
      losses,
      every,
    );
  }
});

test("a rehearsal leaves a file as it is", async () => {
  const file = path();
  await fit(network(), points(), { ...options(), observers: [csv(file)] });
  const before = rows(file);
  const log = csv(file);
  await fit(network(), points(), { ...options(), observers: [log], fastDevRun: true });
  assert.deepEqual(rows(file), before);
  await fit(network(), points(), { ...options(), epochs: 1, observers: [log] });
  assert.equal(rows(file).length, 2, "a run begins it anew");
});

test("a file begins anew unless it is added to, and then its columns must be the same", async () => {
  const file = path();
  const chosen = { ...options(), epochs: 1 };
  await fit(network(), points(), { ...chosen, observers: [csv(file)] });
  await fit(network(), points(), { ...chosen, observers: [csv(file)] });
  assert.equal(rows(file).length, 2);
  await fit(network(), points(), { ...chosen, observers: [csv(file, { append: true })] });
  assert.equal(rows(file).length, 3);
  const { validate, ...alone } = chosen;
  const other = fit(network(), points(), { ...alone, observers: [csv(file, { append: true })] });
  await assert.rejects(
    other,
    /csv: .*: expected columns "epoch,step,loss,accuracy,validation loss,.*Give this run a file/,
  );
  assert.equal(rows(file).length, 3);
});

test("names with commas and quotes are quoted", async () => {
  const file = path();
  const metric = (prediction: tf.Tensor): tf.Tensor => prediction.mean();
  Object.defineProperty(metric, "name", { value: 'f"1", macro' });
  await fit(network(), points(), { ...options(), epochs: 1, metrics: [metric], observers: [csv(file)] });
  assert.match(rows(file)[0]!, /^epoch,step,loss,"f""1"", macro",validation loss,"validation f""1"", macro",elapsed$/);
});

test("what csv cannot do is refused", async () => {
  assert.throws(() => csv(""), /csv: expected the path of a file, got ""/);
  assert.throws(() => csv("a.csv", { every: "batch" as never }), ValueError);
  assert.throws(() => csv("a.csv", { evry: "step" } as never), /Did you mean 'every'/);
  const file = path();
  await fit(network(), points(), { ...options(), epochs: 1, observers: [csv(file)] });
  writeFileSync(file, "");
  const inside = fit(network(), points(), { ...options(), observers: [csv(join(file, "b.csv"))] });
  await assert.rejects(inside, FileError);
});
