import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { executable, launch, screenshot } from "./browser.js";
import { type JupyterServer, startJupyterLab } from "./jupyterlab.js";
import { LabPage } from "./lab-page.js";
import { emptyNotebook } from "./notebook.js";
import { startNotebook } from "./notebook-server.js";

const skip = executable === undefined ? "no Chromium: install Debian's `chromium` or set CHROMIUM" : false;
const definition = `/** Tells how far it is. */
function distance(from: number, to: number): number {
  return to - from;
}
const point = { metres: 42, metresAgain: 43 };`;

let browser: Browser;
const servers = new Map<string, JupyterServer>();

before(async () => {
  if (skip) return;
  const start = async (name: string, server: Promise<JupyterServer>) => servers.set(name, await server);
  await Promise.all([start("JupyterLab", startJupyterLab()), start("Notebook 7", startNotebook())]);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await Promise.all([...servers.values()].map((server) => server.stop()));
});

/** Completer, tooltip and stdin box, as a user meets them in a notebook that is open on the page. */
async function ask(notebook: LabPage, shot: string): Promise<void> {
  const { page } = notebook;
  await notebook.run(definition);
  await page.locator(".jp-InputPrompt", { hasText: "[1]:" }).waitFor();

  await notebook.type("point.me");
  await notebook.press(
    "Tab",
    ".jp-mod-completer-enabled",
    page.locator(".jp-Completer-item", { hasText: "metresAgain" }),
  );
  await screenshot(page, `${shot}-completer`);
  await page.keyboard.press("Escape");
  await page.locator(".jp-Completer-item").first().waitFor({ state: "hidden" });

  await notebook.type("distance");
  // The tooltip is on the page before its text is.
  const described = /distance\(from: number, to: number\): number\s*Tells how far it is\./;
  const tooltip = page.locator(".jp-Tooltip", { hasText: described });
  await notebook.press("Shift+Tab", ":not(.jp-mod-completer-active)", tooltip);
  await screenshot(page, `${shot}-tooltip`);
  await page.keyboard.press("Escape");
  await page.locator(".jp-Tooltip").waitFor({ state: "detached" });

  await notebook.run(`"you are " + prompt("who?")`);
  const box = page.locator(".jp-Stdin-input");
  await box.waitFor();
  assert.match(await page.locator(".jp-Stdin-prompt").innerText(), /who\?/);
  await screenshot(page, `${shot}-stdin`);
  await box.fill("Ada");
  await box.press("Enter");
  await page.locator(".jp-OutputArea-executeResult", { hasText: "you are Ada" }).waitFor();
  await screenshot(page, `${shot}-answer`);
}

for (const name of ["JupyterLab", "Notebook 7"]) {
  test(`completer, inspector and stdin box work in ${name}`, { skip, timeout: 240_000 }, async () => {
    const server = servers.get(name)!;
    emptyNotebook(server.folder, "asks.ipynb");
    const notebook = await LabPage.open(browser, server, "asks.ipynb");
    notebook.page.setDefaultTimeout(60_000);
    const shot = `asking-${name.replace(" ", "-")}`;
    try {
      await ask(notebook, shot);
    } catch (error) {
      await screenshot(notebook.page, `${shot}-failed`);
      throw error;
    } finally {
      await notebook.page.close();
    }
  });
}
