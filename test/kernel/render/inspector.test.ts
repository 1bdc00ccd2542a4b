import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { render } from "../../../kernel/render.js";

const filler = Array.from({ length: 120 }, (_, index) => index);

async function page(value: unknown): Promise<Document> {
  const { data } = await render(value);
  assert.ok(typeof data["text/html"] === "string", String(data["text/plain"]));
  return new JSDOM(data["text/html"]).window.document;
}

/** The rows of the unfolded first level, as text. */
function rows(document: Document): string[] {
  const body = document.querySelector("details > div");
  return [...(body?.children ?? [])].map((row) => (row.querySelector("summary") ?? row).textContent ?? "");
}

class Point {
  x = 1;
  y = [1, 2, { z: 3 }];
  get length(): never {
    throw new Error("called");
  }
}

test("an object unfolds into its properties, each nested value in a line of its own", async () => {
  const document = await page({
    point: new Point(),
    text: "it's",
    none: null,
    filler,
    "odd key": 1,
    [Symbol("s")]: true,
  });
  assert.deepEqual(rows(document), [
    "point: Point {x: 1, y: Array(3)}",
    'text: "it\'s"',
    "none: null",
    "filler: Array(120) [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, …]",
    "'odd key': 1",
    "[Symbol(s)]: true",
  ]);
  const [outer, ...nested] = document.querySelectorAll("details");
  assert.ok(outer?.hasAttribute("open"));
  assert.ok(nested.length === 4 && nested.every((fold) => !fold.hasAttribute("open")), `${nested.length} folds`);
});

test("maps, sets, errors, classes and dates are shown as what they are", async () => {
  const document = await page({
    map: new Map<unknown, unknown>([
      ["a", 1],
      [{ k: 1 }, new Set(["x"])],
    ]),
    error: Object.assign(new RangeError("too far", { cause: "reasons" }), { code: "E1" }),
    Point,
    twice: function twice() {},
    at: new Date(0),
    filler,
  });
  const [map, error, type, twice, at] = rows(document);
  assert.equal(map, "map: Map(2) {'a' → 1, {k: 1} → Set(1)}");
  assert.match(error ?? "", /^error: RangeError: too far \{stack: /);
  assert.deepEqual(
    [type, twice, at],
    ["Point: [class Point]", "twice: [Function: twice]", "at: 1970-01-01T00:00:00.000Z"],
  );
  const inner = [...document.querySelectorAll("details details")]
    .find((fold) => fold.textContent?.startsWith("error"))
    ?.querySelector(":scope > div");
  assert.deepEqual([...(inner?.children ?? [])].map((row) => row.textContent?.split("\n")[0]?.slice(0, 16)).slice(1), [
    "cause: 'reasons'",
    "code: 'E1'",
  ]);
});

test("a text of several lines folds after its first", async () => {
  const document = await page({ url: new URL("https://example.org/"), filler });
  const [fold] = [...document.querySelectorAll("details details")];
  assert.equal(fold?.querySelector("summary")?.textContent, "url: URL {");
  assert.match(fold?.querySelector("div")?.textContent ?? "", /^ {2}href: 'https:\/\/example\.org\/',\n/);
});

test("text stays text: neither keys nor values are read as HTML", async () => {
  const document = await page({ "<img src=x onerror=alert(1)>": "<script>alert(1)</script>", '"&': 1, filler });
  assert.equal(document.querySelector("img, script"), null);
  assert.match(document.body.textContent ?? "", /<script>alert\(1\)<\/script>/);
});

test("the HTML has no script, no handler and nothing that is fetched", async () => {
  const { data } = await render({ filler, url: new URL("https://example.org/"), nested: [[[{ a: filler }]]] });
  assert.doesNotMatch(String(data["text/html"]), /<script|<link|<img|\son\w+=|src=|href=|url\(/i);
});

test("very large values have a small page, with the first levels", async () => {
  const large = Array.from({ length: 100 }, (_, i) => ({
    i,
    deep: { text: "x".repeat(200), more: { text: "y".repeat(200) } },
    list: [i, [i]],
  }));
  const { data } = await render({ large, odd: [large, 1] });
  assert.ok(String(data["text/html"]).length < 110_000, `${String(data["text/html"]).length}`);
  assert.ok(String(data["text/html"]).length > 10_000);
});
