import assert from "node:assert/strict";
import { test } from "node:test";
import type { Line } from "./dap-client.js";
import { debugged } from "./debugged.js";

const dap = debugged();

/** The notebook's values while nothing is stopped, by name. */
async function notebook(): Promise<Map<string, Line>> {
  const { variables } = await dap.body("inspectVariables");
  return new Map((variables as unknown as Line[]).map((line) => [line.name, line]));
}

/** The lines behind a value of the notebook, as `name = value`. */
async function unfold(name: string): Promise<Record<string, string>> {
  const lines = await dap.unfold((await notebook()).get(name) as Line);
  return Object.fromEntries(lines.map((line) => [line.name, line.value]));
}

test("values of all kinds have their text and type, sorted by name, without a stop and without running their code", async () => {
  await dap.execute(`
    class Point { #secret = 5; x = 1; get sum(): number { console.log("ran"); return this.x + this.#secret } }
    const point = new Point();
    const whole = 7, half = 0.5, far = Infinity, none = undefined, nil = null, yes = true, text = 'a "b"';
    const big = 10n ** 20n, tag = Symbol("tag"), when = new Date(0), pattern = /x+/g;
    const list = [1, "two", [3]], map = new Map([["a", 1]]), set = new Set([1, 2]), bytes = new Uint8Array([1, 2]);
    const wrong = new RangeError("too far"), proxy = new Proxy({ hidden: 1 }, { get() { throw 1 } });
    const hostile = { get boom(): number { throw new Error("boom") }, set only(_: number) {} };
    function add(a: number, b: number) { return a + b }
    const later = Promise.resolve(4);
  `);
  const found = await notebook();
  assert.deepEqual(
    [...found.keys()],
    [...found.keys()].sort((a, b) => a.localeCompare(b)),
  );
  const shown = Object.fromEntries(
    [...found].map(([name, { value, type }]) => [name, type ? `${type}: ${value}` : value]),
  );
  assert.deepEqual(shown, {
    add: "function: ƒ add(a, b)",
    big: "100000000000000000000n",
    bytes: "Uint8Array(2): [1, 2]",
    far: "float: Infinity",
    half: "float: 0.5",
    hostile: "Object: {boom: (getter)}",
    later: 'Promise: {[[PromiseState]]: "fulfilled", [[PromiseResult]]: 4}',
    list: 'Array(3): [1, "two", Array(1)]',
    map: 'Map(1): {"a" → 1}',
    nil: "null",
    none: "undefined",
    pattern: "RegExp: /x+/g",
    point: "Point: {#secret: 5, x: 1}",
    Point: "function: class Point",
    proxy: "Proxy(Object): Proxy(Object)",
    set: "Set(2): {1, 2}",
    tag: "Symbol(tag)",
    text: 'str: "a \\"b\\""',
    when: `Date: ${found.get("when")?.value}`,
    whole: "int: 7",
    wrong: "RangeError: RangeError: too far",
    yes: "bool: true",
  });
  assert.ok(!dap.kernel.published.some(({ content }) => content.text === "ran\n"), "no getter ran");
});

test("objects unfold to their properties; getters only when they are unfolded themselves, also those that throw", async () => {
  assert.deepEqual(await unfold("list"), { 0: "1", 1: '"two"', 2: "[3]", length: "3" });
  assert.deepEqual(await unfold("map"), { 0: '{key: "a", value: 1}' });
  assert.deepEqual(await unfold("set"), { 0: "1", 1: "2" });
  assert.deepEqual(await unfold("proxy"), { "[[Handler]]": "Object", "[[Target]]": "Object" });
  assert.deepEqual(await unfold("point"), { "#secret": "5", x: "1", sum: "(getter)" });
  assert.deepEqual(await unfold("hostile"), { boom: "(getter)", only: "(setter)" });
  const point = await dap.unfold((await notebook()).get("point") as Line);
  const [sum] = await dap.unfold(point.find(({ name }) => name === "sum") as Line);
  assert.equal(sum?.value, "6");
  const hostile = await dap.unfold((await notebook()).get("hostile") as Line);
  const [boom] = await dap.unfold(hostile.find(({ name }) => name === "boom") as Line);
  assert.deepEqual([boom?.name, boom?.value], ["boom threw", "Error: boom"]);
});

