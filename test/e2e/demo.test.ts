import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../root.js";

interface Output {
  readonly output_type: string;
  readonly data?: Record<string, unknown>;
  readonly text?: string | string[];
}

interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: string | string[];
    readonly outputs?: readonly Output[];
  }[];
}

const parts = ["application/vnd.plotly.v1+json", "image/svg+xml", "image/png", "text/plain"];

function read(path: string): Notebook {
  return JSON.parse(readFileSync(path, "utf8")) as Notebook;
}

function outputs(notebook: Notebook): Output[] {
  return notebook.cells.flatMap((cell) => cell.outputs ?? []);
}

function printed(notebook: Notebook): string {
  return outputs(notebook)
    .flatMap((output) => output.text ?? [])
    .join("");
}

/** What must hold of the quickstart, freshly executed or as committed. */
function checkQuickstart(path: string): void {
  const notebook = read(path);
  const shown = outputs(notebook);
  assert.deepEqual(
    shown.filter(({ output_type }) => output_type === "error"),
    [],
  );
  const figures = shown.filter(({ data }) => data?.[parts[0] ?? ""]);
  assert.ok(figures.length >= 5, `${figures.length} figures`);
  for (const { data } of figures)
    assert.deepEqual(
      parts.filter((part) => !data?.[part]),
      [],
    );
  assert.ok(statSync(path).size < 2_000_000, `${path} is ${statSync(path).size} bytes`);

  const text = printed(notebook);
  const accuracy = Number(/test accuracy: ([\d.]+) %/.exec(text)?.[1]);
  assert.ok(accuracy >= 97, `the CNN's test accuracy is ${accuracy} %`);
  const entropy = Number(/unigram entropy: ([\d.]+) nats/.exec(text)?.[1]);
  const loss = Number(/validation loss: ([\d.]+) nats/.exec(text)?.[1]);
  assert.ok(loss < entropy - 0.5, `the GPT's loss ${loss} is not well below the unigram entropy ${entropy}`);
}

test("the demo executes the quickstart headless, and its pictures are in the notebook and in a page of its own", {
  timeout: 600_000,
}, () => {
  const demo = spawnSync(process.execPath, [join(root, "bin/nabla.cjs"), "demo"], { encoding: "utf8" });
  assert.equal(demo.status, 0, demo.stdout + demo.stderr);
  checkQuickstart(join(root, "out/00-quickstart.ipynb"));

  const html = readFileSync(join(root, "out/00-quickstart.html"), "utf8");
  const references = [
    ...html.matchAll(/<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=["']((?:https?:)?\/\/[^"']+)/g),
  ];
  assert.deepEqual(
    references.map((found) => found[1]),
    [],
  );
  const pictures = html.match(/<img alt="[^"]*" src="data:image\/(?:svg\+xml|png);base64,/g) ?? [];
  assert.ok(pictures.length >= 5, `${pictures.length} pictures in the page`);
});

test("the committed quickstart holds the outputs of a good run", () => {
  checkQuickstart(join(root, "notebooks/00-quickstart.ipynb"));
});
