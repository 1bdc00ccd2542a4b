import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters as plain } from "node:util";
import { Notebook } from "../../../kernel/language/notebook.js";
import type { SavedCell } from "../../../kernel/language/saved.js";
import type { CellError } from "../../../kernel/threads.js";
import { Cells } from "../cells.js";

async function errorOf(code: string, cells = new Cells()): Promise<CellError> {
  const { error } = await cells.run(code);
  assert.ok(error, `expected an error of ${code}`);
  return error;
}

test("each type error is told with its place, its line and a caret under all of it", async () => {
  const error = await errorOf('const ok = 1;\nconst text: string = ok;\nmissing.call("x");');
  assert.equal(error.ename, "TypeScriptError");
  assert.equal(error.evalue, "In[1]:2:7 Type 'number' is not assignable to type 'string'.");
  assert.deepEqual(error.traceback.map(plain).join("\n").split("\n"), [
    "TypeScriptError: 2 errors, nothing of this cell was run",
    "",
    "In[1]:2:7 TS2322 Type 'number' is not assignable to type 'string'.",
    "  1 │ const ok = 1;",
    "  2 │ const text: string = ok;",
    "    │       ^^^^",
    "",
    "In[1]:3:1 TS2304 Cannot find name 'missing'.",
    "  1 │ const ok = 1;",
    "  2 │ const text: string = ok;",
    '  3 │ missing.call("x");',
    "    │ ^^^^^^^",
  ]);
});

test("a package that is not there is named with the command that installs it", async () => {
  const error = await errorOf('import { x } from "@scope/not-there/deep"; x;');
  assert.match(error.traceback.join("\n"), /Run %npm install @scope\/not-there\./);
});

test("messages name the user's types, not the files that stand for cells", async () => {
  const cells = new Cells();
  await cells.run(
    "class Cat { purr = 1 } const cat = new Cat(); namespace N { export interface Deep { a: 1 } } declare let d: N.Deep;",
  );
  const error = await errorOf("const n: number = cat; const s: string = { } as N.Deep;", cells);
  assert.match(error.traceback.join("\n"), /Type 'Cat' is not assignable/);
  assert.doesNotMatch(error.traceback.join("\n"), /@cell/);
});

test("of two types of one name each is called by its cell", async () => {
  const cells = new Cells();
  await cells.run("class P { a = 1 }");
  await cells.run("const old: P[] = [new P()]; declare global { interface Array<T> { joins: T } }");
  await cells.run("class P { b = 2 }");
  assert.equal(
    (await errorOf("old.push(new P())", cells)).evalue,
    "In[4]:1:10 Argument of type 'In[3].P' is not assignable to parameter of type 'In[1].P'.",
  );
  const error = await errorOf("class P { c = 3 } const all: Set<P> = new Set(old);", cells);
  assert.match(error.evalue, /Type 'Set<In\[1\]\.P>' is not assignable to type 'Set<In\[5\]\.P>'/);
  assert.match(error.traceback.join("\n"), /missing in type 'In\[1\]\.P' but required in type 'In\[5\]\.P'/);
  await cells.run("declare global { interface Array<T> { apart: T } } class P { d = 4 }");
  assert.match(
    (await errorOf("const one: P = old[0]!", cells)).evalue,
    /type 'In\[1\]\.P' but required in type 'In\[6\]\.P'/,
  );
});

test("long messages are cut, many errors are counted", async () => {
  const many = Array.from({ length: 30 }, (_, i) => `const v${i}: string = ${i};`).join("\n");
  const error = await errorOf(many);
  assert.match(error.traceback.join("\n"), /30 errors/);
  assert.match(error.traceback.join("\n"), /… and 10 more/);
});

test("the program stays small: cells that no name comes from any more are forgotten", async () => {
  const cells = new Cells();
  await cells.run("const base = { n: 1 };");
  const size = (): number => {
    cells.notebook.scratch("1");
    const own = cells.notebook.service.program
      .getSourceFiles()
      .filter(({ fileName }) => /\/@(?:cell|notebook)/.test(fileName));
    return own.reduce((length, { text }) => length + text.length, 0);
  };
  const cell = (i: number): string => `let again = base.n + ${i}; again++; [1, 2].map((v) => v * again)`;
  await cells.run(cell(0));
  const small = size();
  for (let i = 1; i <= 30; i++) await cells.run(cell(i));
  assert.ok(size() < small + 10, `${size()} characters, ${small} after the first`);
  await cells.run("declare global { interface Array<T> { again: T } }");
  const extended = size();
  for (let i = 1; i <= 30; i++) await cells.run(`declare global { interface Array<T> { again: T } } var v: ${i};`);
  assert.ok(size() < extended + 100, `${size()} characters, ${extended} after the first`);
  assert.equal((await cells.run("again")).value, 32);
});

