import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { render } from "../../../kernel/render.js";

async function table(value: unknown): Promise<{ rows: string[][]; note: string; document: Document } | undefined> {
  const html = (await render(value)).data["text/html"];
  const { document } = new JSDOM(typeof html === "string" ? html : "").window;
  if (!document.querySelector("table")) return undefined;
  const rows = [...document.querySelectorAll("tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent ?? ""),
  );
  return { rows, note: document.querySelector("table + div")?.textContent ?? "", document };
}

test("an array of records is a table of all their keys, numbers to the right", async () => {
  const found = await table([
    { id: 1, name: "<b>one</b>", tags: ["a", "b"] },
    { id: 2, name: "two", extra: null },
  ]);
  assert.deepEqual(found?.rows, [
    ["", "id", "name", "tags", "extra"],
    ["0", "1", "<b>one</b>", "Array(2) ['a', 'b']", ""],
    ["1", "2", "two", "", "null"],
  ]);
  const aligned = [...(found?.document.querySelectorAll("tr:nth-child(1) td") ?? [])].map((cell) =>
    cell.getAttribute("style"),
  );
  assert.deepEqual(aligned, [null, "text-align:left", "text-align:left", "text-align:left"]);
});

test("of a long table the first rows and columns are shown, and how many there are besides", async () => {
  const wide = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`c${index}`, index]));
  const found = await table(Array.from({ length: 1000 }, () => wide));
  assert.equal(found?.rows.length, 21);
  assert.equal(found?.rows[0]?.length, 31);
  assert.equal(found?.note, "… 980 more rows and 10 more columns");
});

test("a Map of records and a matrix of numbers are tables too", async () => {
  const cities = await table(
    new Map([
      ["paris", { people: 2.1 }],
      ["rome", { people: 2.8 }],
    ]),
  );
  assert.deepEqual(cities?.rows, [
    ["", "people"],
    ["paris", "2.1"],
    ["rome", "2.8"],
  ]);
  const matrix = await table([
    [1, 2],
    [3, -4.5],
  ]);
  assert.deepEqual(matrix?.rows, [
    ["", "0", "1"],
    ["0", "1", "2"],
    ["1", "3", "-4.5"],
  ]);
  assert.ok(await table([Float32Array.of(1, 2), Float32Array.of(3, 4)]));
});

test("what has no common keys is no table", async () => {
  class Point {
    x = 1;
  }
  for (const value of [
    [{ a: 1 }],
    [{ a: 1 }, 2],
    [
      { a: 1, b: 1 },
      { c: 1, d: 1 },
      { e: 1, f: 1 },
    ],
    [new Point(), new Point()],
    [[1], ["a"]],
    [],
    [{}, {}],
  ]) {
    assert.equal(await table(value), undefined, JSON.stringify(value));
  }
});

test("getters of records are not called", async () => {
  const record = {
    a: 1,
    get b(): number {
      throw new Error("called");
    },
  };
  assert.deepEqual((await table([record, record]))?.rows[1], ["0", "1", "(…)"]);
});
