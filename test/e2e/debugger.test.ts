import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { screenshot } from "./browser.js";
import { site, skip } from "./site.js";

const lab = site();

const earlier = "function area(side: number): number {\n  const result = side * side;\n  return result;\n}";
const cell = 'const name: string = "square";\nlet size = 4;\nsize = area(size);\nconsole.log(name, size);';

test("JupyterLab's debugger stops at a breakpoint, shows variables, steps in and over, restarts, continues and stops at exceptions", {
  skip,
  timeout: 240_000,
}, async () => {
  const notebook = await lab.open("debugger.ipynb", [earlier, cell]);
  const { page } = notebook;
  const highlighted = page.locator(".jp-DebuggerEditor-highlight");
  const variable = (name: string): Locator =>
    page.locator(".jp-DebuggerVariables-body jp-tree-item", {
      has: page.locator(".jp-DebuggerVariables-name", { hasText: new RegExp(`^${name}$`) }),
    });
  const shows = async (name: string, value: string): Promise<void> => {
    await variable(name).locator(".jp-DebuggerVariables-detail", { hasText: value }).waitFor({ timeout: 20_000 });
  };
  const standsOn = async (line: string): Promise<void> => {
    await highlighted.filter({ hasText: line }).waitFor({ timeout: 20_000 });
    assert.equal(await highlighted.count(), 1);
  };

  await page.locator(".jp-DebuggerBugButton").click();
  await page.locator(".cm-gutter.cm-breakpoint-gutter").nth(1).waitFor({ timeout: 30_000 });
  await notebook.menu("Run", "Run All Cells");
  await notebook.idle(60_000);
  // Nothing is stopped: the panel shows the notebook's names.
  await shows("name", '"square"');
  await shows("size", "16");

  // The first element of a gutter only holds its width.
  await notebook.cell(1).locator(".cm-gutter.cm-breakpoint-gutter .cm-gutterElement").nth(3).click();
  await page.locator(".jp-DebuggerBreakpoint-line", { hasText: /^3$/ }).waitFor({ timeout: 20_000 });
  await notebook.cell(1).locator(".cm-content").click();
  await page.keyboard.press("Shift+Enter");
  await standsOn("size = area(size);");
  await shows("size", "4");
  await page.locator(".jp-DebuggerCallstackFrame-name", { hasText: /^In\[\d+\]$/ }).waitFor();
  await screenshot(page, "debugger-stopped");

  await page.keyboard.press("F11");
  await standsOn("const result = side * side;");
  await shows("side", "4");
  await page.keyboard.press("F10");
  await standsOn("return result;");
  await shows("result", "16");
  await screenshot(page, "debugger-stepped-in");
  await page.keyboard.press("F9");
  await notebook.idle(20_000);
  assert.equal(await highlighted.count(), 0);
  assert.match(await notebook.cell(1).locator(".jp-OutputArea-output").innerText(), /square 16/);

  await notebook.menu("Kernel", "Restart Kernel…");
  await page.locator(".jp-Dialog .jp-mod-accept").click();
  await page.locator(".jp-StatusBar-TextItem", { hasText: "TypeScript (Nabla) | Idle" }).waitFor({ timeout: 60_000 });
  await page.locator(".jp-DebuggerBreakpoint-line", { hasText: /^3$/ }).waitFor({ timeout: 20_000 });
  await notebook.menu("Run", "Run All Cells");
  await standsOn("size = area(size);");
  await screenshot(page, "debugger-restarted");
  await page.keyboard.press("F9");
  await notebook.idle(20_000);

  await page.locator(".jp-PauseOnExceptions").click();
  await page.locator(".lm-Menu-item", { hasText: /^all$/ }).click();
  await notebook.run("try {\n  throw new Error(name);\n} catch {}");
  await standsOn("throw new Error(name);");
  await screenshot(page, "debugger-exception");
  await page.keyboard.press("F9");
  await notebook.idle(20_000);
  await page.close();
});
