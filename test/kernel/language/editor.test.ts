import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { stripVTControlCharacters as plain } from "node:util";
import { complete } from "../../../kernel/language/complete.js";
import { inspect } from "../../../kernel/language/inspect.js";
import { isComplete } from "../../../kernel/language/is-complete.js";
import { Cells } from "../cells.js";

const cells = new Cells();
before(async () => {
  await cells.run(`import * as path from "node:path";
    /** A point in the plane. */
    interface Point { readonly x: number; readonly y: number }
    /**
     * The distance from the origin.
     * @param point where
     */
    function distance(point: Point): number { return Math.hypot(point.x, point.y); }
    let origin: Point = { x: 0, y: 0 };`);
  await cells.run(`interface Options {
      how: "sum" | "product";
      /** Swap them first. */
      swapped?: boolean }
    /** @param options how to combine */
    function combine(first: number, options: Options): number { return first; }`);
});

/** Completes at the bar. */
function at(text: string): { names: string[]; replaced: string } {
  const offset = text.indexOf("|");
  const code = text.replace("|", "");
  const { start, end, items } = complete(cells.notebook, code, offset);
  return { names: items.map((item) => item.text), replaced: code.slice(start, end) };
}

test("members of values of earlier cells are completed, and nothing else", () => {
  assert.deepEqual(at("origin.|"), { names: ["x", "y"], replaced: "" });
  assert.deepEqual(at("origin.y|"), { names: ["y"], replaced: "y" });
});

test("names of the notebook come before globals", () => {
  assert.equal(at("di|").names[0], "distance");
  assert.equal(at("const q = ori|").names[0], "origin");
  assert.ok(at("|").names.slice(0, 8).includes("distance"));
  assert.ok(at("proc|").names.includes("process"));
});

test("what a cell declares is known while it still runs, and only what it came to afterwards", () => {
  const { notebook } = cells;
  const running = 9_000;
  const code =
    "/** How fast. */\nconst speed = { slow: 1, fast: 2 }; const origin = 'text'; await new Promise(() => {});";
  assert.ok(notebook.check(running, 90, code).ok);
  notebook.summarise();
  assert.deepEqual(at("speed.|").names, ["fast", "slow"]);
  assert.ok(at("origin.to|").names.includes("toUpperCase"));
  assert.match(inspect(notebook, "speed", 2, 0)?.documentation ?? "", /How fast/);
  // It may never get that far: another cell is checked against what there is.
  assert.equal(notebook.check(9_001, 91, "speed").ok, false);
  notebook.commit(running, []);
  assert.deepEqual(at("speed.|").names, []);
  assert.deepEqual(at("origin.|").names, ["x", "y"]);
});

test("imports, keys of literals and members of modules are completed", () => {
  assert.ok(at("path.bas|").names.includes("basename"));
  assert.ok(at('import { read| } from "node:fs"').names.includes("readFileSync"));
  assert.deepEqual(at("distance({ x: 1, | })").names, ["y"]);
});

test("members of what may be undefined, and of objects with keys that are no names, are completed", async () => {
  await cells.run(`let maybe = { size: 1, "a-b": 2 } as { size: number; "a-b": number } | undefined;
    const headers = { accept: 1, "content-type": 2 }; const odd = { "x-1": 1, "x-2": 2 };`);
  assert.deepEqual(at("maybe.|"), { names: ['?.["a-b"]', "?.size"], replaced: "." });
  assert.deepEqual(at("maybe.si|"), { names: ["?.size"], replaced: ".si" });
  assert.deepEqual(at("maybe?.|"), { names: ["size"], replaced: "" });
  assert.deepEqual(at("headers.|"), { names: ["accept"], replaced: "" });
  assert.deepEqual(at("headers['|"), { names: ["accept", "content-type"], replaced: "" });
  assert.deepEqual(at("odd.|"), { names: ['["x-1"]', '["x-2"]'], replaced: "." });
});

