import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";
import { type FigureSpec, figure, plotlyMime } from "../../../src/display/figure.js";
import { portable } from "../../../src/display/portable.js";
import { pixelsOf, plotOf, rendered, textOf } from "./bundles.js";

const line: FigureSpec = {
  data: [{ type: "scatter", name: "loss", x: [1, 2, 3], y: [1, 1 / 3, Number.NaN] }],
  layout: { height: 300, title: { text: "A & B" } },
  alt: "Loss & <more> over three steps of $' and $&.",
  text: "loss 1 → 0.333",
};

test("a figure has exactly four parts: plotly, SVG, PNG and text", async () => {
  const bundle = await rendered(figure(line));
  assert.deepEqual(Object.keys(bundle.data).sort(), [plotlyMime, "image/png", "image/svg+xml", "text/plain"].sort());
  assert.equal(textOf(bundle), line.text);
  assert.deepEqual(bundle.metadata["image/png"], { width: 760, height: 300, alt: line.alt });
});

test("the PNG decodes, at twice the CSS size, and shows text and lines in several colours", async () => {
  const { width, height, colours } = await pixelsOf(await rendered(figure(line)));
  assert.equal(width, 1520);
  assert.equal(height, 600);
  assert.ok(colours.size > 20, `${colours.size} colours`);
  const blue = [...colours].some((colour) => (colour & 255) < 80 && ((colour >> 16) & 255) > 150);
  assert.ok(blue, "the line is drawn in the house's blue");
});

test("the SVG is well-formed XML and names what it shows", async () => {
  const bundle = await rendered(figure(line));
  const { JSDOM } = createRequire(import.meta.url)("jsdom") as {
    JSDOM: new (
      text: string,
      options: object,
    ) => { window: { document: { querySelector(s: string): { textContent: string; nodeName: string } | null } } };
  };
  const { document } = new JSDOM(bundle.data["image/svg+xml"] as string, { contentType: "image/svg+xml" }).window;
  assert.equal(document.querySelector("svg > title")?.textContent, line.alt);
  assert.ok(document.querySelector("path.js-line"), "has the curve");
  assert.match(document.querySelector("text.gtitle")?.textContent ?? "", /A & B/);
});

test("the plot uploads nothing, keeps the reader's zoom and follows the page's width", async () => {
  const { config, layout, data } = plotOf(figure(line).interactive());
  assert.equal(config.showSendToCloud, false);
  assert.equal(config.displaylogo, false);
  assert.equal(layout.uirevision, "kept");
  assert.equal(layout.width, undefined);
  assert.deepEqual(data[0]?.y, [1, 0.33333, null]);
});

test("a trace that only a browser can draw is shown without pictures, and the text says so", async () => {
  const bundle = await rendered(figure({ ...line, data: [{ type: "surface", z: [[1]] }] }));
  assert.deepEqual(Object.keys(bundle.data).sort(), [plotlyMime, "text/plain"].sort());
  assert.match(textOf(bundle), /no pictures: surface traces are drawn only by a browser/);
});

test("numbers become short, typed arrays become plotly's base64, what plotly cannot read becomes a gap", () => {
  assert.deepEqual(portable({ a: 3.10000004, b: 123456789, c: [Number.NaN, Infinity, undefined], d: undefined }), {
    a: 3.1,
    b: 123456789,
    c: [null, null, null],
  });
  assert.deepEqual(portable(new Float32Array([0.1, 0.2])), [0.1, 0.2]);
  const long = new Float32Array(64).fill(0.5);
  const packed = portable(long) as { dtype: string; bdata: string };
  assert.equal(packed.dtype, "f4");
  assert.deepEqual(new Float32Array(new Uint8Array(Buffer.from(packed.bdata, "base64")).buffer), long);
});

test("a script that drew a picture ends by itself", () => {
  const module = new URL("../../../src/display/figure.js", import.meta.url).href;
  const script = `import { figure } from ${JSON.stringify(module)};
    const f = figure({ data: [{ type: "bar", x: [1], y: [1] }], alt: "", text: "" });
    const { data } = await f[Symbol.for("Jupyter.display")]();
    console.log(Object.keys(data).join(" "));`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", timeout: 60_000 });
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stdout, /image\/png/);
});

test("text is drawn although the machine has no fonts", async () => {
  // The oracle is the picture itself: fontconfig is pointed at an empty folder, and the text must still leave its ink.
  const module = new URL("../../../src/display/figure.js", import.meta.url).href;
  const script = `import { figure } from ${JSON.stringify(module)};
    const f = figure({ data: [], layout: { height: 200, title: { text: "HHHHHHHHHHHHHHHHHHHH" },
      xaxis: { visible: false }, yaxis: { visible: false } }, alt: "", text: "" });
    console.log(JSON.stringify(await f[Symbol.for("Jupyter.display")]()));`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 1e8,
    env: { ...process.env, FONTCONFIG_FILE: "/dev/null", FONTCONFIG_PATH: "/nonexistent" },
  });
  assert.equal(run.status, 0, run.stderr);
  const { colours } = await pixelsOf(JSON.parse(run.stdout));
  assert.ok(
    [...colours].some((colour) => (colour & 0xffffff) === 0x262626),
    "the title's ink",
  );
});
