import assert from "node:assert/strict";
import { test } from "node:test";
import { screenshot } from "./browser.js";
import { site, skip } from "./site.js";

const lab = site();

/** What plotly keeps on a figure's node. */
interface Drawn {
  readonly calcdata: readonly (readonly unknown[])[];
  readonly dataset: Record<string, string>;
}

test("the quickstart runs in JupyterLab: the loss grows in place, the attention map is drawn", {
  skip,
  timeout: 400_000,
}, async () => {
  const notebook = await lab.open("00-quickstart.ipynb");
  await notebook.menu("Edit", "Clear Outputs of All Cells");
  await notebook.menu("Run", "Run All Cells");

  const loss = notebook.figures(notebook.cellWith("train.fit(cnn")).first();
  await loss.waitFor({ timeout: 120_000 });
  const early = await loss.evaluate((node: unknown) => {
    const figure = node as Drawn;
    figure.dataset.seen = "yes";
    return figure.calcdata[0]?.length;
  });
  await notebook.page.waitForFunction(
    `document.querySelector('.js-plotly-plot[data-seen]')?.calcdata[0].length > ${early}`,
    undefined,
    { timeout: 120_000 },
  );
  await screenshot(notebook.page, "loss-curve-growing");

  await notebook.idle(300_000);
  const complaints = notebook.page.locator("[data-mime-type$='.stderr'], [data-mime-type$='.error']");
  assert.deepEqual(await complaints.allInnerTexts(), []);
  assert.equal(await loss.getAttribute("data-seen"), "yes", "the figure's node was replaced by an update");

  const attention = notebook.figures(notebook.cellWith("show.attention(")).first();
  await attention.scrollIntoViewIfNeeded();
  await attention.locator(".heatmaplayer image").first().waitFor({ timeout: 30_000 });
  const size = await attention.locator(".heatmaplayer image").first().boundingBox();
  assert.ok(size && size.width > 100 && size.height > 100, "the attention map is drawn large enough to read");
  await screenshot(notebook.page, "attention-map");
  await notebook.page.close();
});

test("Stop ends a training run within a second; the network, its history and the run go on", {
  skip,
  timeout: 180_000,
}, async () => {
  const notebook = await lab.open("stop.ipynb", [""]);
  await notebook.run(`import { data, nn, optim, train } from "nabla";
const some = await data.mnist();
const small = nn.sequential(nn.input(28, 28, 1), nn.flatten(), nn.dense(32), nn.relu(), nn.dense(10));`);
  await notebook.idle(60_000);
  const training = await notebook.run(
    `await train.fit(small, some.train, { loss: "crossEntropy", optimizer: optim.adam(1e-3), epochs: 500, batchSize: 32 });`,
  );
  await notebook.figures(training).first().waitFor({ timeout: 60_000 });
  await notebook.page.waitForTimeout(1500);

  const asked = notebook.page.waitForRequest(/\/interrupt/).then(() => performance.now());
  await notebook.stop();
  const pressed = await asked;
  await notebook.idle(10_000);
  const took = performance.now() - pressed;
  assert.ok(took < 1000, `Stop took ${took} ms`);
  await screenshot(notebook.page, "stopped");

  const steps = async (): Promise<number> => {
    const cell = await notebook.run("train.history(small).steps.length");
    await notebook.idle(10_000);
    return Number(await cell.locator(".jp-OutputArea-executeResult .jp-RenderedText").innerText());
  };
  const stopped = await steps();
  assert.ok(stopped > 10, `the history has ${stopped} steps`);

  const resumed = await notebook.run("await train.resume(small);");
  await notebook.figures(resumed).first().waitFor({ timeout: 30_000 });
  await notebook.page.waitForTimeout(1500);
  await notebook.stop();
  await notebook.idle(10_000);
  assert.ok((await steps()) > stopped, "the run went on from where it stopped");
  await notebook.page.close();
});
