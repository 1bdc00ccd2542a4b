import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Notebook } from "../../../kernel/language/notebook.js";
import type { Checked } from "../../../kernel/threads.js";

const folder = mkdtempSync(join(tmpdir(), "nabla-warm-"));
after(() => rmSync(folder, { recursive: true }));

function errorOf(checked: Checked): string {
  return checked.ok ? "no error" : checked.error.evalue;
}

test("a first cell that needs only the language itself does not wait for other types", () => {
  const notebook = new Notebook(folder);
  assert.equal(errorOf(notebook.check(1, 1, "const xs = [1, 2].map((x) => x * 2); xs.at(-1)")), "no error");
  const files = notebook.service.program.getSourceFiles().map(({ fileName }) => fileName);
  assert.deepEqual(
    files.filter((file) => file.includes("@types/node")),
    [],
  );
  notebook.commit(1, ["xs"]);
  assert.equal(errorOf(notebook.check(2, 2, "process.exitCode = xs[0]; console.log(xs)")), "no error");
});

test("a first cell is checked as strictly as any other", () => {
  for (const [code, expected] of [
    ["const n: string = 1;", /not assignable/],
    ["nowhere()", /Cannot find name 'nowhere'/],
    ["setTimeout('no function')", /No overload|not assignable/],
    ["// @ts-expect-error\nconsole.log(1);", /Unused '@ts-expect-error'/],
    ["const k: keyof typeof globalThis = 'process'; k", /no error/],
  ] as const) {
    assert.match(errorOf(new Notebook(folder).check(1, 1, code)), expected, code);
  }
});

test("cells may come between the steps of warming up, and change nothing about them", () => {
  const notebook = new Notebook(folder);
  let number = 0;
  for (const _ of notebook.warm()) {
    number += 1;
    assert.equal(errorOf(notebook.check(number, number, `const v${number} = ${number};`)), "no error");
    notebook.commit(number, [`v${number}`]);
  }
  const all = Array.from({ length: number }, (_, i) => `v${i + 1}`);
  assert.equal(errorOf(notebook.check(99, 99, `[${all.join(", ")}]`)), "no error");
  assert.ok(number >= 3, `${number} steps`);
});

test("what a cell takes from Node's types is there for the cells after it, however soon they come", () => {
  const notebook = new Notebook(folder);
  const run = (number: number, code: string, defined: readonly string[], on = notebook): string => {
    const checked = on.check(number, number, code);
    on.summarise();
    on.commit(number, defined);
    return errorOf(checked);
  };
  assert.equal(run(1, 'import { statSync } from "node:fs";', ["statSync"]), "no error");
  assert.equal(run(2, 'const found = statSync("/");', ["found"]), "no error");
  assert.match(run(3, "found.nowhere", []), /'nowhere' does not exist/);
  const heir = new Notebook(folder);
  heir.restore(notebook.changes().kept);
  assert.equal(run(4, "const inherited = found;", ["inherited"], heir), "no error");
  assert.match(run(5, "inherited.nowhere", [], heir), /'nowhere' does not exist/);
});

test("a cell that imports Nabla looks at the types of tfjs-core, and of no other part of tfjs", () => {
  const notebook = new Notebook(folder);
  assert.equal(errorOf(notebook.check(1, 1, 'import * as nabla from "nabla"; nabla.nn.dense(10)')), "no error");
  const files = notebook.service.program.getSourceFiles().map(({ fileName }) => fileName);
  const parts = new Set(files.flatMap((file) => /@tensorflow\/[^/]+/.exec(file)?.[0] ?? []));
  assert.deepEqual([...parts], ["@tensorflow/tfjs-core"]);
});
