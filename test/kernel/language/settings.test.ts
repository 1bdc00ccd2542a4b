import assert from "node:assert/strict";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stripVTControlCharacters as plain } from "node:util";
import { Cells } from "../cells.js";

let changes = 0;

/** Writes the notebook's tsconfig.json, each time with another time stamp. */
function configure(cells: Cells, config: unknown): void {
  const file = join(cells.directory, "tsconfig.json");
  writeFileSync(file, typeof config === "string" ? config : JSON.stringify(config));
  changes += 1;
  utimesSync(file, changes, changes);
}

async function problem(cells: Cells, code: string): Promise<string> {
  return (await cells.run(code)).error?.evalue ?? "no error";
}

test("a tsconfig.json beside the notebook decides how strict cells are, from the next cell on", async () => {
  const cells = new Cells();
  const code = "function f(a) { return a; } const s: string = null; f(s);";
  assert.match(await problem(cells, code), /implicitly has an 'any' type/);
  configure(cells, { compilerOptions: { strict: false } });
  assert.equal(await problem(cells, code), "no error");
  configure(cells, { compilerOptions: { strict: false, strictNullChecks: true } });
  assert.match(await problem(cells, code), /Type 'null' is not assignable/);
  configure(cells, { compilerOptions: { noUncheckedIndexedAccess: true } });
  assert.match(await problem(cells, "[1][0].toFixed()"), /possibly 'undefined'/);
});

test("settings may come from another file, and what a notebook cannot use is left alone", async () => {
  const cells = new Cells();
  writeFileSync(join(cells.directory, "base.json"), '{ "compilerOptions": { "strict": false } }');
  configure(
    cells,
    `{ // comments, trailing commas
    "extends": "./base.json", "files": ["nowhere.ts"], "include": ["src"],
    "compilerOptions": { "target": "es5", "module": "commonjs", "outDir": "out", "noEmit": true, "moduleResolution": "classic" },
  }`,
  );
  const { value, error } = await cells.run(
    "function f(a) { return a ?? 1n; } class A { #p = 1; p() { return this.#p; } } [f(null), await new A().p()]",
  );
  assert.equal(error, undefined);
  assert.deepEqual(value, [1n, 1]);
});

test("a broken tsconfig.json is told once, in one line, and the kernel's own settings hold", async () => {
  const cells = new Cells();
  for (const [config, text] of [
    ['{ "compilerOptions": { "strict": fals } }', /^tsconfig\.json:1:\d+ .*It is ignored/],
    ['{ "compilerOptions": { "strict": "yes" } }', /^tsconfig\.json.* 'strict' requires a value of type boolean/],
    ['{ "compilerOptions": { "nosuch": 1 } }', /^tsconfig\.json.* Unknown compiler option 'nosuch'/],
    ['{ "extends": "./nowhere.json" }', /^tsconfig\.json.* Cannot read file '.*nowhere\.json'/],
  ] as const) {
    configure(cells, config);
    const first = await cells.run("1");
    assert.equal(first.error, undefined);
    assert.equal(first.notes.length, 1, config);
    assert.match(first.notes[0] ?? "", text);
    assert.deepEqual((await cells.run("2")).notes, []);
    assert.match(await problem(cells, "((a) => a)"), /implicitly has an 'any' type/);
  }
});

test("what is unused is a warning, and only when asked for", async () => {
  const cells = new Cells();
  const code = "function f(a: number) {\n  const unused = 1;\n  return 2;\n}\nf(1)";
  assert.deepEqual((await cells.run(code)).notes, []);
  configure(cells, { compilerOptions: { noUnusedLocals: true, noUnusedParameters: true, noImplicitReturns: true } });
  const { value, notes } = await cells.run(code);
  assert.equal(value, 2);
  assert.deepEqual(notes, [
    "In[2]:1:12 TS6133 'a' is declared but its value is never read.",
    "In[2]:2:9 TS6133 'unused' is declared but its value is never read.",
  ]);
});

test("comments switch checks off: for a cell, or for a line", async () => {
  const cells = new Cells();
  assert.equal(
    (await cells.run("// @ts-nocheck\nconst n: number = 'text'; function f(a) { return a; }\nf(n)")).value,
    "text",
  );
  assert.equal((await cells.run("n")).value, "text");
  assert.equal((await cells.run("// @ts-ignore\nconst m: number = 'text';\nm")).value, "text");
  assert.equal((await cells.run("// @ts-expect-error\nconst o: number = 'text';\no")).value, "text");
  assert.match(await problem(cells, "// @ts-expect-error\nconst p: number = 1;"), /Unused '@ts-expect-error'/);
  assert.match(await problem(cells, "// @ts-nocheck\nconst = 1"), /declaration expected/);
});

