import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { demo } from "../../setup/demo.js";
import { temporary } from "./killing.js";

function notebook(folder: string, ...cells: string[]): string {
  const file = join(folder, "tiny.ipynb");
  const metadata = { kernelspec: { name: "nabla", display_name: "TypeScript (Nabla)", language: "typescript" } };
  const code = (source: string, index: number): object => ({
    cell_type: "code",
    id: `cell-${index}`,
    execution_count: null,
    metadata: {},
    outputs: [],
    source,
  });
  writeFileSync(file, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: cells.map(code) }));
  return file;
}

const figure = `({ [Symbol.for("Jupyter.display")]: () => ({
  "application/vnd.plotly.v1+json": { data: [{ y: [1, 2], name: "</script>" }], layout: {} },
  "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>",
  "text/plain": "a figure",
}) })`;

test("the demo writes the executed notebook and one HTML file that names no other site", async (context) => {
  const folder = temporary(context);
  const streams =
    'process.stdout.write("one "); await new Promise((done) => setTimeout(done, 300)); console.log("two")';
  assert.equal(await demo(notebook(folder, "const x: number = 41", "x + 1", streams, figure), join(folder, "out")), 0);
  const executed = JSON.parse(readFileSync(join(folder, "out", "tiny.ipynb"), "utf8"));
  const outputs = executed.cells.map((cell: { outputs: object[] }) => cell.outputs);
  assert.equal([outputs[1][0].data["text/plain"]].flat().join(""), "42");
  assert.equal(outputs[2].length, 1);
  assert.equal([outputs[2][0].text].flat().join(""), "one two\n");

  const html = readFileSync(join(folder, "out", "tiny.html"), "utf8");
  assert.deepEqual([...new Set(html.match(/https?:\/\/(?!www\.w3\.org\/)[^\s"'<]*/g) ?? [])], []);
  assert.doesNotMatch(html, /(?:src|href)="(?!data:|#|")/);
  assert.match(html, /class="[^"]*nabla-figure"/);
  assert.match(html, /"name": "\\u003c\/script>"/);
  assert.match(html, /Plotly\.newPlot/);
});

test("a cell that fails ends the demo with its error, and what ran before is written", async (context) => {
  const folder = temporary(context);
  const file = notebook(folder, "const x = 1; x", 'throw new RangeError("broken on purpose")', "x");
  const said = context.mock.method(console, "error", () => {});
  assert.equal(await demo(file, join(folder, "out")), 1);
  const text = said.mock.calls.map(({ arguments: [line] }) => String(line)).join("\n");
  assert.match(text, /tiny\.ipynb did not run to its end/);
  assert.match(text, /RangeError: broken on purpose/);
  assert.match(readFileSync(join(folder, "out", "tiny.html"), "utf8"), /broken on purpose/);
});