test("private members and names that begin with underscores are completed, the kernel's own are not", async () => {
  await cells.run("const __mine = 1;");
  assert.deepEqual(at("class S { #secret = 1; m() { this.#s| } }"), { names: ["#secret"], replaced: "#s" });
  assert.deepEqual(at("class S { #secret = 1; m() { this.#| } }"), { names: ["#secret"], replaced: "#" });
  assert.deepEqual(at("__|").names, ["__mine", "__dirname", "__filename"]);
});

test("files and folders beside the notebook are completed in imports", () => {
  mkdirSync(join(cells.directory, "parts"));
  for (const file of ["own.ts", "own-data.json", "parts/deep.tsx"]) writeFileSync(join(cells.directory, file), "{}");
  assert.deepEqual(at('import "./o|"'), { names: ["own", "own-data.json"], replaced: "o" });
  assert.deepEqual(at("await import('./parts/|')"), { names: ["deep"], replaced: "" });
  assert.deepEqual(at("import * as p from './pa|").names, ["parts"]);
});

test("the range to replace counts UTF-16 code units", () => {
  assert.deepEqual(at("'😀'; origin.x|"), { names: ["x"], replaced: "x" });
});

test("a long line of data costs completion and inspection no more than a look", () => {
  const code = `const data = "${"a".repeat(400_000)}";\norigin.x`;
  const start = performance.now();
  assert.equal(complete(cells.notebook, code, code.length).items[0]?.text, "x");
  assert.equal(inspect(cells.notebook, code, code.length, 0)?.name, "origin.x");
  assert.ok(performance.now() - start < 20_000);
});

test("what is completed carries its kind and signature", () => {
  const { items } = complete(cells.notebook, "distan", 6);
  assert.equal(items[0]?.kind, "function");
  assert.match(items[0]?.signature ?? "", /function distance\(point: Point\): number/);
});

test("documentation comes along where it is cheap, from the notebook and from packages", () => {
  const [item] = complete(cells.notebook, "combine(1, { swap", 17).items;
  assert.deepEqual(item, {
    text: "swapped",
    kind: "property",
    signature: "property swapped: boolean | undefined",
    documentation: "Swap them first.",
  });
  const join = complete(cells.notebook, "path.joi", 8).items[0];
  assert.match(join?.documentation ?? "", /Join all arguments together/);
});

test("calls and literals that are not closed yet are completed", () => {
  assert.deepEqual(at("combine(1, { |").names, ["how", "swapped"]);
  assert.deepEqual(at("combine(1, { how: 'sum', |").names, ["swapped"]);
  assert.deepEqual(at("combine(1, { how: '|").names, ["product", "sum"]);
  assert.ok(at("if (true) { const x = [ori|").names.includes("origin"));
  assert.deepEqual(at("`${origin.|").names, ["x", "y"]);
});

test("comments and mere text complete nothing", () => {
  for (const text of ["// com|", "/* com| */", "/** com|", "'com|'", "`com|`", '"com|', "/com|/"]) {
    assert.deepEqual(at(text).names, [], text);
  }
});

test("completing does not disturb the notebook", async () => {
  at("let half = ori|");
  assert.equal((await cells.run("distance(origin)")).value, 0);
});

test("inspecting a name gives its signature and its documentation", () => {
  const found = inspect(cells.notebook, "distance(origin)", 3, 0);
  assert.equal(found?.name, "distance");
  assert.match(found?.signature ?? "", /function distance\(point: Point\): number/);
  assert.match(found?.documentation ?? "", /The distance from the origin\. {2}\n@param point where/);
  assert.match(inspect(cells.notebook, "distance", 8, 1)?.documentation ?? "", /declared in In\[1\]/);
});

test("names of letters beyond the first plane are inspected at each of their places", async () => {
  await cells.run("const 𝒳 = { 𝒴: 1 };");
  for (const offset of [0, 1, 2]) assert.equal(inspect(cells.notebook, "𝒳", offset, 0)?.name, "𝒳", `${offset}`);
  for (const offset of [3, 4, 5]) assert.equal(inspect(cells.notebook, "𝒳.𝒴", offset, 0)?.name, "𝒳.𝒴", `${offset}`);
});

