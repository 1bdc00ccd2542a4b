import assert from "node:assert/strict";
import { test } from "node:test";
import { lossCurve } from "../../../src/display/loss-curve.js";
import type { Observer, RunEnd, RunPlan } from "../../../src/train/observer.js";
import { inNotebook, type Plot, plotOf, type Shown, sizeOf, textOf } from "./bundles.js";

const plan: RunPlan = {
  model: "cnn",
  parameters: 27_210,
  optimizer: "adam(0.001)",
  loss: "crossEntropy",
  metrics: ["accuracy"],
  epochs: 3,
  stepsPerEpoch: 20,
  batchSize: 32,
  firstStep: 0,
  lastStep: 60,
  validated: true,
  resumed: false,
  rehearsal: false,
};

/** Plays a run of `steps` steps with loss 1/step, a spike at step 13, and validation 2/step at the ends of epochs. */
function play(observer: Observer, steps: number, of: RunPlan = plan): void {
  observer.onStart?.(of);
  for (let done = 1; done <= steps; done++) {
    const step = of.firstStep + done;
    const metrics = Object.fromEntries(of.metrics.map((name) => [name, 1 - 1 / done]));
    const loss = done === 13 ? 5 : 1 / done;
    observer.onStep?.({
      step,
      epoch: done / of.stepsPerEpoch,
      loss,
      metrics,
      learningRate: 1e-3,
      gradientNorm: 2,
      elapsed: done * 100,
      throughput: 320,
    });
    if (done % of.stepsPerEpoch === 0) {
      const validation = { loss: 2 / done, metrics };
      observer.onEpoch?.({
        epoch: done / of.stepsPerEpoch,
        step,
        loss,
        metrics,
        ...(of.validated ? { validation } : {}),
        elapsed: done * 100,
      });
    }
  }
}

async function lastOf(
  steps: number,
  end: RunEnd,
  of: RunPlan = plan,
): Promise<{ shown: Shown[]; plot: Plot; text: string }> {
  let result: { shown: Shown[]; plot: Plot; text: string } | undefined;
  await inNotebook(async (shown) => {
    const observer = lossCurve();
    play(observer, steps, of);
    await observer.onEnd?.(end);
    const last = shown.at(-1)?.rendered;
    assert.ok(last);
    result = { shown, plot: plotOf(last), text: textOf(last) };
  });
  assert.ok(result);
  return result;
}

function subtitle(plot: Plot): string {
  return (plot.layout.title as { subtitle: { text: string } }).subtitle.text;
}

test("the curve shows every batch, their average, and the validation points at the steps where epochs end", async () => {
  const { plot } = await lastOf(60, { reason: "finished" });
  const on = (axis: string) => plot.data.filter((trace) => trace.yaxis === axis);
  const [raw, smooth, validation] = on("y");
  assert.equal((raw?.x as number[] | undefined)?.length, 60);
  assert.equal((raw?.y as number[] | undefined)?.[12], 5, "the spike");
  assert.equal(smooth?.name, "training");
  assert.deepEqual(validation?.x, [20, 40, 60]);
  assert.deepEqual(validation?.y, [0.1, 0.05, 0.033333]);
  assert.deepEqual(
    (plot.layout.shapes as { x0: number }[]).map((shape) => shape.x0),
    [20, 40, 60],
  );
  assert.equal(on("y2").length, 3, "the metric has a panel of its own");
  assert.deepEqual((on("y2")[0]?.y as number[] | undefined)?.[1], 0.5);
});

test("while it runs it says step, epoch, speed and what is left; the reader's zoom stays", async () => {
  await inNotebook(async (shown) => {
    const observer = lossCurve();
    play(observer, 30);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const plot = plotOf(shown.at(-1)?.rendered as never);
    assert.match(
      subtitle(plot),
      /^step 30 of 60 · epoch 1\.5 of 3 · 320 examples\/s · 3\.0 s left<br>loss 0\.\d+ \(validation 0\.100\) · accuracy 0\.9/,
    );
    await observer.onEnd?.({ reason: "finished" });
    const revisions = new Set(shown.map(({ rendered }) => plotOf(rendered).layout.uirevision));
    assert.deepEqual([...revisions], ["kept"]);
  });
});