test("many listings at once are all answered, also while a cell changes the names", async () => {
  const running = dap.execute(
    "for (let i = 0; i < 300; i++) (globalThis as any).spin = JSON.stringify({ i }).repeat(100);",
  );
  const listings = await Promise.all(Array.from({ length: 30 }, () => dap.body("inspectVariables")));
  for (const { variables } of listings)
    assert.ok((variables as unknown as Line[]).some(({ name }) => name === "point"));
  await running;
});

test("a million elements unfold as ranges of ranges, or as the page that was asked for", async () => {
  await dap.execute("const many = Array.from({ length: 1_000_000 }, (_, i) => i * 2);");
  const many = (await notebook()).get("many") as Line & { indexedVariables: number };
  assert.deepEqual([many.type, many.indexedVariables], ["Array(1000000)", 1_000_000]);
  const ranges = await dap.unfold(many);
  assert.deepEqual([ranges.length, ranges[99]?.name], [101, "[990000…999999]"]);
  const finer = await dap.unfold(ranges[99] as Line);
  assert.deepEqual([finer.length, finer[1]?.name], [100, "[990100…990199]"]);
  const elements = await dap.unfold(finer[1] as Line);
  assert.deepEqual([elements.length, elements[1]?.name, elements[1]?.value], [100, "990101", "1980202"]);
  const page = await dap.unfold(many, { filter: "indexed", start: 500_000, count: 2 });
  assert.deepEqual(
    page.map(({ name, value }) => `${name} = ${value}`),
    ["500000 = 1000000", "500001 = 1000002"],
  );
});

test("locals, closures and the notebook's names are shown under their own names and can be evaluated and assigned", async () => {
  const code = [
    "let factor: number = 3;",
    "function outer(base: number) {",
    "  let captured = base * 10;",
    "  return function inner(step: number) {",
    "    for (let i = 0; i < 1; i++) {",
    "      const product = captured * step * factor;",
    "      console.log(product);",
    "    }",
    "  };",
    "}",
    "outer(2)(5);",
  ].join("\n");
  await dap.breakIn(code, [7]);
  const running = dap.execute(code);
  assert.equal(await dap.stopped(), "inner:7 breakpoint");
  assert.deepEqual(await dap.scope("Locals"), { i: "0", product: "300", step: "5" });
  assert.deepEqual(await dap.scope("Closure: outer"), { captured: "20" });
  const globals = await dap.scope("Globals");
  assert.equal(globals?.factor, "3");
  assert.ok(!Object.keys(globals ?? {}).some((name) => name.startsWith("__")));
  assert.equal(await dap.evaluate("product + factor + captured", 0), "323");
  assert.equal(await dap.evaluate("({ step, factor } satisfies object)", 0), "{step: 5, factor: 3}");
  assert.equal(await dap.evaluate("const a = step; a * 2;", 0), "10");
  await dap.evaluate("factor = 9", 0);
  await dap.evaluate("step += captured += 45", 0);
  assert.deepEqual(await dap.scope("Locals"), { i: "0", product: "300", step: "70" });
  assert.deepEqual(await dap.scope("Closure: outer"), { captured: "65" });
  assert.match(await dap.refusal("evaluate", { expression: "1 +" }), /Expression expected/);
  assert.match(await dap.refusal("evaluate", { expression: "nowhere" }), /ReferenceError: nowhere is not defined/);
  assert.match(await dap.refusal("evaluate", { expression: "throw factor" }), /^9$/);
  await dap.go();
  await running;
  assert.equal(await dap.evaluate("factor"), "9");
});