test("decorators are those of the standard, or the older ones when tsconfig.json says so", async () => {
  const cells = new Cells();
  const named =
    "const seen: unknown[] = []; function named(_: unknown, context: ClassDecoratorContext) { seen.push(context.name); }";
  assert.deepEqual((await cells.run(`${named} @named class Standard {} seen`)).value, ["Standard"]);
  assert.equal((await cells.run("new Standard() instanceof Standard")).value, true);
  configure(cells, { compilerOptions: { experimentalDecorators: true, emitDecoratorMetadata: true } });
  const old = `const keys: unknown[] = [];
    function mark(target: object, key: string) { keys.push(key, target.constructor.name); }
    function sealed(type: Function) { keys.push(type.name); }
    @sealed class Older { @mark size = 1; }
    keys`;
  assert.deepEqual((await cells.run(old)).value, ["size", "Older", "Older"]);
  assert.equal((await cells.run("new Older().size")).value, 1);
});

function runtime(directory: string, name: string): void {
  const folder = join(directory, "node_modules", name);
  mkdirSync(join(folder, "jsx-runtime"), { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({
      name,
      type: "module",
      exports: { "./jsx-runtime": { types: "./jsx-runtime/index.d.ts", default: "./jsx-runtime/index.js" } },
    }),
  );
  writeFileSync(
    join(folder, "jsx-runtime/index.js"),
    `export const jsx = (tag, props) => [${JSON.stringify(name)}, tag, props]; export const jsxs = jsx; export const Fragment = 'f';`,
  );
  writeFileSync(
    join(folder, "jsx-runtime/index.d.ts"),
    "export function jsx(tag: unknown, props: unknown): unknown; export const jsxs: typeof jsx; export const Fragment: string; export namespace JSX { interface IntrinsicElements { b: { a?: number; children?: unknown } } }",
  );
}

test("JSX is there when a cell or tsconfig.json asks for it; else angle brackets are casts", async () => {
  const cells = new Cells();
  for (const name of ["tiny-jsx", "other-jsx"]) runtime(cells.directory, name);
  assert.equal((await cells.run("const cast = <number>(1 as unknown); cast")).value, 1);
  assert.match(await problem(cells, "const e = <b a={1}/>;"), /expected|Cannot find/);
  const own = "/** @jsxImportSource tiny-jsx */\nconst e = <b a={cast}>text</b>; e";
  assert.deepEqual((await cells.run(own)).value, ["tiny-jsx", "b", { a: 1, children: "text" }]);
  assert.match(
    await problem(cells, own.replace("cast", "'no'")),
    /^In\[\d+\]:2:1\d Type 'string' is not assignable to type 'number'/,
  );
  assert.deepEqual((await cells.run("e")).value, ["tiny-jsx", "b", { a: 1, children: "text" }]);
  const factory =
    "/** @jsx h */ function h(tag: string, props: object | null, ...children: unknown[]) { return [tag, props, children]; } namespace h { export namespace JSX { export interface IntrinsicElements { i: {} } } }\n<i>x</i>";
  assert.deepEqual((await cells.run(factory)).value, ["i", null, ["x"]]);
  const bare = "/** @jsx bare */ const bare = (...parts: unknown[]) => parts;\n<i>x</i>";
  const { error } = await cells.run(bare);
  assert.match(plain(error?.traceback.join("\n") ?? ""), /IntrinsicElements.*\n.*%npm install -D @types\/react$/m);
  const earlier =
    "function el(tag: unknown, _: object | null, ...children: unknown[]) { return [tag, ...children]; } const Frag = 'all';";
  await cells.run(`${earlier} namespace el { export namespace JSX { export interface IntrinsicElements { i: {} } } }`);
  assert.deepEqual((await cells.run("/** @jsx el\n@jsxFrag Frag */\n<><i>y</i></>")).value, ["all", ["i", "y"]]);
  configure(cells, { compilerOptions: { jsx: "react", jsxFactory: "el", jsxFragmentFactory: "Frag" } });
  assert.deepEqual((await cells.run("<><i>z</i></>")).value, ["all", ["i", "z"]]);
  configure(cells, { compilerOptions: { jsx: "react-jsx", jsxImportSource: "other-jsx" } });
  assert.deepEqual((await cells.run("const f = <b/>; f")).value, ["other-jsx", "b", {}]);
});

test("a name of `using` that is asked for later is explained", async () => {
  const cells = new Cells();
  await cells.run("using file = { [Symbol.dispose]() {} };");
  const { error } = await cells.run("file");
  assert.match(
    plain(error?.traceback.join("\n") ?? ""),
    /`using file` was disposed of at the end of In\[1\]: `const` keeps it\./,
  );
  writeFileSync(join(cells.directory, "local.ts"), "none;");
  const both = await cells.run("file; import './local';");
  const told = plain(both.error?.traceback.join("\n") ?? "");
  assert.match(told, /2 errors[\s\S]*Cannot find name 'none'/);
  assert.equal(told.match(/was disposed of/g)?.length, 1);
});