test("behind an opening parenthesis the called function is inspected", () => {
  assert.equal(inspect(cells.notebook, "distance(", 9, 0)?.name, "distance");
  assert.equal(inspect(cells.notebook, "distance (", 10, 0)?.name, "distance");
  assert.equal(inspect(cells.notebook, "distance((", 9, 0)?.name, "distance");
});

test("among the arguments of a call, closed or not, its signature and the parameter that is due are shown", () => {
  for (const code of ["combine(1, ", "combine(1, );", "if (true) { combine(1,\n", "combine(origin.x, "]) {
    const offset = code.search(/,/) + 1;
    const found = inspect(cells.notebook, code, offset, 0);
    assert.equal(found?.name, "combine", code);
    assert.match(found.signature, /combine\(first: number, options: Options\): number/, code);
    assert.match(found.documentation, /▸ options: Options: how to combine/, code);
  }
  assert.equal(inspect(cells.notebook, "combine(origin.x", 16, 0)?.name, "origin.x");
});

test("level 1 adds the source of a name of the notebook", () => {
  const { documentation = "" } = inspect(cells.notebook, "combine", 3, 1) ?? {};
  assert.match(documentation, /declared in In\[2\] {2}\n```typescript\nfunction combine\(first: number, .*\n```/);
  assert.doesNotMatch(inspect(cells.notebook, "combine", 3, 0)?.documentation ?? "", /```/);
  assert.match(
    inspect(cells.notebook, "path.join", 7, 1)?.documentation ?? "",
    /declared in @types\/node\/path\.d\.ts:\d+/,
  );
});

test("what a file beside the notebook declares is named by the way there", async (context) => {
  writeFileSync(join(cells.directory, "shape.ts"), "/** A side. */\nexport interface Side { length: number }\n");
  const home = process.cwd();
  context.after(() => process.chdir(home));
  process.chdir(cells.directory);
  const code = 'import { Side } from "./shape"; let side: Side;';
  assert.match(inspect(cells.notebook, code, 10, 1)?.documentation ?? "", /A side\.\s+declared in \.\/shape\.ts:2/);
  const { error } = await cells.run(code.replace(";", "; const none: Side = {};"));
  assert.match(plain(error?.traceback.join("\n") ?? ""), /\n {2}\.\/shape\.ts:2:25 'length' is declared here/);
});

test("a function with overloads is declared once in its cell", async () => {
  await cells.run("function over(a: string): void; function over(a: number): void; function over() {}");
  assert.match(inspect(cells.notebook, "over", 1, 1)?.documentation ?? "", /^declared in In\[\d+\]\s*\n```/);
});

test("what nobody knows is not found", () => {
  for (const code of ["nosuch", "nosuch(", "origin.nosuch", "'text'", "// combine"]) {
    assert.equal(inspect(cells.notebook, code, code.length, 0), undefined, code);
  }
  assert.equal(inspect(cells.notebook, "   ", 1, 0), undefined);
  assert.equal(inspect(cells.notebook, "", 0, 0), undefined);
});

const completeness: Record<string, readonly [string, string?][]> = {
  complete: [
    ["1 + 1"],
    [""],
    ["if (a) { b }"],
    ["`x`"],
    ["await f()"],
    ["function f() {}"],
    ["// c"],
    ["f(1, // c\n2)"],
    ["#!/usr/bin/env node"],
  ],
  incomplete: [
    ["if (a) {", "  "],
    ["  const x = [1,", "  "],
    ["f(", "  "],
    ["`open", ""],
    ["/* open", ""],
    ["1 +", ""],
    ["const f = (x) =>", "  "],
    ["class A {\n  m() {", "    "],
    ["if (x)", ""],
    ["a.", ""],
    ["try { } ", ""],
    ["1 + // c", ""],
    ["if (a) // c\n", ""],
    ["f(1, /* c */ ", ""],
  ],
  invalid: [["const = 5"], ["}"], ["'open"], ["if (a) } {"], ["let 5x"], ["f(]"]],
};

for (const [status, codes] of Object.entries(completeness)) {
  test(`the parser tells what is ${status}`, () => {
    for (const [code, indent = ""] of codes) assert.deepEqual(isComplete(code), { status, indent }, code);
  });
}
