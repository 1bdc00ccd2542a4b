import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Folder } from "./folder.js";

function folder(context: TestContext): Folder {
  const made = new Folder();
  context.after(() => made.remove());
  return made;
}

test("a type error in a local file stops the cell that imports it, with the place and the line of the file", async (context) => {
  const at = folder(context);
  at.write({
    "deep/wrong.ts": "\nexport const n: number = 'text';\n",
    "fine.ts": 'export * from "./deep/wrong"; export const fine = 1;',
    // The files that stand for cells are called so, too.
    "@cellar/@cell-bad.ts": "export const n: number = 'text';",
  });
  assert.match(await at.error('import { n } from "./@cellar/@cell-bad"; n'), /@cell-bad\.ts:1:14 TS2322/);
  const text = await at.error('import { fine } from "./fine"; fine');
  assert.match(
    text,
    /deep\/wrong\.ts:2:14 TS2322 Type 'string' is not assignable to type 'number'\.\n.*\n\s+2 │ export const n: number = 'text';\n\s+│ {14}\^/,
  );
  assert.equal(await at.value("1 + 1"), 2, "a cell that does not import it runs");
  at.write({ "deep/wrong.ts": "\nexport const n: number = 5;\n" });
  assert.equal(await at.value('import { fine, n } from "./fine"; fine + n'), 6);
  at.write({ "deep/wrong.ts": "export const n: number = 5;\nexport function broken( {" });
  assert.match(await at.error('import { fine } from "./fine"; fine'), /wrong\.ts:2:2\d TS1\d\d\d/);
});

test("paths and jsx of the tsconfig.json of the folder count, in types and in code", async (context) => {
  const at = folder(context);
  at.write({
    "tsconfig.json":
      '{ // comments are fine\n "compilerOptions": { "paths": { "@lib/*": ["./src/*"], "one": ["./src/one.ts"], "@lib/exact": ["./src/own.ts"], "~/*": ["./*"] }, "jsx": "react", "jsxFactory": "h" } }',
    "src/one.ts": 'import { two } from "@lib/two"; export const one = 1 + two;',
    "src/two.ts": "export const two = 2;",
    "src/exact.ts": "export const which = 'pattern';",
    "src/own.ts": "export const which = 'name';",
    "src/$&.ts": "export const dollar = true;",
    "src/view.tsx":
      'declare global { namespace JSX { interface IntrinsicElements { b: { id?: string } } } }\nconst h = (...parts: unknown[]) => parts; export const view = <b id="x">text</b> as unknown as unknown[];',
  });
  assert.equal(await at.value('import { one } from "one"; import { two } from "@lib/two"; one + two'), 5);
  assert.deepEqual(await at.value('import { view } from "@lib/view"; view'), ["b", { id: "x" }, "text"]);
  // As TypeScript has it, a whole name goes before any pattern.
  assert.equal(await at.value('import { which } from "@lib/exact"; which'), "name");
  assert.equal(await at.value('import { dollar } from "~/src/$&"; dollar'), true);
});

test("types that are installed later count for what earlier cells imported, too", async (context) => {
  const at = folder(context);
  at.write({
    "node_modules/late/package.json": '{ "name": "late", "version": "1.0.0", "main": "index.js" }',
    "node_modules/late/index.js": "exports.x = 1;",
  });
  assert.equal(await at.value('import * as late from "late"; const copy = late; late.x'), 1);
  assert.equal(await at.value("late.y === undefined && copy.y === undefined"), true);
  at.write({
    "node_modules/@types/late/package.json": '{ "name": "@types/late", "version": "1.0.0" }',
    "node_modules/@types/late/index.d.ts": "export declare const x: number;",
    // npm writes it whenever it worked.
    "node_modules/.package-lock.json": "{}",
  });
  assert.match(await at.error("late.y"), /TS2339 Property 'y' does not exist/);
  assert.equal(await at.value('import * as late from "late"; late.x'), 1);
  assert.match(await at.error("late.y"), /TS2339 Property 'y' does not exist/);
});

