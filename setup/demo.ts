import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { runPython } from "./child.js";
import { ensureAll } from "./ensure.js";
import { jupyterEnvironment } from "./jupyter.js";
import { rawProgress } from "./pip.js";
import { SetupProblem } from "./problem.js";
import { progress } from "./progress.js";
import { bring, root } from "./root.js";

/**
 * Executes a notebook headless through nbclient and writes it, executed and as one self-contained HTML file, into a folder.
 * Returns 1 if a cell failed: both files are written all the same, up to there.
 */
export async function demo(
  notebook = join(root, "notebooks", "00-quickstart.ipynb"),
  out = join(root, "out"),
): Promise<number> {
  if (!existsSync(notebook)) {
    throw new SetupProblem("demo", `a notebook at ${notebook}`, "none", "Give another one: npx nabla demo NOTEBOOK.");
  }
  const environment = await ensureAll();
  const plotly = createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min");
  const args = [bring("python", "demo.py"), notebook, out, bring("resources", "html"), plotly];
  const started = Date.now();
  const shown = progress(`Executing ${basename(notebook)}`, "count");
  const said: string[] = [];
  const onLine = (line: string): void => {
    const at = rawProgress(line);
    if (at) shown.at(at[0], at[1], "cells");
    else said.push(line);
  };
  const { code } = await runPython(environment.python, args, { env: jupyterEnvironment(), onLine });
  const failed = said.indexOf("Failed");
  if (code !== 0) {
    shown.failed();
    const words = said.slice(failed + 1).join("\n");
    const text = process.stderr.isTTY ? words : stripVTControlCharacters(words);
    console.error(`demo: ${basename(notebook)} did not run to its end.\n${text}`);
  } else {
    shown.done(`${Math.round((Date.now() - started) / 1000)} s`);
  }
  const name = basename(notebook, ".ipynb");
  for (const file of [`${name}.ipynb`, `${name}.html`].map((file) => join(out, file))) {
    if (existsSync(file)) console.log(file);
  }
  return code === 0 ? 0 : 1;
}
