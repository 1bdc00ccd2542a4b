// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells hold templates.
import { type Notebooks, nothing, testNotebooks } from "../cells.js";

const notebooks: Notebooks = {
  "a throw in the middle keeps what was defined before": [
    [
      "const before = 1; function hoisted() { return before; } throw new Error('stop'); const after = 2; class Late {}",
      { error: /^Error: stop/ },
    ],
    ["before + hoisted()", 2],
    ["after", { error: /Cannot find name 'after'/ }],
    ["new Late()", { error: /Cannot find name 'Late'/ }],
    ["const before = 'new', other = (() => { throw new Error('x') })(); const never = 1;", { error: /^Error: x/ }],
    ["before.toUpperCase()", "NEW"],
  ],
  "inner scopes shadow names of the notebook": [
    ["const x = 'outer'; function f(x: number, g = () => x) { { const x = 'block'; } return [x, g()]; } f(1)", [1, 1]],
    ["const h = (y = x) => { var x = 'inner'; return [y, x]; }; h()", ["outer", "inner"]],
    [
      "const out: unknown[] = []; for (let x = 0; x < 2; x++) out.push(() => x); for (const x of ['of']) out.push(x); out.map((o: any) => typeof o === 'string' ? o : o())",
      [0, 1, "of"],
    ],
    ["try { throw 'e' } catch (x) { out.push(x) } out.at(-1)", "e"],
    ["switch (1 as number) { case 1: const x = 'case'; out.push(x); } out.at(-1)", "case"],
    [
      "const o = { x() { return 'method'; }, get y() { return x; }, [x]: 1 }; [o.x(), o.y, o.outer]",
      ["method", "outer", 1],
    ],
    ["const rec = function x(n: number): string { return n ? x(n - 1) : 'own'; }; rec(2)", "own"],
    [
      "class K { x = x; static x = 's'; #x = 1; m() { const { x } = this; return x; } } [new K().m(), K.x]",
      ["outer", "s"],
    ],
    ["const arrow = ({ x }: { x: number }) => x, arr = ([x]: number[]) => x; [arrow({ x: 3 }), arr([4])]", [3, 4]],
    ["x: for (const a of [1, 2]) { for (;;) continue x; } x", "outer"],
    ["`${x} ${(() => { let x = 'in'; return x; })()}`", "outer in"],
    ["typeof x", "string"],
    ["{ function x() { return 1; } x(); } x", "outer"],
    ["function deep() { if (true) { var x = 'var'; } return x; } deep()", "var"],
  ],
  "calls get no this, tagged templates and optional calls work": [
    [
      "function who(this: unknown) { return this; } const tag = (s: TemplateStringsArray, ...v: unknown[]) => s.raw.join('|') + v.join(); who() === undefined",
      true,
    ],
    ["(who)() === undefined && who?.() === undefined", true],
    ["tag`a${1}b`", "a|b1"],
    ["const maybe: (() => number) | undefined = undefined as any; maybe?.()", undefined],
    ["new (class { v = who() })().v", undefined],
    ["let fn = who; [fn].map((f) => f() === undefined)", [true]],
  ],
  "loops with labels, generators, async generators and for await": [
    [
      "const got: number[] = []; outer: for (const i of [1, 2, 3]) { for (const j of [1, 2]) { if (i === 2) continue outer; if (i === 3) break outer; got.push(i * j); } } got",
      [1, 2],
    ],
    [
      "function* gen() { const sent: number = yield 1; yield sent * 2; } const it = gen(); [it.next().value, it.next(21).value]",
      [1, 42],
    ],
    [
      "async function* ticks() { for (const t of [1, 2]) { await null; yield t; } } let sum = 0; for await (const t of ticks()) sum += t; sum",
      3,
    ],
    [
      "const closures: (() => number)[] = []; for (let i = 0; i < 3; i++) closures.push(() => i); closures.map((c) => c())",
      [0, 1, 2],
    ],
  ],
  "the last expression is the result": [
    ["1; 2", 2],
    ["'use strict'", "use strict"],
    ["1, 2, 3", 3],
    ["42;", 42],
    ["let q = 5; q = 6", 6],
    ["await Promise.resolve('awaited')", "awaited"],
    ["const z = 1;", nothing],
    ["1; interface Nothing {}", nothing],
    ["if (true) { 5 }", nothing],
    ["", nothing],
    ["// only a comment", nothing],
    ["({ a: 1 })", { a: 1 }],
    ["[1, 2] as const;", [1, 2]],
    ["5 // with a comment", 5],
    ["/* before */ 6 /* after */;", 6],
  ],
  "using disposes, decorators decorate": [
    [
      "const log: string[] = []; { using r = { [Symbol.dispose]() { log.push('closed'); } }; log.push('open'); } log",
      ["open", "closed"],
    ],
    [
      "function twice(f: (...a: any[]) => any, _: ClassMethodDecoratorContext) { return function (this: any, ...a: any[]) { return f.apply(this, a) * 2; }; } class D { @twice m() { return 21; } } new D().m()",
      42,
    ],
    ["new D().m()", 42],
  ],
  "errors of types stop the cell before it runs": [
    ["let ran = 0;", nothing],
    [
      "ran = 1; const s: string = 5;",
      { error: /^TypeScriptError: In\[2\]:1:16 Type 'number' is not assignable to type 'string'/ },
    ],
    ["ran", 0],
    ["const = 5", { error: /^TypeScriptError: In\[4\]:1:7/ }],
    ["function open() {", { error: /'}' expected/ }],
    ["undefinedName", { error: /Cannot find name 'undefinedName'/ }],
    ["/* never closed", { error: /expected/ }],
    ["return 5", { error: /return/ }],
  ],
};

testNotebooks(notebooks);
