import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { displaySymbol } from "../../src/door.js";
import { RuntimeError, ValueError } from "../../src/errors.js";
import * as jupyter from "../../src/jupyter.js";

const bundle = (value: jupyter.Displayable): unknown => value[displaySymbol]();
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1);
const jpg = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

/** What is printed while the work goes on. */
async function printed(work: () => Promise<void>): Promise<string> {
  const { log } = console;
  let text = "";
  console.log = (line: unknown): void => {
    text += `${line}\n`;
  };
  try {
    await work();
  } finally {
    console.log = log;
  }
  return text;
}

test("tags make displayables of their type, with values put in as they are", () => {
  assert.deepEqual(bundle(jupyter.html`<b>${"<i>"}${undefined}${0}</b>`), {
    "text/html": "<b><i>0</b>",
    "text/plain": "<b><i>0</b>",
  });
  const types = [jupyter.md, jupyter.svg, jupyter.js].map((tag) => Object.keys(bundle(tag`x`) as object)[0]);
  assert.deepEqual(types, ["text/markdown", "image/svg+xml", "application/javascript"]);
  assert.deepEqual((bundle(jupyter.json({ a: [1] })) as jupyter.MediaBundle)["application/json"], { a: [1] });
  assert.deepEqual((bundle(jupyter.json`{"a": ${1}}`) as jupyter.MediaBundle)["application/json"], { a: 1 });
  assert.equal(jupyter.$display, Symbol.for("Jupyter.display"));
});

test("pictures are known by their bytes", () => {
  assert.deepEqual((bundle(jupyter.png(png)) as jupyter.MediaBundle)["image/png"], "iVBORw0KGgoB");
  assert.ok((bundle(jupyter.jpg(jpg)) as jupyter.MediaBundle)["image/jpeg"]);
  const path = join(tmpdir(), `nabla-${process.pid}.png`);
  writeFileSync(path, png);
  assert.deepEqual(bundle(jupyter.image(path)), bundle(jupyter.image(png)));
  rmSync(path);
  assert.throws(() => jupyter.png(jpg), /png: expected image\/png, got image\/jpeg/);
  assert.throws(() => jupyter.image(Uint8Array.of(1, 2, 3)), ValueError);
  const riff = (kind: string) => Buffer.from(`RIFF\0\0\0\0${kind}`, "latin1");
  assert.ok((bundle(jupyter.image(riff("WEBP"))) as jupyter.MediaBundle)["image/webp"]);
  assert.throws(() => jupyter.image(riff("WAVE")), ValueError);
  assert.throws(() => jupyter.image("nowhere.png"), /ENOENT/);
});

test("values of other libraries are known by what they can do", async () => {
  const canvas = { toDataURL: () => "data:image/png;base64,AAAA" };
  const chart = { toSpec: () => ({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "bar" }) };
  const rows = [{ a: 1, b: "<x>" }];
  const frame = { schema: { a: 1, b: 2 }, head: () => frame, toRecords: () => rows };
  const types = async (value: unknown): Promise<string[]> => Object.keys(await jupyter.format(value));
  assert.deepEqual(await types(canvas), ["image/png", "text/plain"]);
  assert.deepEqual(await types(chart), ["application/vnd.vegalite.v5+json", "text/plain"]);
  assert.deepEqual(await types({ outerHTML: "<svg></svg>" }), ["image/svg+xml", "text/plain"]);
  assert.deepEqual(await types({ outerHTML: "<p>" }), ["text/html", "text/plain"]);
  assert.deepEqual(await types(png), ["image/png", "text/plain"]);
  assert.match(String((await jupyter.format(frame))["text/html"]), /<th>a<\/th>.*<td>1<\/td><td>&lt;x&gt;<\/td>/);
  assert.deepEqual(await types({ toSpec: () => ({}) }), ["text/plain"]);
  assert.deepEqual(await jupyter.format(jupyter.md`x`), { "text/markdown": "x", "text/plain": "x" });
});

test("in a plain script display prints, and what needs a notebook says so", async () => {
  assert.equal(await printed(() => jupyter.display({ a: 1 })), "{ a: 1 }\n");
  assert.equal(await printed(() => jupyter.display(jupyter.md`# x`)), "# x\n");
  assert.equal(await printed(() => jupyter.display({ "text/html": "<b>" }, { raw: true })), "<b>\n");
  jupyter.clearOutput();
  await assert.rejects(jupyter.input("Name? "), RuntimeError);
  await assert.rejects(jupyter.password(), /password: expected a notebook, got a plain script\. Run it in a cell/);
  await assert.rejects(jupyter.broadcast("display_data", {}), RuntimeError);
});
