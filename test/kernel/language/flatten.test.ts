import assert from "node:assert/strict";
import { test } from "node:test";
import { Declarations } from "../../../kernel/language/declarations.js";
import { flatten, type ModuleNames } from "../../../kernel/language/flatten.js";
import { inspect } from "../../../kernel/language/inspect.js";
import { Cells } from "../cells.js";

const names: ModuleNames = {
  whole: (specifier) => (specifier === "fs" ? "__m1" : "__m2"),
  default: (specifier) => (specifier === "fs" ? "__nd.__d1" : "__nd.__d2"),
};

function body(declarations: string): string | undefined {
  return flatten(3, declarations, names)?.body.trim();
}

test("imports of a cell become aliases of what its page imports", () => {
  assert.equal(
    body('import fs, { readFileSync as read, type Stats } from "fs";'),
    "export import fs = __nd.__d1; export import read = __m1.readFileSync; export import Stats = __m1.Stats;",
  );
  assert.equal(body('import * as all from "fs";'), "export import all = __m1;");
  assert.equal(body('import { default as fs } from "fs";'), "export import fs = __nd.__d1;");
});

test("what names other modules in a type names an import of the page", () => {
  assert.equal(body('export declare const a: import("fs").Stats;'), "export declare const a: __m1.Stats;");
  assert.equal(
    body('export declare const b: Map<string, import("./@notebook").__c2.Box<import("fs").Stats>>;'),
    "export declare const b: Map<string, __nb.__c2.Box<__m1.Stats>>;",
  );
  assert.equal(
    body('export declare const d: import("./@notebook-defaults").__d1;'),
    "export declare const d: __nd.__d1;",
  );
  assert.equal(
    body('export declare const c: typeof import("fs").constants;'),
    "export declare const c: typeof __m1.constants;",
  );
});

test("the cells that a cell refers to are known", () => {
  const flat = flatten(3, "import A = __nb.__c1.A;\ndeclare let m: typeof __nb.__c2.m;", names);
  assert.deepEqual([...(flat?.uses ?? [])], [1, 2]);
});

test("what only a module can say is left to a module", () => {
  assert.equal(body('export * from "fs";'), undefined);
  assert.equal(body("declare global { interface Array<T> { mine: T } }"), undefined);
  assert.equal(body('import fs = require("fs");'), undefined);
});

test("a page says which cell stands where, and only the pages of cells that changed get another text", () => {
  const declarations = new Declarations();
  declarations.keep(1, "export declare const a: number;");
  declarations.keep(33, "export declare const b: number;");
  const before = new Map(declarations.modules());
  const page = before.get("./@notebook-1") ?? "";
  assert.equal(declarations.cellAt(1, page.indexOf("a: number")), 1);
  assert.equal(declarations.cellAt(1, page.indexOf("b: number")), 33);
  declarations.keep(34, "export declare const c: number;");
  const changed = [...declarations.modules()].filter(([name, text]) => before.get(name) !== text);
  assert.deepEqual(
    changed.map(([name]) => name),
    ["./@notebook-2"],
  );
});

test("types of default exports are shown by the names that cells gave them", async () => {
  const cells = new Cells();
  await cells.run('import fs from "node:fs"; import Emitter from "node:events";');
  await cells.run('const stats = fs.statSync("/"); const emitter = new Emitter();');
  await cells.run("const both = () => ({ stats, emitter });");
  const shown = (name: string) => inspect(cells.notebook, name, 1, 0)?.signature;
  assert.equal(shown("stats"), "const stats: Stats");
  assert.equal(shown("emitter"), "const emitter: EventEmitter<[never]>");
  const { error } = await cells.run("both().emitter.nowhere");
  assert.match(error?.evalue ?? "", /'nowhere' does not exist on type 'EventEmitter<\[never\]>'/);
  assert.match(
    (await cells.run("const wrong: never = both")).error?.evalue ?? "",
    /'\(\) => \{ stats: Stats; emitter: /,
  );
});
