import assert from "node:assert/strict";
import { test } from "node:test";
import { render, showPromisesPlainly, textOf } from "../../kernel/render.js";

showPromisesPlainly();

/** The types of a value's bundle. */
async function typesOf(value: unknown): Promise<string[]> {
  return Object.keys((await render(value)).data).sort();
}

test("what is small and whole stays text", async () => {
  for (const value of [1, "text", null, 5n, Symbol("s"), true, [1, 2, 3], { a: 1, b: { c: [1, 2, 3] } }, new Date(0)]) {
    assert.deepEqual(await typesOf(value), ["text/plain"]);
  }
  for (const value of [
    /a+/g,
    () => 1,
    new Map([[1, 2]]),
    new Set([1]),
    Promise.resolve(1),
    new Error("x"),
    Buffer.of(1),
  ]) {
    assert.deepEqual(await typesOf(value), ["text/plain"]);
  }
});

test("what is long, deep or cut can be unfolded, and its text stands beside it", async () => {
  const long = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key${index}`, index]));
  for (const value of [long, Array.from({ length: 1000 }, Math.random), { a: { b: { c: { d: { e: { f: 1 } } } } } }]) {
    assert.deepEqual(await typesOf(value), ["text/html", "text/plain"]);
  }
});

test("an object's own display method comes first, and one that fails is noted above the text", async () => {
  const display = Symbol.for("Jupyter.display");
  const shown = { [display]: () => ({ "text/markdown": "*hi*" }), rest: Array(100).fill(1) };
  assert.deepEqual((await render(shown)).data["text/markdown"], "*hi*");
  const broken = await render({
    [display]: () => {
      throw new Error("no");
    },
    a: 1,
  });
  assert.match(String(broken.data["text/plain"]), /^\[its display method threw Error: no\]\n\{ a: 1/);
});

test("a proxy may display itself, and is asked nothing else", async () => {
  const display = Symbol.for("Jupyter.display");
  const frame = new Proxy({}, { get: (_, key) => (key === display ? () => ({ "text/html": "<table>" }) : undefined) });
  assert.equal((await render(frame)).data["text/html"], "<table>");
  const asked: unknown[] = [];
  const traps = new Proxy({}, { get: (_, trap) => (_target: object, key: unknown) => void asked.push([trap, key]) });
  assert.deepEqual(await render(new Proxy({ a: 1 }, traps)), { data: { "text/plain": "{ a: 1 }" }, metadata: {} });
  await render({ list: Array(200).fill(0), inside: new Proxy({ a: 1 }, traps) });
  assert.deepEqual(asked, [["get", display]]);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.equal((await render(proxy)).data["text/plain"], "<Revoked Proxy>");
  const remote: object = new Proxy(() => {}, { get: () => remote, apply: () => assert.fail("called") });
  assert.match(String((await render(remote)).data["text/plain"]), /Function/);
});

test("the text is that of Node's inspect where that is bounded", () => {
  class Point {
    x = 1;
  }
  assert.equal(textOf(new Point()), "Point { x: 1 }");
  assert.equal(
    textOf({
      get lazy() {
        throw new Error("called");
      },
    }),
    "{ lazy: [Getter] }",
  );
  assert.equal(textOf(Promise.resolve(3)), "Promise { 3 }: put await before it to get its value");
  assert.equal(textOf({ [Symbol.for("nodejs.util.inspect.custom")]: () => "as I like" }), "as I like");
});