test("the end is told in the figure and in the text: finished, interrupted, failed and why", async () => {
  const finished = await lastOf(60, { reason: "finished" });
  assert.match(subtitle(finished.plot), /^finished in 6\.0 s · step 60/);
  const stopped = await lastOf(31, { reason: "interrupted" });
  assert.match(subtitle(stopped.plot), /^interrupted at step 31 of 60, after 3\.1 s/);
  assert.match(stopped.text, /interrupted at step 31/);
  const early = await lastOf(40, { reason: "early", why: "no validation loss better than 0.1 of epoch 1 in 1 epoch" });
  assert.match(
    subtitle(early.plot),
    /^ended early at step 40 of 60, after 4\.0 s: no validation loss better than 0\.1/,
  );
  const error = new Error("fit: expected a finite loss, got NaN.\nLower <b>the</b> learning rate.");
  const failed = await lastOf(7, { reason: "failed", error });
  assert.match(
    subtitle(failed.plot),
    /^failed after step 7: fit: expected a finite loss, got NaN\. Lower &lt;b&gt;the/,
  );
});

test("a run that failed before its first step still shows why", async () => {
  const { plot, text } = await lastOf(0, { reason: "failed", error: new Error("fit: expected data, got none.") });
  assert.match(subtitle(plot), /failed after step 0: fit: expected data, got none/);
  assert.doesNotMatch(text, /NaN|undefined/);
});

test("a continued run counts on from the steps before it", async () => {
  await inNotebook(async (shown) => {
    const observer = lossCurve();
    play(observer, 30, { ...plan, firstStep: 100, lastStep: 160 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.match(subtitle(plotOf(shown.at(-1)?.rendered as never)), /^step 130 of 160 .* 3\.0 s left/);
    await observer.onEnd?.({ reason: "interrupted" });
  });
});

test("names of models and metrics are text, never markup", async () => {
  const { plot } = await lastOf(
    20,
    { reason: "finished" },
    { ...plan, model: "<img onerror=x>", metrics: ["<b>f1</b>", "recall"] },
  );
  const strings = JSON.stringify([plot.data, plot.layout.title, plot.layout.yaxis2]);
  assert.doesNotMatch(strings, /<img|<b>f1/);
  assert.match(strings, /&lt;b&gt;f1/);
});

test("two hundred thousand steps stay under 60 kB an update, and end with four parts", async () => {
  const { shown, plot } = await lastOf(
    200_000,
    { reason: "finished" },
    { ...plan, stepsPerEpoch: 1000, epochs: 200, lastStep: 200_000 },
  );
  assert.ok(sizeOf(plot) < 60_000, `${sizeOf(plot)} bytes`);
  assert.equal(Object.keys(shown.at(-1)?.rendered.data ?? {}).length, 4);
  assert.ok((plot.layout.shapes as unknown[]).length <= 40);
});

test("outside a notebook the run is told on the terminal, and nothing is drawn", async () => {
  const written: string[] = [];
  const observer = lossCurve({ write: (text) => written.push(text) });
  play(observer, 60);
  await observer.onEnd?.({ reason: "finished" });
  assert.match(written.at(-1) ?? "", /^finished in 6\.0 s · step 60 · 320 examples\/s · loss .*\n$/);
});

test("several metrics have a colour each and a legend beside the panels; losses of heads stand with the loss", async () => {
  const metrics = ["digit loss", "digit accuracy", "odd loss", "odd binaryAccuracy"];
  const { plot } = await lastOf(40, { reason: "finished" }, { ...plan, loss: "digit + odd", metrics });
  const named = plot.data.filter(({ name }) => name !== undefined);
  const on = (axis: string) => named.filter((trace) => trace.yaxis === axis).map(({ name }) => name);
  assert.deepEqual(
    on("y2"),
    ["digit accuracy", "odd binaryAccuracy"].flatMap((name) => [name, `validation ${name}`]),
  );
  assert.deepEqual(
    on("y"),
    ["loss", "digit loss", "odd loss"].flatMap((name) => [name, `validation ${name}`]),
  );
  const entries = named.filter(({ showlegend }) => showlegend !== false).map(({ name }) => name);
  assert.deepEqual(entries, ["loss", ...metrics, "validation"]);
  const { legend, yaxis2 } = plot.layout as { legend: { xanchor: string }; yaxis2: { title: { text: string } } };
  assert.deepEqual([legend.xanchor, yaxis2.title.text], ["left", "metrics"], "no title that runs out of the figure");
  assert.ok(
    subtitle(plot)
      .split("<br>")
      .every((line) => line.length <= 100),
  );
});

test("a run of a single step is seen as a point", async () => {
  const { plot } = await lastOf(1, { reason: "failed", error: new Error("no") });
  assert.equal(plot.data.find(({ name }) => name === "training")?.mode, "markers");
});
