import { types } from "node:util";
import type { Rendered } from "../../src/door.js";
import { encodePng } from "../../src/png.js";
import { counted } from "./look.js";
import { className, dataOf } from "./own.js";

/** Largest file that is shown as a picture, in bytes. */
const largest = 8 * 1024 * 1024;
/** Most pixels that are encoded; larger pictures are shown at a half, a third, … of their size. */
const mostPixels = 1024 * 1024;

/** The picture that a value is: the bytes of an image file, a Blob of one, or ImageData. Undefined for all others. */
export function imageOf(value: object): Rendered | undefined | Promise<Rendered | undefined> {
  if (types.isProxy(value)) return undefined;
  if (types.isUint8Array(value)) return ofBytes(value);
  if (["Blob", "File"].includes(className(value)) && value instanceof Blob) return ofBlob(value);
  const pixels = pixelsOf(value);
  return pixels && ofPixels(pixels);
}

/** What the files of picture formats begin with; between the parts of WebP's stands its length. */
const beginnings: readonly (readonly [mime: string, start: string, after?: string])[] = [
  ["image/png", "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", "\xff\xd8\xff"],
  ["image/gif", "GIF87a"],
  ["image/gif", "GIF89a"],
  ["image/webp", "RIFF", "WEBP"],
];

function ofBytes(bytes: Uint8Array): Rendered | undefined {
  if (bytes.length > largest) return undefined;
  const head = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  const [mime] = beginnings.find(([, start, after = ""]) => head.startsWith(start) && head.endsWith(after)) ?? [];
  if (mime === undefined) return undefined;
  const text = `${mime}, ${counted(bytes.length)} bytes`;
  return { data: { [mime]: base64(bytes), "text/plain": text }, metadata: {} };
}

async function ofBlob(blob: Blob): Promise<Rendered | undefined> {
  if (!/^image\//.test(blob.type) || blob.size > largest) return undefined;
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (blob.type !== "image/svg+xml") return ofBytes(bytes);
  const text = `image/svg+xml, ${counted(bytes.length)} bytes`;
  return { data: { "image/svg+xml": new TextDecoder().decode(bytes), "text/plain": text }, metadata: {} };
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

function pixelsOf(value: object): Pixels | undefined {
  // ImageData has getters, known to be harmless; of other objects only data is read.
  const read = (key: string): unknown =>
    className(value) === "ImageData" ? (value as Record<string, unknown>)[key] : dataOf(value, key);
  const [width, height, data] = [read("width"), read("height"), read("data")];
  if (!Number.isInteger(width) || !Number.isInteger(height) || !types.isUint8ClampedArray(data)) return undefined;
  const [w, h] = [Number(width), Number(height)];
  return w > 0 && h > 0 && data.length === 4 * w * h ? { width: w, height: h, data } : undefined;
}

function ofPixels({ width, height, data }: Pixels): Rendered {
  const step = Math.ceil(Math.sqrt((width * height) / mostPixels));
  const [w, h] = [Math.ceil(width / step), Math.ceil(height / step)];
  const size = `ImageData, ${width} × ${height} pixels`;
  const text = step === 1 ? size : `${size}, shown at 1/${step} of its size`;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const shown = step === 1 ? bytes : thinned(bytes, width, height, step);
  const png = encodePng({ width: w, height: h, pixels: shown, level: 6 });
  return {
    data: { "image/png": png.toString("base64"), "text/plain": text },
    metadata: { "image/png": { width: w, height: h } },
  };
}

/** Every so many pixels, of every so many rows. */
function thinned(pixels: Uint8Array, width: number, height: number, step: number): Uint8Array {
  const all = new Uint32Array(new Uint8Array(pixels).buffer);
  const some: number[] = [];
  for (let y = 0; y < height; y += step) for (let x = 0; x < width; x += step) some.push(all[y * width + x] ?? 0);
  return new Uint8Array(Uint32Array.from(some).buffer);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}
