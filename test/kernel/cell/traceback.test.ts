// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells hold templates.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters as plain } from "node:util";
import { rememberFile } from "../../../kernel/cell/stack.js";
import { toCellError } from "../../../kernel/cell/traceback.js";
import { showPromisesPlainly } from "../../../kernel/render.js";
import type { CellError } from "../../../kernel/threads.js";
import { Cells } from "../cells.js";

const cells = new Cells();
const home = process.cwd();
const limit = Error.stackTraceLimit;

before(() => {
  Error.stackTraceLimit = 100;
  showPromisesPlainly();
  // Files are shown relative to the notebook's folder.
  process.chdir(cells.directory);
});
after(() => {
  Error.stackTraceLimit = limit;
  process.chdir(home);
  rmSync(cells.directory, { recursive: true });
});

async function errorOf(code: string): Promise<CellError & { readonly text: string }> {
  const { error } = await cells.run(code);
  assert.ok(error, code);
  return { ...error, text: plain(error.traceback.join("\n")) };
}

function file(path: string, content: string): string {
  const whole = join(cells.directory, path);
  mkdirSync(join(whole, ".."), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}

test("frames name their functions, and recursion is told once", async () => {
  const { text, ename } = await errorOf("function down(n: number): number {\n  return down(n + 1) + 1;\n}\ndown(0)");
  assert.equal(ename, "RangeError");
  assert.match(text, /at In\[\d+\]:2:\d+ in down\n/);
  assert.match(text, /… the frame above at least 9\d more times$/);
  assert.ok(text.split("\n").length < 15, text);

  const mutual = await errorOf(
    "const odd = (n: number): number => even(n);\nfunction even(n: number): number {\n  return odd(n);\n}\neven(0)",
  );
  assert.match(mutual.text, /… the 2 frames above at least 4\d more times$/);

  const counted = await errorOf(
    "function count(n: number): void {\n  if (n === 0) throw new Error('end');\n  count(n - 1);\n}\ncount(30)",
  );
  assert.match(counted.text, /in count\n[^\n]*\n[^\n]*\n {2}… the frame above 29 more times\n {2}at In\[\d+\]:5:1\n/);
});

test("a local file is shown by its path and line, as it was written", async () => {
  file("helper.mjs", "export function help(x) {\n  return x.y.z;\n}\n");
  const { text } = await errorOf("import { help } from './helper.mjs';\nhelp({});");
  assert.match(
    text,
    /at \.\/helper\.mjs:2:14 in help\n {2}1 │ export function help[^\n]*\n {2}2 │ {3}return x\.y\.z;\n {4}│ {14}\^\n {2}at In/,
  );
});

test("a file that is compiled is shown in the lines of its source", async () => {
  const run = `${pathToFileURL(join(cells.directory, "typed.ts")).href}?version=2`;
  const written =
    "interface Point { x: number }\n\nexport function typed(): never {\n  throw new TypeError('typed');\n}\n";
  // Line 1 of what runs is line 3 of the source, line 2 is line 4: VLQ of columns 0, 2 and 8.
  const map = JSON.stringify({ version: 3, sources: ["typed.ts"], names: [], mappings: "AAEA;EACE,MAAM" });
  rememberFile(run, { code: written, map });
  const js = "(function typed() {\n  throw new TypeError('typed');\n})";
  const { text } = await errorOf(
    `import vm from 'node:vm';\nvm.runInThisContext(${JSON.stringify(js)}, ${JSON.stringify(run)})()`,
  );
  assert.match(text, /at \.\/typed\.ts:4:9 in typed\n/);
  assert.match(text, /4 │ {3}throw new TypeError\('typed'\);\n {4}│ {9}\^/);
});

test("a syntax error in a file is shown where it stands", async () => {
  file("bad.cjs", "const fine = 1;\nconst = 3;\n");
  const { text, ename } = await errorOf(
    "import { createRequire } from 'node:module';\ncreateRequire(process.cwd() + '/x.js')('./bad.cjs')",
  );
  assert.equal(ename, "SyntaxError");
  assert.match(text, /at \.\/bad\.cjs:2:7\n {2}1 │ const fine = 1;\n {2}2 │ const = 3;\n {4}│ {7}\^/);
});

test("frames of packages are shown, with their version, only where no frame is the user's", async () => {
  file("node_modules/@some/pack/package.json", '{ "name": "@some/pack", "version": "1.2.3", "main": "lib/index.js" }');
  file("node_modules/@some/pack/lib/index.js", "exports.fail = () => {\n  throw new Error('inside');\n};\n");
  const { text } = await errorOf("import { fail } from '@some/pack';\nfail();");
  assert.match(text, /^Error: inside\n {2}at In\[\d+\]:2:1\n/);
  const alone = await errorOf(
    "import { fail as far } from '@some/pack';\nawait new Promise((_, no) => setTimeout(() => { try { far() } catch (e: any) { e.stack = e.stack.split('\\n').slice(0, 2).join('\\n'); no(e) } }))",
  );
  assert.match(alone.text, /^Error: inside\n {2}at @some\/pack@1\.2\.3\/lib\/index\.js:2 in exports\.fail$/);
});

test("code in eval is placed at the call of eval, JSON.parse at its call", async () => {
  assert.match(
    (await errorOf("1;\neval('\\n\\n(() => { throw new Error(\"in eval\") })()')")).text,
    /at In\[\d+\]:2:1\n/,
  );
  const { ename, text } = await errorOf("1;\n  JSON.parse('{bad')");
  assert.equal(ename, "SyntaxError");
  assert.match(text, /at In\[\d+\]:2:8\n/);
});

test("causes and the errors of an AggregateError follow, each with its place, and cycles end", async () => {
  const { text } = await errorOf(
    "throw new AggregateError([new Error('a', { cause: new TypeError('b') }), 'text', null,\n  new AggregateError([1])], 'all')",
  );
  assert.match(
    text,
    /^AggregateError: all\n[\s\S]*One of its errors:\nError: a\n {2}at In[\s\S]*\nCaused by:\nTypeError: b\n[\s\S]*\nThrown string: 'text'\n[\s\S]*\nThrown null: null\n[\s\S]*One of its errors:\nAggregateError\n[\s\S]*Thrown number: 1$/,
  );
  assert.match(
    (await errorOf("const e = new Error('x'); e.cause = e; throw e")).text,
    /Caused by:\n {2}an error that is shown above$/,
  );
  const many = await errorOf(
    "const tree = (d: number): Error => new AggregateError(d === 0 ? [] : [1, 2, 3, 4].map(() => tree(d - 1)));\nthrow tree(6)",
  );
  assert.match(many.text, /\n… \d+ more$/);
  assert.ok(many.traceback.length < 300, `${many.traceback.length} lines`);
});

test("errors of other realms are errors", async () => {
  const { ename, text } = await errorOf(
    "import vm from 'node:vm';\nvm.runInNewContext('throw new AggregateError([new RangeError(1)], \"far\")')",
  );
  assert.equal(ename, "AggregateError");
  assert.match(text, /^AggregateError: far\n {2}at In\[\d+\]:2:4\n[\s\S]*One of its errors:\nRangeError: 1/);
});

test("what hangs on an error is shown, as inspect has it", async () => {
  const { text } = await errorOf("import fs from 'node:fs';\nfs.readFileSync('/none')");
  assert.match(
    text,
    /^Error: ENOENT[^\n]*\n {2}at In\[\d+\]:2:4\n[\s\S]*\{ errno: -2, code: 'ENOENT', syscall: 'open', path: '\/none' \}$/,
  );
  const own = await errorOf(
    "throw Object.defineProperty(new Error('g'), 'lazy', { get() { throw 1 }, enumerable: true })",
  );
  assert.match(own.text, /\{ lazy: \[Getter\] \}$/);
  const large = await errorOf(
    "throw Object.assign(new Error('large'), { response: Array.from({ length: 1e5 }, (_, i) => ({ i, a: 'x'.repeat(30) })) })",
  );
  assert.ok(large.traceback.length < 40, `${large.traceback.length} lines`);
});

test("the name is the error's own, else that of its class", async () => {
  assert.equal((await errorOf("class NotFound extends Error {}\nthrow new NotFound('x')")).ename, "NotFound");
  assert.equal((await errorOf("const n = new Error('x'); n.name = 'Custom'; throw n")).ename, "Custom");
  assert.equal((await errorOf("structuredClone(() => 1)")).ename, "DataCloneError");
});

test("whatever is thrown is shown: nothing, symbols, promises, proxies, frozen errors", async () => {
  const shown = async (code: string): Promise<string> => {
    const { ename, evalue } = await errorOf(`throw ${code}`);
    return `${ename}: ${evalue}`;
  };
  assert.equal(await shown("null"), "Thrown null: null");
  assert.equal(await shown("undefined"), "Thrown undefined: undefined");
  assert.equal(await shown("Symbol('s')"), "Thrown symbol: Symbol(s)");
  assert.match(await shown("Promise.resolve(1)"), /^Thrown Promise: Promise \{ 1 \}/);
  assert.equal(await shown("Object.freeze(new Error('frozen'))"), "Error: frozen");
  assert.match(
    await shown("new Proxy(new Error('behind'), { get() { throw 1 }, getPrototypeOf() { throw 2 } })"),
    /behind/,
  );
});

test("a message of 10 MB and one with control sequences leave the traceback short and clean", async () => {
  const huge = await errorOf("throw new Error('x'.repeat(1e7))");
  assert.ok(huge.evalue.length < 1100 && huge.text.length < 11_000, `${huge.evalue.length}, ${huge.text.length}`);
  assert.match(huge.text, /x… 9990000 more characters\n {2}at In\[\d+\]:1:7\n/);
  const { evalue, traceback } = await errorOf("throw new Error('\\u001b[31mred\\u001b[2J\\u0007\\r end')");
  assert.equal(evalue, "red end");
  assert.ok(traceback[0]?.endsWith("\u001b[31mred end\u001b[0m"), traceback[0]);
});

test("a stack that throws, that is no text, or that someone wrote is survived", () => {
  const withStack = (stack: PropertyDescriptor): string =>
    plain(toCellError(Object.defineProperty(new Error("odd"), "stack", stack)).traceback.join("\n"));
  const getter = {
    get: (): never => {
      throw new Error("no");
    },
  };
  assert.equal(withStack(getter), "Error: odd");
  assert.equal(withStack({ value: 7 }), "Error: odd\n  7");
  assert.equal(withStack({ value: "see the log" }), "Error: odd\n  see the log");
  assert.equal(withStack({ value: undefined }), "Error: odd");
});
