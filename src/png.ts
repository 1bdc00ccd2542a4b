/** Pictures as PNG files. It imports nothing but Node's own. Source: PNG specification, third edition. */
import { deflateSync } from "node:zlib";

/** What a PNG of eight bits a sample is made of. */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** RGBA, or indices into a palette. Row-major: [height, width, 4] or [height, width]. */
  readonly pixels: Uint8Array;
  /** The palette: at most 256 colours of three bytes each. */
  readonly palette?: Uint8Array;
  /** How hard zlib tries, 0 to 9. */
  readonly level: number;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The bytes of the file. */
export function encodePng({ width, height, pixels, palette, level }: PngParts): Buffer {
  const stride = palette ? width : 4 * width;
  // Before each row stands its filter: none.
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(stride * y, stride * (y + 1)), (stride + 1) * y + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Bits a sample, and the kind of colour: 3 is a palette, 6 colour with opacity.
  header.set([8, palette ? 3 : 6], 8);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    ...(palette ? [chunk("PLTE", palette)] : []),
    chunk("IDAT", deflateSync(rows, { level })),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  return sum;
});

/** CRC-32 (annex D), which zip archives use, too; node:zlib has its own only from Node 22 on. */
export function crc32(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) sum = (sum >>> 8) ^ (table[(sum ^ byte) & 255] ?? 0);
  return ~sum >>> 0;
}