test("a package without types is noted once, a missing one with what to do about it", async (context) => {
  const at = folder(context);
  at.write({
    "node_modules/bare/package.json": '{ "name": "bare", "version": "1.0.0" }',
    "node_modules/bare/index.js": "exports.x = 1;",
    "node_modules/@a/b/package.json": '{ "name": "@a/b" }',
    "node_modules/@a/b/index.js": "exports.y = 2;",
  });
  const notes = async (code: string): Promise<readonly string[]> => {
    const ran = await at.cells.run(code);
    assert.equal(ran.error, undefined, ran.error?.traceback.join("\n"));
    return ran.notes;
  };
  assert.deepEqual(await notes('import { x } from "bare"; import * as b from "@a/b"; x + b.y'), [
    '"bare" comes without types: all that it exports is any. If it has types apart: %npm install -D @types/bare; if not: declare module "bare" { … }',
    '"@a/b" comes without types: all that it exports is any. If it has types apart: %npm install -D @types/a__b; if not: declare module "@a/b" { … }',
  ]);
  assert.deepEqual(await notes('import bare from "bare"; bare.x'), []);
  const cases: Readonly<Record<string, RegExp>> = {
    "not-there/sub": /Run %npm install not-there\.$/m,
    "@scope/none": /Run %npm install @scope\/none\.$/m,
    "node:fss": /Did you mean node:fs\?/,
    "npm:chalk@5": /Write "chalk", after %npm install chalk@5\./,
    "https://esm.sh/chalk": /Nothing is imported from the network: install its package with %npm install\./,
    "./bear.ts": /Expected TypeScript.*got nothing at .*bear\.ts\. Did you mean ".\/bare\.ts"\?/,
    "helper.ts": /A file begins with \.\/: "\.\/helper\.ts"\./,
    "./picture.png":
      /Expected TypeScript, JavaScript, JSON or WebAssembly, got a \.png file\. To read it: readFileSync\("\.\/picture\.png"\)/,
    "./empty": /got a folder without an index file/,
  };
  at.write({ "bare.ts": "export {};", "picture.png": new Uint8Array([1, 2]), "empty/readme.txt": "" });
  for (const [specifier, expected] of Object.entries(cases)) {
    assert.match(await at.error(`import * as m from ${JSON.stringify(specifier)}; m`), expected);
    // What the types do not see, the loader says.
    const late = await at.error(`const m = await import(${JSON.stringify(specifier)} as string)`);
    assert.match(late, specifier.startsWith(".") ? /got (nothing|a)/ : expected);
    assert.match(late, /ImportError: (import ")?\.?/);
  }
});

test("packages count as soon as they are installed, changed or removed, for types and for code", async (context) => {
  const at = folder(context);
  const cell = 'import { v } from "fresh"; v';
  assert.match(await at.error(cell), /Cannot find module 'fresh'.*\n(.*\n)?.*%npm install fresh/);
  const install = (version: string, type: string, value: string): void =>
    at.write({
      "node_modules/fresh/package.json": `{ "name": "fresh", "version": "${version}", "type": "module", "exports": { "types": "./i.d.ts", "default": "./${version}.js" } }`,
      [`node_modules/fresh/${version}.js`]: `export const v = ${value};`,
      "node_modules/fresh/i.d.ts": `export declare const v: ${type};`,
      "node_modules/.package-lock.json": `{ "version": "${version}" }`,
    });
  install("1.0.0", "number", "1");
  assert.equal(await at.value(`${cell} satisfies number`), 1);
  install("2.0.0", "string", '"2"');
  assert.match(await at.error(`${cell} satisfies number`), /'string' does not satisfy/);
});

const text = (name: string): number[] => [name.length, ...Buffer.from(name)];
const section = (kind: number, ...bytes: number[]): number[] => [kind, bytes.length, ...bytes];
/** Calls `log` of `./env.js` with its first argument and adds both; exports a memory and a global, 7n, too. */
const wasm = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, 2, 0x60, 1, 0x7f, 0, 0x60, 2, 0x7f, 0x7f, 1, 0x7f),
  ...section(2, 1, ...text("./env.js"), ...text("log"), 0, 0),
  ...section(3, 1, 1),
  ...section(5, 1, 0, 1),
  ...section(6, 1, 0x7e, 0, 0x42, 7, 0x0b),
  ...section(7, 3, ...text("add"), 0, 1, ...text("the memory"), 2, 0, ...text("big"), 3, 0),
  ...section(10, 1, 11, 0, 0x20, 0, 0x10, 0, 0x20, 0, 0x20, 1, 0x6a, 0x0b),
]);

