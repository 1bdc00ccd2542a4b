import assert from "node:assert/strict";
import { test } from "node:test";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { imageGrid } from "../../../src/display/image-grid.js";
import { DataError, ValueError } from "../../../src/errors.js";
import { type Plot, pixelsOf, plotOf, rendered, textOf } from "./bundles.js";

/** `count` grey images of 8 × 8, image i of brightness i / (count − 1). */
function steps(count: number): { pixels: Float32Array; shape: [number, number, number, number] } {
  const pixels = new Float32Array(count * 64).map((_, index) => Math.floor(index / 64) / Math.max(1, count - 1));
  return { pixels, shape: [count, 8, 8, 1] };
}

interface Annotation {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly font: { color?: string };
}

function captions(plot: Plot): Annotation[] {
  return plot.layout.annotations as Annotation[];
}

/** The colour of the sheet at a place of the axes. */
async function sheetColours(plot: Plot, places: readonly { x: number; y: number }[]): Promise<number[][]> {
  const [sheet] = plot.layout.images as { source: string; sizex: number; sizey: number }[];
  assert.ok(sheet);
  const image = await loadImage(Buffer.from(sheet.source.split(",")[1] ?? "", "base64"));
  const pen = createCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  return places.map(({ x, y }) => [
    ...pen.getImageData(
      Math.round((x / sheet.sizex) * image.width),
      Math.round((-y / sheet.sizey) * image.height),
      1,
      1,
    ).data,
  ]);
}

function centres(plot: Plot): { x: number; y: number }[] {
  const { x, y } = plot.data[0] as unknown as { x: number[]; y: number[] };
  return x.map((each, index) => ({ x: each, y: y[index] ?? 0 }));
}

test("every image lies where its caption is, with its own brightness", async () => {
  const plot = plotOf(imageGrid(steps(5), { columns: 2 }).interactive());
  const colours = await sheetColours(plot, centres(plot));
  assert.deepEqual(
    colours.map(([red]) => red),
    [0, 64, 128, 191, 255],
  );
  assert.equal(new Set(centres(plot).map(({ y }) => y)).size, 3, "three rows");
});

test("colour images keep their channels, and bytes are taken as they are", async () => {
  const pixels = new Uint8Array([...Array(16).fill([255, 0, 10]).flat(), ...Array(16).fill([0, 200, 30]).flat()]);
  const plot = plotOf(imageGrid({ pixels, shape: [2, 4, 4, 3] }).interactive());
  assert.deepEqual(await sheetColours(plot, centres(plot)), [
    [255, 0, 10, 255],
    [0, 200, 30, 255],
  ]);
});

test("a wrong prediction is marked by sign, colour and frame, and says what was right", () => {
  const grid = imageGrid(steps(3), {
    predicted: [0, 1, 1],
    expected: [0, 0, 1],
    classes: ["cat", "<b>dog"],
    confidence: [0.9, 0.5, 1],
  });
  const plot = plotOf(grid.interactive());
  const [right, wrong] = captions(plot);
  assert.equal(right?.text, "✓ cat");
  assert.equal(wrong?.text, "<b>✗ &lt;b&gt;dog<br>not cat</b>");
  assert.notEqual(right?.font.color, wrong?.font.color);
  assert.equal((plot.layout.shapes as unknown[]).length, 1);
  assert.equal(
    (plot.data[0]?.text as string[] | undefined)?.[1],
    "image 2<br>predicted &lt;b&gt;dog (50.0 %)<br>true cat",
  );
  assert.match(JSON.stringify(plot.layout.title), /2 of 3 right/);
  assert.match(textOf(grid.interactive()), /✓ cat {2}✗ <b>dog, not cat {2}✓ <b>dog/);
});

test("the PNG has the size the layout asks for, and shows the images", async () => {
  const bundle = await rendered(imageGrid(steps(8), { title: "Steps" }));
  const { width, height, colours } = await pixelsOf(bundle);
  assert.equal(width, 1520);
  assert.equal(height, 2 * (plotOf(bundle).layout.height as number));
  for (const grey of [0x000000, 0x242424, 0xdbdbdb]) {
    assert.ok(
      [...colours].some((colour) => (colour & 0xffffff) === grey),
      grey.toString(16),
    );
  }
});

test("of more than a hundred images the first hundred are shown, and the title says so", () => {
  const plot = plotOf(imageGrid(steps(120)).interactive());
  assert.equal(centres(plot).length, 100);
  assert.match(JSON.stringify(plot.layout.title), /the first 100 of 120/);
});

test("images that do not fit their shape, odd channels and lists of another length are refused", () => {
  const images = steps(2);
  assert.throws(() => imageGrid({ ...images, shape: [3, 8, 8, 1] }), DataError);
  assert.throws(() => imageGrid({ pixels: new Float32Array(0), shape: [0, 8, 8, 1] }), DataError);
  assert.throws(() => imageGrid({ pixels: new Float32Array(128), shape: [1, 8, 8, 2] }), ValueError);
  for (const columns of [0, -1, 2.5, Number.NaN]) {
    assert.throws(() => imageGrid(images, { columns }), {
      name: "ValueError",
      message: `imageGrid: columns: expected a whole number above 0, got ${columns}.`,
    });
  }
  assert.throws(() => imageGrid(images, { predicted: [1] }), /imageGrid: predicted: expected 2, one an image, got 1/);
});
