/** The tutorials: as committed they hold what they promise, and with smaller numbers (`metadata.nabla.quick`) they run here. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../root.js";

interface Cell {
  readonly cell_type: string;
  readonly metadata: { readonly nabla?: { readonly quick: string } };
  source: string | string[];
  outputs?: { readonly output_type: string; readonly data?: Record<string, unknown>; readonly evalue?: string }[];
}

interface Notebook {
  readonly cells: Cell[];
}

const folder = join(root, "notebooks");
const tutorials = readdirSync(folder).filter((name) => name.endsWith(".ipynb") && !name.startsWith("00-"));
/** Bytes of a notebook with its outputs. */
const most = 3_000_000;

function read(path: string): Notebook {
  return JSON.parse(readFileSync(path, "utf8")) as Notebook;
}

/** Throws unless the code ran to its end and showed figures, each with its picture. */
function check({ cells }: Notebook, what: string): void {
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const failed = outputs.find((output) => output.output_type === "error");
  assert.equal(failed?.evalue, undefined, what);
  const figures = outputs.filter(({ data }) => data !== undefined && "application/vnd.plotly.v1+json" in data);
  assert.ok(figures.length >= 1, `${what}: figures`);
  for (const { data } of figures) assert.ok("image/png" in data!, `${what}: a figure without a picture`);
}

test("there are tutorials, and each has numbers to run it quickly", () => {
  assert.ok(tutorials.length >= 3, tutorials.join());
  for (const name of tutorials) {
    const { cells } = read(join(folder, name));
    assert.equal(cells.filter(({ metadata }) => metadata.nabla?.quick !== undefined).length, 1, name);
  }
});

for (const name of tutorials) {
  test(`${name} is committed with what it showed, and runs`, () => {
    const path = join(folder, name);
    check(read(path), name);
    assert.ok(statSync(path).size < most, `${statSync(path).size} bytes`);
    const out = mkdtempSync(join(tmpdir(), "nabla-tutorial-"));
    try {
      const quick = read(path);
      for (const cell of quick.cells) {
        if (cell.cell_type === "code") cell.outputs = [];
        if (cell.metadata.nabla !== undefined) cell.source = cell.metadata.nabla.quick;
      }
      const copy = join(out, name);
      writeFileSync(copy, JSON.stringify(quick));
      const { status, stderr } = spawnSync(process.execPath, [join(root, "bin/nabla.cjs"), "demo", copy], {
        cwd: out,
        encoding: "utf8",
        env: { ...process.env, NABLA_HISTORY: "off" },
      });
      assert.equal(status, 0, stderr);
      check(read(join(root, "out", name)), `${name}, quick`);
    } finally {
      rmSync(out, { recursive: true });
    }
  });
}
