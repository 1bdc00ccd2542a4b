// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells hold templates.
import { type Notebooks, nothing, testNotebooks } from "../cells.js";

const notebooks: Notebooks = {
  "values, functions and types carry over": [
    ["const a = 1; let b = 2; function add(x: number, y: number) { return x + y; } type N = number;", nothing],
    ["const c: N = add(a, b); c", 3],
    ["b = 10; b += 1; add(a, b)", 12],
    ["b++; b", 12],
    ["a = 2", { error: /Cannot assign to 'a'/ }],
    ["add(a, b)", 13],
  ],
  "a name can be declared again as another kind of thing": [
    ["const x = 1; x", 1],
    ["function x() { return 'function'; } x()", "function"],
    ["class x { static y = 5 } x.y", 5],
    ["enum x { A = 7 } x.A", 7],
    ["type x = string; const z: x = 'type'; z", "type"],
    ["namespace x { export const inner = 8; } x.inner", 8],
    ["let x = 'let'; x", "let"],
    ["import * as x from 'node:path'; x.sep", "/"],
    ["var x = true; x", true],
  ],
  "earlier functions see later assignments and redefinitions of values": [
    ["let n = 1; function f() { return n; } const g = () => f() + 1; g()", 2],
    ["n = 5; g()", 6],
    ["function f() { return 100; } f()", 100],
    ["g()", 101],
    ["let n = 'now text'; n", "now text"],
  ],
  "a variable of a cell hides a global only in the notebook": [
    ["const process = 1; const name = 'n'; process", 1],
    ["(globalThis as any).process.version.startsWith('v')", true],
    ["process + name.length", 2],
    ["const { cwd } = await import('node:process'); typeof cwd()", "string"],
  ],
  "var belongs to the cell, from within blocks and loop heads too": [
    ["if (true) { var inBlock = 1; } for (var i = 0; i < 3; i++) { var last = i; } [inBlock, i, last!]", [1, 3, 2]],
    ["for (var k in { a: 1, b: 2 }); for (var [p, q] of [[1, 2], [3, 4]]); [k!, p!, q!, i]", ["b", 3, 4, 3]],
    ["for (var { w, v: [u] } of [{ w: 1, v: [2] }]) {} [w!, u!]", [1, 2]],
    ["try { throw 1 } catch { var caught = 'yes'; } caught", "yes"],
    ["var twice = 1; var twice: number; twice", 1],
    ["switch (1 as number) { case 1: var inSwitch = 'case'; } inSwitch!", "case"],
    ["var empty: undefined | number; empty === undefined", true],
  ],
  "destructuring with defaults, rest, nesting and computed names": [
    [
      "const { a, b: { c = 3, ...r }, ['k' + 1]: k = 4 } = { a: 1, b: { d: 5, e: 6 } } as any; [a, c, r, k]",
      [1, 3, { d: 5, e: 6 }, 4],
    ],
    ["let [x, , y = a + 1, ...zs] = [10, 20, undefined, 30, 40]; [x, y, zs]", [10, 2, [30, 40]]],
    ["[x, y] = [y!, x]; [x, y]", [2, 10]],
    ["({ a: x, y = 5 } = { a: 7 } as any); [x, y]", [7, 5]],
    ["let rs: any; ({ x, ...rs } = { x: 1 } as any); x", 1],
    ["const o = { x, y, a }; o", { x: 1, y: 5, a: 1 }],
    ["const { f = () => 1, g = class {} } = {} as any; [f.name, g.name]", ["f", "g"]],
    ["for ([x, y] of [[1, 2], [3, 4]] as [number, number][]); [x, y]", [3, 4]],
    ["for (x of [8, 9]); x", 9],
  ],
  "functions and classes keep their names": [
    [
      "const f = () => 1, g = function () {}, h = class {}, k = async () => {}; [f.name, g.name, h.name, k.name]",
      ["f", "g", "h", "k"],
    ],
    ["function d() {} class C {} [d.name, C.name]", ["d", "C"]],
    ["const wrapped = (() => 2); wrapped.name", "wrapped"],
    ["const inner = class Own {}; inner.name", "Own"],
  ],
  "enums, const enums and namespaces": [
    ["enum Color { Red, Green = 5, Blue } [Color.Blue, Color[5]]", [6, "Green"]],
    ["Color.Red", 0],
    ["const enum Fast { A = 1, B = A << 3 } Fast.B", 8],
    ["Fast.A + Fast.B", 9],
    ["enum Color { Only } Object.keys(Color)", ["0", "Only"]],
    [
      "namespace N { export let x = 1; export function up() { return ++x; } export namespace M { export const y = 2; } }",
      nothing,
    ],
    ["N.up(); [N.x, N.M.y]", [2, 2]],
    ["function both() { return 1; } namespace both { export const extra = 2; } both() + both.extra", 3],
    ["both.extra", 2],
    ["let x = 'mine'; namespace P { export let x = 5; export const twice = x * 2; } [x, P.twice]", ["mine", 10]],
    ["import short = N.M; short.y", 2],
    ["short.y + 1", 3],
  ],
  "classes with private fields, static blocks, accessors and inheritance": [
    [
      `class Counter { #n = 0; static made = 0; static { Counter.made = 1; } constructor(readonly step = 1) { Counter.made++; }
        up() { this.#n += this.step; return this; } get n() { return this.#n; } static #secret = 7; static peek() { return Counter.#secret; } }
       new Counter(2).up().up().n`,
      4,
    ],
    ["class Loud extends Counter { override up() { return super.up(); } } new Loud(3).up().n", 3],
    ["[Counter.made, Counter.peek(), new Loud() instanceof Counter]", [3, 7, true]],
    [
      "abstract class Shape { abstract area(): number; } class Sq extends Shape { constructor(private s: number) { super(); } area() { return this.s ** 2; } } new Sq(3).area()",
      9,
    ],
    ["const s: Shape = new Sq(2); s.area()", 4],
  ],
  "a type joins an earlier value of its name, and a value an earlier type": [
    ["const User = { parse: (x: unknown) => ({ name: String(x) }) }; let level = 1;", nothing],
    ["type User = ReturnType<typeof User.parse>;", nothing],
    ["const user: User = User.parse('ada'); user.name", "ada"],
    ["interface level { deep: true }", nothing],
    ["level += 1; const l: level = { deep: true }; [level, l.deep]", [2, true]],
    ["interface Point { x: number }", nothing],
    ["const Point = (x: number): Point => ({ x }); Point(1)", { x: 1 }],
    ["const p: Point = Point(2); p.x", 2],
    ["class User {} new User() instanceof User", true],
    ["User.parse", { error: /'parse' does not exist/ }],
  ],
  "a declaration of a later cell replaces that of an earlier one, and never merges with it": [
    ["interface Box { a: number } function over(x: string): string; function over(x: any) { return x; }", nothing],
    ["interface Box { b: number } interface Box { c: number } const box: Box = { b: 1, c: 2 }; box", { b: 1, c: 2 }],
    ["const old: Box = { a: 1 }", { error: /'a' does not exist in type 'Box'|missing the following/ }],
    ["function over(x: number): number; function over(x: any) { return x; } over(1)", 1],
    ["over('s')", { error: /not assignable/ }],
    ["namespace N { export const a = 1; }", nothing],
    ["namespace N { export const b = 2; } namespace N { export const c = b + 1; } N.c", 3],
    ["N.a", { error: /'a' does not exist/ }],
  ],
  "modern types": [
    [
      "type Route = `/${string}`; const r: Route = '/x'; const bad: Route = 'x';",
      { error: /not assignable to type '`\/\$\{string\}`'/ },
    ],
    ["const o = { a: [1] } as const satisfies Record<string, readonly number[]>; o.a[0]", 1],
    [
      "function f<const T extends readonly unknown[]>(x: T): T { return x; } const [one] = f([1, 2]); const n: 1 = one; n",
      1,
    ],
    [
      "class A { accessor x = 1; static accessor y = 2; get twice() { return this.x * 2; } set twice(v: number) { this.x = v / 2; } } const a = new A(); a.twice = 10; [a.x, A.y]",
      [5, 2],
    ],
    ["enum E { A = 'a', B = 'b' } type K = keyof typeof E; const k: K = 'B'; E[k]", "b"],
    ["const k2: `${E}` = 'b'; (Object.values(E) as string[]).includes(k2)", true],
    ["['A', 'a'].map((letter) => /^[\\p{L}--[a-z]]$/v.test(letter))", [true, false]],
    ["abstract class Base { abstract m(): string; } new Base()", { error: /abstract/ }],
  ],
  "generics, overloads, conditional types and merged interfaces": [
    [
      "function first<T>(xs: readonly T[]): T | undefined { return xs[0]; } interface Box<T> { v: T } interface Box<T> { w?: T }",
      nothing,
    ],
    ["const box: Box<string> = { v: first(['q'])!, w: 'r' }; box.v", "q"],
    [
      "function over(x: string): string; function over(x: number): number; function over(x: any): any { return x; }",
      nothing,
    ],
    ["over('s').length + over(1)", 2],
    ["over(true)", { error: /No overload matches/ }],
    ["type Elem<T> = T extends (infer U)[] ? U : never; const e: Elem<number[]> = 4; e", 4],
    ["const t = first<Box<number>>([]); t?.v.toFixed() ?? 'none'", "none"],
    ["const sat = { a: 1 } satisfies Record<string, number>; sat.a", 1],
  ],
};

testNotebooks(notebooks);
