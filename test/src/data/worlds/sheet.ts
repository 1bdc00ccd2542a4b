/** docs/worlds.png: what the worlds of pictures look like, one world a row (with its masks below). */
import { Canvas, ellipse, stroke } from "../../../../src/data/worlds/canvas.js";
import * as worlds from "../../../../src/data/worlds/index.js";
import { encodePng } from "../../../../src/png.js";

const tile = 64;
const columns = 8;
const step = tile + 2;
const palette = [
  [120, 180, 235],
  [90, 140, 70],
  [110, 110, 115],
  [250, 230, 80],
  [215, 60, 60],
  [190, 150, 110],
];

/** A picture of `tile` × `tile`: its colour at each pixel, 0 to 255. */
type Tile = (x: number, y: number) => readonly number[];

/** The file. */
export function sheet(): Buffer {
  const rows = [faceRow(), ...pictureRows(), foldRow(), soundRow()];
  const [width, height] = [columns * step + 2, rows.length * step + 2];
  const pixels = new Uint8Array(4 * width * height).fill(255);
  rows.forEach((row, r) => {
    row.forEach((picture, c) => {
      for (let y = 0; y < tile; y++) {
        for (let x = 0; x < tile; x++) {
          // Sixteen shades a colour make a file of half the size.
          const shades = picture(x, y).map((value) => 17 * Math.round(value / 17));
          pixels.set(shades, 4 * ((r * step + 2 + y) * width + c * step + 2 + x));
        }
      }
    });
  });
  return encodePng({ width, height, pixels, level: 9 });
}

function image(values: ArrayLike<number>, channels: number, size = tile): Tile {
  return (x, y) => {
    const [column, row] = [Math.floor((x * size) / tile), Math.floor((y * size) / tile)];
    const at = (row * size + column) * channels;
    return [0, 1, 2].map((channel) => 255 * values[at + Math.min(channel, channels - 1)]!);
  };
}

/** Two pictures each of four people. */
function faceRow(): Tile[] {
  const { train } = worlds.faces({ people: 4, size: tile });
  return Array.from({ length: columns }, (_, i) => image(train.x((i >> 1) + 4 * (i & 1)).dataSync(), 1));
}

function pictureRows(): Tile[][] {
  return [worlds.roads(), worlds.satelliteTiles({ targets: "mask" }), worlds.lesions()].flatMap(({ train }) => {
    const indices = Array.from({ length: columns }, (_, index) => index);
    return [
      indices.map((index) => image(train.x(index).dataSync(), 3)),
      indices.map((index): Tile => {
        const mask = train.y(index) as readonly number[];
        return (x, y) => palette[mask[y * tile + x]!]!;
      }),
    ];
  });
}

/** Chains on the lattice: H dark, P light. */
function foldRow(): Tile[] {
  const { train } = worlds.hpFolds();
  return Array.from({ length: columns }, (_, index) => {
    const canvas = new Canvas(new Float32Array(3 * tile * tile).fill(1), tile, 3);
    const places = train.places(index);
    const [left, top] = [0, 1].map((axis) => Math.min(...places.map((place) => place[axis]!))) as [number, number];
    const dots = places.map(([x, y]) => [8 + 9 * (x - left), 8 + 9 * (y - top)] as const);
    for (let i = 1; i < dots.length; i++) canvas.paint(stroke(...dots[i - 1]!, ...dots[i]!, 1.5), [0.3, 0.3, 0.3]);
    dots.forEach(([x, y], i) => {
      canvas.paint(ellipse(x, y, 3.5, 3.5), [0.3, 0.3, 0.3]);
      if (train.sequence(index)[i] === "P") canvas.paint(ellipse(x, y, 2.5, 2.5), [1, 1, 1]);
    });
    return image(canvas.pixels, 3);
  });
}

/** Spectrograms of the ten words: time to the right, 0 to 4 kHz upwards, 60 dB. */
function soundRow(): Tile[] {
  const { train } = worlds.toneWords();
  const window = 128;
  return Array.from({ length: columns }, (_, index) => {
    const signal = train.x(index).dataSync();
    const power = new Float32Array(tile * tile);
    for (let column = 0; column < tile; column++) {
      const from = Math.floor((column * (signal.length - window)) / (tile - 1));
      for (let band = 0; band < tile; band++) {
        let [re, im] = [0, 0];
        for (let t = 0; t < window; t++) {
          const value = signal[from + t]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * t) / window));
          re += value * Math.cos((2 * Math.PI * band * t) / window);
          im += value * Math.sin((2 * Math.PI * band * t) / window);
        }
        power[(tile - 1 - band) * tile + column] = 10 * Math.log10(re * re + im * im + 1e-9);
      }
    }
    const most = power.reduce((a, b) => Math.max(a, b));
    return image(
      power.map((level) => Math.max(0, 1 + (level - most) / 60)),
      1,
    );
  });
}
