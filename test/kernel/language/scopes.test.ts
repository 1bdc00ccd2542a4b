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
  "await is an operator, whatever follows it": [
    ["await { then(done: (n: number) => void) { done(7); } }", 7],
    ["await [await 1, 2]", [1, 2]],
    ["await /a+/.exec('baa')?.[0]", "aa"],
    ["await (async () => 3)()", 3],
    ["await", { error: /Expression expected/ }],
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
  "a text may begin as a file does": [
    ["#!/usr/bin/env node\nfunction first() { return 1; }\nfirst()", 1],
    ["#!/usr/bin/env node", nothing],
    ["\uFEFFconst marked = 2;\r\nmarked + first()", 3],
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
  "using at the top of a cell disposes at its end, last first, also after a throw": [
    [
      "const log: string[] = []; const open = (name: string) => ({ name, [Symbol.dispose]() { log.push(name); } }); const later = (name: string) => ({ name, async [Symbol.asyncDispose]() { await null; log.push(name); } });",
      nothing,
    ],
    [
      "let f: (() => string) | undefined; using a = open('a'); const kept = a.name; function hoisted() { return a.name + kept; } f = hoisted; await using b = later('b'), c = later('c'); using none = null; f() + log.length",
      "aa0",
    ],
    ["log.splice(0)", ["c", "b", "a"]],
    ["f?.()", "aa"],
    ["hoisted()", "aa"],
    ["a", { error: /Cannot find name 'a'/ }],
    ["using d = open('d'); throw new Error('x'); using e = open('e');", { error: /^Error: x/ }],
    ["log.splice(0)", ["d"]],
    [
      "using g = { [Symbol.dispose]() { throw new Error('late'); } }; throw new Error('first');",
      { error: /SuppressedError/ },
    ],
    ["const a = 'free again'; a", "free again"],
    ["using bad = {} as Disposable; 1", { error: /TypeError: using: expected a value with a method/ }],
    ["const m = (() => { using x = open('inner'); return log.length; })(); [m, log.splice(0)]", [0, ["inner"]]],
  ],
  "this is undefined at the top, as in a module, and arguments does not exist": [
    ["this === undefined", true],
    ["(() => this)() === undefined", true],
    ["typeof arguments", { error: /arguments/ }],
    ["(function () { return arguments.length; } as (...all: number[]) => number)(1, 2)", 2],
  ],
  "names that the kernel uses itself are free": [
    [
      "const x = 'outer'; function f(__scope: number, __import = 1, __defined = 2) { return [__scope, x]; } f(3)",
      [3, "outer"],
    ],
    [
      "let __scope = 1, __import = 2, __defined = 3; const inner = ((__scope: string) => __scope + x)('in-'); [__scope, __import, __defined, inner]",
      [1, 2, 3, "in-outer"],
    ],
    ["__scope += 1; const { join } = await import('node:path'); join('a', String(__scope))", "a/2"],
    [
      "class __defined { static y = x; } enum constructor { A } const toString = 1, __proto__ = 2; [__defined.y, constructor.A, toString, __proto__]",
      ["outer", 0, 1, 2],
    ],
    ["let caught; try { let __thrown = 1; throw x + __thrown } catch (e) { caught = e } caught", "outer1"],
    ["const await = 1", { error: /await/ }],
  ],
  "eval and new Function see globals, and strings of theirs nothing of the notebook": [
    ["const hidden = 1; [eval('1 + 1'), new Function('a', 'return a * 2')(4)]", [2, 8]],
    ["eval('typeof hidden')", "undefined"],
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