test("a file of a package need not be named with its ending, nor a folder with its index", async (context) => {
  const at = folder(context);
  at.write({
    "node_modules/parts/package.json": '{ "name": "parts", "version": "1.0.0" }',
    "node_modules/parts/plugin/utc.js": "module.exports = () => 'utc';",
    "node_modules/parts/plugin/utc.d.ts": "declare const utc: () => string; export = utc;",
    "node_modules/parts/fp/index.js": "exports.n = 2;",
    "node_modules/parts/fp/index.d.ts": "export declare const n: number;",
    "mine.ts": 'import utc from "parts/plugin/utc"; export const mine = utc();',
  });
  assert.equal(await at.value('import utc from "parts/plugin/utc"; import { n } from "parts/fp"; utc() + n'), "utc2");
  assert.equal(await at.value('import { mine } from "./mine"; mine'), "utc");
  at.write({
    "node_modules/other/package.json": '{ "name": "other", "version": "1.0.0", "type": "module" }',
    "node_modules/other/broken.js": 'import "./gone.js"; export {};',
    "node_modules/other/broken.d.ts": "export {};",
  });
  assert.match(await at.error('import "other/broken"'), /expected all its files, got: .*gone\.js/);
});

test("WebAssembly exports are typed, and a large JSON file does not become a type", async (context) => {
  const at = folder(context);
  at.write({ "add.wasm": wasm, "env.js": "export const seen = []; export const log = (n) => seen.push(n);" });
  at.write({ "large.json": JSON.stringify({ list: Array.from({ length: 200_000 }, (_, index) => ({ index })) }) });
  assert.equal(await at.value('import large from "./large.json"; large.list.length'), 200_000);
  assert.match(
    await at.error('import { add } from "./add.wasm"; add("1", 2)'),
    /'string' is not assignable to parameter of type 'number'/,
  );
  assert.equal(await at.value('import { add } from "./add.wasm"; import { seen } from "./env.js"; add(40, 2)'), 42);
  assert.deepEqual(await at.value("seen"), [40]);
  const whole =
    'import * as m from "./add.wasm"; [m.big, m["the memory"].buffer.byteLength, m.add(1, 2) satisfies number]';
  assert.deepEqual(await at.value(whole), [7n, 65536, 3]);
  at.write({ "broken.wasm": wasm.subarray(0, 30) });
  assert.match(
    await at.error('await import("./broken.wasm")'),
    /ImportError: \.\/broken\.wasm: expected a WebAssembly module, got /,
  );
});

test("WebAssembly itself is typed, also beside the DOM's types, and the way that a refused import names can be gone", async (context) => {
  const at = folder(context);
  at.write({ "add.wasm": wasm });
  const instance = `import { readFileSync } from "node:fs";
    const module = new WebAssembly.Module(readFileSync("${at.path}/add.wasm"));
    const seen: number[] = [];
    const { exports } = new WebAssembly.Instance(module, { "./env.js": { log: (n: number) => seen.push(n) } });`;
  const use = `${instance} [(exports.add as (a: number, b: number) => number)(40, 2), seen, WebAssembly.Module.imports(module)[0]?.name]`;
  assert.deepEqual(await at.value(use), [42, [40], "log"]);
  assert.deepEqual(
    await at.value("new WebAssembly.Global({ value: 'i64', mutable: true }, 7n).value satisfies bigint"),
    7n,
  );
  assert.match(await at.error("new WebAssembly.Module('text')"), /'string' is not assignable/);
  assert.match(
    await at.error("new WebAssembly.Memory({ intial: 1 })"),
    /'intial' does not exist in type 'MemoryDescriptor'/,
  );
  at.write({ "tsconfig.json": JSON.stringify({ compilerOptions: { lib: ["es2023", "dom"] } }) });
  assert.deepEqual(await at.value(use), [42, [40], "log"]);
  assert.match(await at.error("new WebAssembly.Memory({ intial: 1 })"), /'intial' does not exist/);
});
