import assert from "node:assert/strict";
import { test } from "node:test";
import { screenshot } from "./browser.js";
import type { LabPage } from "./lab-page.js";
import { startNotebook } from "./notebook-server.js";
import { site, skip } from "./site.js";

const definition = `/** Tells how far it is. */
function distance(from: number, to: number): number {
  return to - from;
}
const point = { metres: 42, metresAgain: 43 };`;

const sites = { JupyterLab: site(), "Notebook 7": site(startNotebook) };

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

for (const [name, served] of Object.entries(sites)) {
  test(`completer, inspector and stdin box work in ${name}`, { skip, timeout: 240_000 }, async () => {
    const notebook = await served.open("asks.ipynb", [""]);
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
