import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { screenshot } from "./browser.js";
import { site, skip } from "./site.js";

const value = `({ name: "robot", parts: Array.from({ length: 120 }, (_, i) => i), at: { place: { x: 1.5 } } })`;
const records = "[{ id: 1, name: 'one' }, { id: 2, name: 'two' }]";

const lab = site();

/** Unfolds a property of the value that is shown, and checks that its parts were hidden before. */
async function unfold(shown: Locator, name: string, part: string): Promise<void> {
  const fold = shown.locator("details", { has: shown.page().locator(`:scope > summary:has-text("${name}:")`) }).last();
  const hidden = fold.locator(":scope > div", { hasText: part });
  assert.equal(await hidden.isVisible(), false, `${part} is hidden`);
  await fold.locator(":scope > summary").click();
  assert.equal(await hidden.isVisible(), true, `${part} is seen`);
}

async function colourOf(shown: Locator, text: string): Promise<string> {
  const token = shown.locator("span", { hasText: new RegExp(`^${text}$`) }).last();
  return token.evaluate((node: unknown) => {
    const page = globalThis as unknown as { getComputedStyle(of: unknown): { color: string } };
    return page.getComputedStyle(node).color;
  });
}

test("values unfold in JupyterLab, in the colours of its theme, and also where the notebook is not trusted", {
  skip,
  timeout: 240_000,
}, async () => {
  const notebook = await lab.open("values.ipynb", [""]);
  const cell = await notebook.run(value);
  await notebook.idle(60_000);
  const table = await notebook.run(records);
  await notebook.idle(60_000);
  const shown = cell.locator(".nabla-value");
  assert.match(await table.locator(".nabla-value").innerText(), /id\s+name\s+0\s+1\s+one\s+1\s+2\s+two/);
  await unfold(shown, "at", "place");
  await notebook.menu("File", "Save Notebook");
  await notebook.page.locator(".jp-mod-dirty").waitFor({ state: "detached" });

  // Another theme is other values of the same variables; choosing one in the menu would outlive the test.
  const variable = '"--jp-mirror-editor-string-color", "rgb(1, 2, 3)"';
  await notebook.page.evaluate(`document.body.style.setProperty(${variable})`);
  assert.equal(await colourOf(shown, "'robot'"), "rgb(1, 2, 3)");

  // A notebook that JupyterLab did not save itself is not trusted.
  const saved = JSON.parse(readFileSync(join(lab.folder, "values.ipynb"), "utf8")) as {
    cells: { source: unknown }[];
  };
  for (const one of saved.cells) one.source = `${[one.source].flat().join("")} `;
  writeFileSync(join(lab.folder, "untrusted.ipynb"), JSON.stringify(saved));
  const untrusted = await lab.open("untrusted.ipynb");
  const bare = untrusted.notebook.locator(".nabla-value").first();
  assert.equal(await untrusted.notebook.locator(".jp-OutputArea style").count(), 0, "the style sheet was stripped");
  await unfold(bare, "at", "place");
  assert.equal(await colourOf(bare, "'robot'"), "rgb(192, 80, 77)");
  await screenshot(untrusted.page, "values");
});