test("types survive a long chain of cells, generics and private members included", async () => {
  const cells = new Cells();
  await cells.run(
    "class Box<T> { #v: T; constructor(v: T) { this.#v = v; } get(): T { return this.#v; } map<U>(f: (v: T) => U) { return new Box(f(this.#v)); } }",
  );
  await cells.run("const a = new Box(1);");
  await cells.run("const b = a.map((n) => [n, 'x'] as const);");
  await cells.run("const pick = <K extends string>(k: K) => ({ [k]: b.get()[0] }) as Record<K, number>;");
  await cells.run("const c = pick('key');");
  assert.equal((await cells.run("c.key.toFixed(1) + b.get()[1]")).value, "1.0x");
  assert.match(
    (await errorOf("c.other", cells)).evalue,
    /Property 'other' does not exist on type 'Record<"key", number>'/,
  );
});

test("a cell that was checked but never ran leaves nothing behind", async () => {
  const cells = new Cells();
  cells.notebook.check(900, 900, "const ghost = 1; type Spirit = string;");
  cells.notebook.commit(901, ["ghost"]);
  assert.match((await errorOf("ghost", cells)).evalue, /Cannot find name 'ghost'/);
});

test("cells that run at the same time keep the names of both, whichever ends first", async () => {
  const cells = new Cells();
  const { notebook } = cells;
  assert.ok(notebook.check(900, 900, "interface Slow { n: number }\nconst slow: Slow = { n: 1 };").ok);
  assert.ok(notebook.check(901, 901, "const quick = 'q';").ok);
  notebook.commit(901, ["quick"]);
  notebook.commit(900, ["slow"]);
  assert.match((await errorOf("slow.m; quick.length", cells)).evalue, /Property 'm' does not exist on type 'Slow'/);
});

test("another notebook takes over the cells of one whose thread died, and only those that are still needed", async () => {
  const cells = new Cells();
  const saved = new Map<number, SavedCell>();
  const run = async (code: string): Promise<void> => {
    assert.equal((await cells.run(code)).error, undefined, code);
    const { kept, dropped } = structuredClone(cells.notebook.changes());
    for (const cell of kept) saved.set(cell.number, cell);
    for (const number of dropped) saved.delete(number);
  };
  await run("interface P { x: number } let n = 1;");
  for (let i = 0; i < 5; i++) await run(`const p: P = { x: ${i} }; n += 1;`);
  await run("declare global { interface Array<T> { fromCell: T } }");
  await run("declare module 'no-such-package' { export const told: number; }");
  await run("function twice(q: P) { return [q.x * 2].fromCell; }");
  assert.equal(saved.size, 5);
  const heir = new Notebook(cells.directory);
  heir.restore([...saved.values()]);
  const code =
    "import { told } from 'no-such-package'; const r: number = twice(p) + n; const bad: string = r; n = 'text'; [1].fromCell.toFixed(); q; told.length";
  const checked = heir.check(100, 100, code);
  assert.ok(!checked.ok);
  const text = plain(checked.error.traceback.join("\n"));
  assert.match(
    text,
    /4 errors[\s\S]*'number' is not assignable to type 'string'[\s\S]*'string' is not assignable to type 'number'/,
  );
  assert.match(text, /Cannot find name 'q'/);
  assert.match(text, /Property 'length' does not exist on type 'number'/);
});

test("global types stay as they were when TypeScript fails on a cell that says them anew, and when that cell never runs", async () => {
  const cells = new Cells();
  const { notebook } = cells;
  assert.equal((await cells.run("declare global { interface Array<T> { kept(): T } }")).error, undefined);
  const { service } = notebook;
  const { diagnose } = service;
  service.diagnose = () => {
    throw new Error("TypeScript gave up");
  };
  const again = "declare global { interface Array<T> { kept(): string } }";
  assert.throws(() => notebook.check(900, 900, again), /gave up/);
  service.diagnose = diagnose;
  const isNumber = "const n: number = null! as ReturnType<number[]['kept']>; n";
  assert.equal((await cells.run(isNumber)).error, undefined);
  assert.ok(notebook.check(901, 901, again).ok);
  assert.equal((await cells.run(isNumber)).error, undefined);
  assert.equal((await cells.run(again)).error, undefined);
  assert.match((await errorOf(isNumber, cells)).evalue, /Type 'string' is not assignable to type 'number'/);
});
