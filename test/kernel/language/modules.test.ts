import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Notebooks, nothing, testNotebooks } from "../cells.js";

const notebooks: Notebooks = {
  "export is allowed and means nothing": [
    ["export const a = 1; export function f() { return a; } export class C {} export default 5;", 5],
    ["export { a as renamed }; f()", 1],
    ["export default function named() { return 'd'; }", nothing],
    ["named()", "d"],
    ["export type T = string; const t: T = 't'; t", "t"],
    ["export default class Kept {}", nothing],
    ["Kept.name", "Kept"],
  ],
  "what is exported from another module comes into the notebook": [
    ["export { sep as separator, default as paths } from 'node:path';", nothing],
    ["separator + paths.basename('/x/y')", "/y"],
    ["export * as os from 'node:os';", nothing],
    ["os.EOL.length", 1],
    ["export type { Stats } from 'node:fs'; export { type Dirent, existsSync } from 'node:fs';", nothing],
    ["let stats: Stats | Dirent | undefined; existsSync('/')", true],
    ["export * from 'node:querystring'; export const parse = 'mine';", nothing],
    ["[stringify({ a: 1 }), parse]", ["a=1", "mine"]],
    ["Stats", { error: /'Stats' (only refers to a type|cannot be used as a value)/ }],
    ["export { nope } from 'node:path'", { error: /no exported member/ }],
    ["export * from 'surely-not-installed-anywhere'", { error: /Cannot find module/ }],
  ],
  "what was imported as a type alone is no value in later cells either": [
    [
      "import type Whole from 'node:events'; import type { EventEmitter } from 'node:events'; import { type Readable, Writable } from 'node:stream'; import type * as paths from 'node:path';",
      nothing,
    ],
    [
      "new EventEmitter()",
      { error: /'EventEmitter' cannot be used as a value because it was imported using 'import type'/ },
    ],
    ["new Readable()", { error: /'Readable' cannot be used as a value/ }],
    ["new Whole()", { error: /'Whole' cannot be used as a value/ }],
    ["paths.sep", { error: /'paths' cannot be used as a value/ }],
    [
      "let all: [EventEmitter?, Readable?, Whole?, paths.ParsedPath?, (typeof paths.sep)?] = []; new Writable() instanceof Writable",
      true,
    ],
    ["all[3]?.nowhere", { error: /'nowhere' does not exist on type 'ParsedPath'/ }],
    ["import { EventEmitter } from 'node:events'; const Whole = 1;", nothing],
    ["let whole: Whole | undefined; [new EventEmitter() instanceof EventEmitter, Whole]", [true, 1]],
  ],
  "imports of every form, types elided, hoisted above their use": [
    [
      "import fs, { existsSync as exists } from 'node:fs'; import * as path from 'node:path'; import type { Stats } from 'node:fs'; exists('/') && path.basename('/x/y')",
      "y",
    ],
    ["let st: Stats = fs.statSync('/'); st.isDirectory()", true],
    ["sep; import { sep } from 'node:path'; sep", "/"],
    ["import { EventEmitter, type Abortable } from 'node:events'; new EventEmitter() instanceof EventEmitter", true],
    ["const { join } = await import('node:path'); join('a', 'b')", "a/b"],
    ["(await import('node:fs/promises')).readFile === fs.promises.readFile", true],
    ["typeof import.meta.url", "string"],
    ["import 'node:os';", nothing],
    ["import { nope } from 'node:fs'", { error: /no exported member/ }],
    ["import x from 'surely-not-installed-anywhere'; x", { error: /Cannot find module/ }],
  ],
  "JSON, CommonJS and ES modules next to the notebook": [
    ["import config from './config.json'; config.deep.n + 1", 43],
    ["import { esm } from './esm.mjs'; esm()", "esm"],
    ["import cjs, { named, hidden } from 'some-cjs'; [cjs.named, named, hidden]", ["n", "n", "h"]],
    ["import * as whole from 'some-cjs'; [whole.named, whole.hidden]", ["n", "h"]],
    ["import compiled from 'compiled-esm'; compiled", "the default"],
    ["import { typed } from './local'; typed", 1],
  ],
  "ambient declarations and global augmentation": [
    ["declare global { var shared: number; interface Array<T> { mine(): T } }", nothing],
    ["globalThis.shared = 4; Array.prototype.mine = function () { return this[0]; }; shared + [1].mine()", 5],
    ["declare const shared: number; shared", 4],
    ["shared", 4],
    ["let next = [shared].mine(); next", 4],
    ["declare global { interface Array<T> { yours(): T } }", nothing],
    ["typeof [1].yours + typeof [1].mine", "undefinedfunction"],
  ],
  "a cell with global types that is run again replaces itself": [
    ["declare global { var level: number; interface Array<T> { top(): T; old(): T } } const kept = 1;", nothing],
    ["typeof [1].old", "undefined"],
    [
      "declare global { var level: string; interface Array<T> { top(): string } } const s: number = 'no';",
      { error: /not assignable/ },
    ],
    ["const l: number = globalThis.level; typeof [1].old", "undefined"],
    ["declare global { var level: string; interface Array<T> { top(): string } }", nothing],
    ["globalThis.level = 'high'; const t: string = level; [t, kept]", ["high", 1]],
    ["[1].old", { error: /'old' does not exist/ }],
  ],
  "declare module gives types to a package that has none, and adds to those of one that has some": [
    ["import { named } from 'untyped'; const bad: string = named; bad", 1],
    [
      "declare module 'untyped' {\n  export const named: number;\n  const whole: { named: number };\n  export default whole;\n}\nimport whole, { named } from 'untyped';\n[whole.named, named.toFixed()]",
      [1, "1"],
    ],
    ["import { named } from 'untyped'; const text: string = named;", { error: /In\[3\]:1:40 Type 'number' is not/ }],
    ["import { unheard } from 'untyped'", { error: /no exported member/ }],
    [
      "declare module 'untyped' { export const unheard: Missing; }",
      { error: /In\[5\]:1:50 Cannot find name 'Missing'/ },
    ],
    ["declare module 'untyped' { const whole: { other: 2 }; export default whole; }", nothing],
    ["import whole from 'untyped'; whole.other", undefined],
    ["whole.named", { error: /'named' does not exist/ }],
    ["declare module 'untyped';", nothing],
    ["import { anything } from 'untyped'; const n: number = anything; n", undefined],
    [
      "declare module 'some-cjs' { export const more: 3; }\nimport { more, named } from 'some-cjs'; more satisfies 3; named",
      "n",
    ],
    [
      "declare module '*.style' { const sheet: string; export default sheet; }\ntype S = typeof import('./a.style').default; const s: S = 'b'; s",
      "b",
    ],
    ["declare module './nowhere' { export const x: number; }", { error: /In\[13\]:1:16 / }],
  ],
};

function files(directory: string): void {
  const write = (path: string, text: string): void => writeFileSync(join(directory, path), text);
  for (const name of ["some-cjs", "compiled-esm"])
    mkdirSync(join(directory, "node_modules", name), { recursive: true });
  write("config.json", '{ "deep": { "n": 42 } }');
  write("esm.mjs", "export const esm = () => 'esm';");
  write("esm.d.mts", "export declare function esm(): string;");
  write("local.ts", "export const typed = 1;");
  mkdirSync(join(directory, "node_modules", "untyped"));
  write("node_modules/untyped/index.js", "exports.named = 1;");
  write("node_modules/some-cjs/package.json", '{ "name": "some-cjs", "main": "index.js", "types": "index.d.ts" }');
  write("node_modules/some-cjs/index.js", "exports.named = 'n'; Object.assign(exports, { ['hid' + 'den']: 'h' });");
  write("node_modules/some-cjs/index.d.ts", "export declare const named: string; export declare const hidden: string;");
  write("node_modules/compiled-esm/package.json", '{ "name": "compiled-esm", "main": "index.js" }');
  write(
    "node_modules/compiled-esm/index.js",
    "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'the default';",
  );
}

testNotebooks(notebooks, files);
