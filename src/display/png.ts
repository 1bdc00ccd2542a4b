import { encodePng } from "../png.js";

/** An indexed PNG has so many colours at most (PNG specification, section 11.2.2). */
const most = 256;
/** Of the pixels: so many must have their exact colour, or the picture is a photograph and not for a palette. */
const enough = 0.96;

/**
 * The picture as a PNG with a palette, a third of the size of a full-colour one: charts have few colours, and the rare ones
 * on the edges of letters go to their nearest neighbours. Undefined for photographs and for pictures one can see through.
 * `pixels`: RGBA, row-major.
 */
export function indexedPng(pixels: Uint8Array, width: number, height: number): Buffer | undefined {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 4) {
    if (pixels[at + 3] !== 255) return undefined;
    const colour = colourAt(pixels, at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const common = [...counts].sort((one, other) => other[1] - one[1]).slice(0, most);
  const covered = common.reduce((sum, [, count]) => sum + count, 0);
  if (covered < enough * width * height) return undefined;
  const palette = common.map(([colour]) => colour);
  const index = new Map(palette.map((colour, place) => [colour, place]));
  for (const colour of counts.keys()) if (!index.has(colour)) index.set(colour, nearest(palette, colour));
  const indices = new Uint8Array(width * height);
  for (let at = 0; at < indices.length; at++) indices[at] = index.get(colourAt(pixels, 4 * at)) ?? 0;
  const colours = Uint8Array.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return encodePng({ width, height, pixels: indices, palette: colours, level: 9 });
}

function colourAt(pixels: Uint8Array, at: number): number {
  return ((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0);
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  palette.forEach((candidate, place) => {
    const far = [16, 8, 0].reduce(
      (sum, bits) => sum + (((candidate >> bits) & 255) - ((colour >> bits) & 255)) ** 2,
      0,
    );
    if (far < least) [best, least] = [place, far];
  });
  return best;
}
