import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import vm from "node:vm";
import { render, textOf } from "../../../kernel/render.js";

interface Shown {
  readonly text: string;
  readonly html: string;
}

async function shown(value: unknown): Promise<Shown> {
  const { data } = await render(value);
  const [text, html] = [String(data["text/plain"]), String(data["text/html"] ?? "")];
  assert.ok(text.length + html.length < 210_000, `${text.length} + ${html.length} characters`);
  return { text, html };
}

/** Milliseconds of CPU, the least of some tries: other processes may hold the machine. */
async function best(value: unknown, tries = 5): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const start = process.cpuUsage();
    await shown(value);
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

test("ten million numbers, wide trees and sparse arrays are shown in a moment", async () => {
  const tree = (depth: number): unknown => (depth === 0 ? 1 : Array.from({ length: 25 }, () => tree(depth - 1)));
  const holey = new Array(3e6).fill(1);
  delete holey[5];
  const sparse: unknown[] = [];
  sparse[5] = "five";
  sparse.length = 2 ** 32 - 1;
  const cases = {
    typed: new Float32Array(1e7),
    holey,
    sparse,
    map: new Map(Array.from({ length: 2e5 }, (_, i) => [i, { i }])),
    tree: tree(4),
    text: "x".repeat(1e7),
    boxed: new String("x".repeat(1e7)),
    texts: Array.from({ length: 200 }, () => "y".repeat(50_000)),
  };
  for (const [name, value] of Object.entries(cases)) {
    const took = await best(value);
    assert.ok(took < 250, `${name}: ${took} ms of CPU`);
  }
  assert.match((await shown(sparse)).text, /^Array\(4,294,967,295\) \[\n {2}<5 empty items>,\n {2}'five',/);
  assert.match((await shown(cases.typed)).html, /… 9,999,900 more items/);
});

test("a million keys cost little more than their one enumeration", async () => {
  const many: Record<string, number> = {};
  for (let i = 0; i < 3e5; i++) many[`key${i}`] = i;
  const ratios: number[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    const start = performance.now();
    Object.keys(many);
    const enumerated = performance.now();
    const { text, html } = await shown(many);
    ratios.push((performance.now() - enumerated) / (enumerated - start));
    assert.match(text, /^\{\n {2}key0: 0,\n[\s\S]*\n {2}… 299,800 more\n\}$/);
    assert.match(html, /… 299,800 more properties/);
  }
  assert.ok(Math.min(...ratios) < 3, ratios.join(", "));
});

test("ten thousand levels and cycles end", async () => {
  let deep: unknown = {};
  for (let i = 0; i < 10_000; i++) deep = { deep };
  assert.match((await shown(deep)).html, /\{deep: …\}|\{…\}/);
  const cyclic: Record<string, unknown> = { list: Array.from({ length: 30 }, (_, i) => ({ i })) };
  cyclic.self = cyclic;
  const { text, html } = await shown(cyclic);
  assert.match(text, /self: \[Circular \*1\]/);
  assert.match(html, /self<\/span>: <span[^>]*>\[Circular\]/);
});

test("getters, toString, toJSON and tags that throw are not called", async () => {
  const never = (): never => {
    throw new Error("called");
  };
  const value = Object.defineProperties(
    { toString: never, toJSON: never, valueOf: never, filler: Array(200).fill(0) },
    {
      lazy: { get: never, enumerable: true },
      [Symbol.toStringTag]: { get: never, enumerable: true },
    },
  );
  const { html } = await shown(value);
  assert.match(html, /lazy<\/span>: <span[^>]*>\(…\)/);
});

test("a proxy is not looked through: its traps never run, also where they never end", async () => {
  const endless = (): never => {
    for (;;);
  };
  const handler = {
    ownKeys: endless,
    has: endless,
    getPrototypeOf: endless,
    getOwnPropertyDescriptor: endless,
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const hostile = [new Proxy({ a: 1 }, handler), new Proxy(() => 1, handler), new Proxy([1], handler), proxy];
  for (const value of hostile) assert.ok((await shown(value)).text);
  const { html } = await shown({ hostile, filler: Array(200).fill(0) });
  assert.match(html, /Proxy/);
  assert.match(html, /Revoked Proxy/);
});

test("exotic objects are shown: modules before their values, iterators, weak things, other realms", async () => {
  const filler = Array(200).fill(0);
  const waiting = new vm.Script("async () => { let x = 1; }").runInNewContext();
  const values = {
    weakMap: new WeakMap(),
    weakRef: new WeakRef(filler),
    generator: (function* () {})(),
    iterator: new Map([[1, 2]]).entries(),
    shared: new SharedArrayBuffer(1e6),
    view: new DataView(new ArrayBuffer(8)),
    memory: new WebAssembly.Memory({ initial: 1 }),
    nothing: Object.create(null),
    args: vm.runInNewContext("(function () { return arguments; })(1, 2)"),
    symbol: Symbol("s"),
    big: -(2n ** 200_000n),
    waiting,
    realm: vm.runInNewContext("({ list: [1, 2], map: new Map([[1, { b: 2 }]]), error: new RangeError('far') })"),
    filler,
  };
  const { html, text } = await shown(values);
  for (const part of [
    "WeakMap",
    "WeakRef",
    "Generator",
    "SharedArrayBuffer",
    "DataView",
    "Map(1)",
    "RangeError: far",
    "-0x",
  ]) {
    assert.ok(html.includes(part), part);
  }
  assert.match(text, /nothing: \[Object: null prototype\] \{\}/);
});

test("an iterator that is shown is not moved on", async () => {
  const iterator = new Map([[1, 2]]).entries();
  await shown({ iterator, filler: Array(200).fill(0) });
  assert.deepEqual(iterator.next().value, [1, 2]);
});

test("small results are quick", async () => {
  const start = process.cpuUsage();
  for (let i = 0; i < 20_000; i++) await render({ a: i, b: [1, 2, 3] });
  const { user, system } = process.cpuUsage(start);
  const each = (user + system) / 20_000;
  assert.ok(each < 300, `${each} µs of CPU each`);
});

test("a value whose own inspect never ends is given up, also inside of others and where only its text is wanted", async () => {
  const stuck = {
    [inspect.custom]: () => {
      for (;;);
    },
  };
  const start = performance.now();
  assert.deepEqual(await render({ deep: [1, stuck] }), {
    data: { "text/plain": "[a value that takes longer than 3 s to be shown]" },
    metadata: {},
  });
  assert.equal(textOf(stuck), "[a value that takes longer than 3 s to be shown]");
  const took = performance.now() - start;
  assert.ok(took > 5900 && took < 20_000, `${took} ms`);
  assert.equal((await shown({ [inspect.custom]: () => "its own" })).text, "its own");
});

test("a display method that shows other values through the kernel may do so", async () => {
  const outer = { [inspect.custom]: () => `outer of ${textOf({ [inspect.custom]: () => "inner" })}` };
  assert.equal((await shown(outer)).text, "outer of inner");
});
