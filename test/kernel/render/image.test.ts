import assert from "node:assert/strict";
import { test } from "node:test";
import { createCanvas, ImageData, loadImage } from "@napi-rs/canvas";
import { render } from "../../../kernel/render.js";

test("ImageData is a PNG that another decoder reads pixel by pixel", async () => {
  const [width, height] = [37, 11];
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, index) =>
    index % 4 === 3 ? 255 : (index * 37) % 251,
  );
  for (const value of [{ width, height, data }, new ImageData(data, width, height)]) {
    const { data: bundle, metadata } = await render(value);
    assert.deepEqual(metadata, { "image/png": { width, height } });
    assert.equal(bundle["text/plain"], "ImageData, 37 × 11 pixels");
    const image = await loadImage(Buffer.from(String(bundle["image/png"]), "base64"));
    const context = createCanvas(width, height).getContext("2d");
    context.drawImage(image, 0, 0);
    assert.deepEqual(Buffer.from(context.getImageData(0, 0, width, height).data), Buffer.from(data));
  }
});

test("a picture of many pixels is thinned out, and says so", async () => {
  const [width, height] = [3000, 2001];
  const { data, metadata } = await render({ width, height, data: new Uint8ClampedArray(4 * width * height) });
  assert.deepEqual(metadata, { "image/png": { width: 1000, height: 667 } });
  assert.equal(data["text/plain"], "ImageData, 3000 × 2001 pixels, shown at 1/3 of its size");
  const image = await loadImage(Buffer.from(String(data["image/png"]), "base64"));
  assert.deepEqual([image.width, image.height], [1000, 667]);
});

test("bytes and Blobs of picture files are those pictures", async () => {
  const canvas = createCanvas(4, 4);
  for (const [mime, bytes] of [
    ["image/png", canvas.toBuffer("image/png")],
    ["image/jpeg", canvas.toBuffer("image/jpeg")],
    ["image/webp", canvas.toBuffer("image/webp")],
    ["image/gif", Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64")],
  ] as const) {
    for (const value of [bytes, new Uint8Array(bytes), new Blob([Uint8Array.from(bytes)], { type: mime })]) {
      const { data } = await render(value);
      assert.equal(data[mime], bytes.toString("base64"), mime);
      assert.equal(data["text/plain"], `${mime}, ${bytes.length} bytes`);
    }
  }
  const svg = await render(new Blob(["<svg/>"], { type: "image/svg+xml" }));
  assert.equal(svg.data["image/svg+xml"], "<svg/>");
});

test("other bytes, Blobs and shapes stay what they are", async () => {
  const wrong = { width: 2, height: 2, data: new Uint8ClampedArray(15) };
  const page = new Blob(["<script>1</script>"], { type: "text/html" });
  for (const value of [
    Buffer.from("RIFF....WAVE"),
    Buffer.from("hello"),
    page,
    new Blob(["x"], { type: "image/png" }),
    wrong,
  ]) {
    assert.deepEqual(Object.keys((await render(value)).data), ["text/plain"]);
  }
});
