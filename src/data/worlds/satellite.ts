import { oneOf } from "../../tensor/arguments.js";
import type { Random } from "../../tensor/random.js";
import { between, Canvas, type Colour, ellipse, mix, smoothNoise } from "./canvas.js";
import { Generated } from "./generated.js";
import { makeWorld, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link satelliteTiles} takes. Default sizes: 1,200 and 300. */
export interface SatelliteTilesOptions<S extends number = number> extends WorldOptions {
  /** Pixels along a side, from 16. Default 64. */
  readonly size?: S;
  /** "class": what covers most of the tile; "mask": what covers each pixel. Default "class". */
  readonly targets?: "class" | "mask";
}

const classes = ["water", "forest", "meadow", "field", "city", "bare soil"] as const;

/**
 * Tiles of land as satellites see it (in the manner of EuroSAT, arXiv 1709.00029): water, forest, meadow, fields, city and bare soil,
 * which meet along irregular borders. They differ by texture more than by colour: season and light change the colours of a tile, and a
 * fifth of the tiles has clouds. x: [size, size, 3] in 0 … 1. y: the class that covers most of the tile, at least half of it, each as
 * often; or with `targets: "mask"` [size, size], the class of each pixel below the clouds. Throws ValueError.
 */
export function satelliteTiles<const S extends number = 64>(
  options: SatelliteTilesOptions<S> = {},
): World<Generated<readonly [S, S, 3]>> {
  const { size = 64 as S, targets = "class" } = options;
  wholeNumber("satelliteTiles: size", size, 16, 1024);
  oneOf("satelliteTiles: targets", targets, ["class", "mask"]);
  const most = (index: number) => index % classes.length;
  return makeWorld("satelliteTiles", options, ["size", "targets"], { train: 1_200, test: 300 }, (part) => {
    return new Generated<readonly [S, S, 3]>({
      ...part,
      inputShape: [size, size, 3],
      inputs: "float32",
      targetShape: targets === "mask" ? [size, size] : [],
      targets: "int32",
      classes,
      ...(targets === "class" && { label: most }),
      draw(random, x, y, index) {
        const cover = drawCover(random, size, most(index));
        const canvas = new Canvas(x, size, 3);
        const surfaces = new Map([...new Set(cover)].map((kind) => [kind, surface[classes[kind]!](random, size)]));
        canvas.fill((px, py) => surfaces.get(cover[Math.floor(py) * size + Math.floor(px)]!)!(px, py));
        if (random.uniform() < 0.2) paintClouds(canvas, random);
        tint(canvas, random);
        canvas.develop(random, { gain: between(random, 0.8, 1.2), noise: 0.02 });
        if (targets === "mask") y.set(cover);
      },
    });
  });
}

/** The class of each pixel: `most` on at least half of them, up to three others in the valleys of smooth noise. */
function drawCover(random: Random, size: number, most: number): Uint8Array {
  const cover = new Uint8Array(size * size).fill(most);
  for (let others = random.integer(3); others > 0; others--) {
    const other = (most + 1 + random.integer(classes.length - 1)) % classes.length;
    const height = smoothNoise(random, size, 2, 4);
    // Of all heights, those below the one that a share of all lies below.
    const share = between(random, 0.05, 0.25);
    const limit = height.slice().sort()[Math.floor(share * height.length)]!;
    for (let at = 0; at < cover.length; at++) if (height[at]! < limit) cover[at] = other;
  }
  return cover;
}

/** The colour at a place. */
type Surface = (x: number, y: number) => Colour;

const surface: Record<(typeof classes)[number], (random: Random, size: number) => Surface> = {
  water(random, size) {
    const deep = mix([0.05, 0.14, 0.26], [0.16, 0.3, 0.3], random.uniform());
    const swell = smoothNoise(random, size, 3, 2);
    return (x, y) => shaded(deep, 1 + 0.2 * at(swell, size, x, y));
  },
  forest(random, size) {
    const green = mix([0.1, 0.22, 0.1], [0.24, 0.27, 0.1], random.uniform());
    const crowns = smoothNoise(random, size, Math.max(4, Math.round(size / 3)), 1);
    return (x, y) => shaded(green, 1 + 0.6 * at(crowns, size, x, y));
  },
  meadow(random, size) {
    const green = mix([0.26, 0.38, 0.16], [0.46, 0.46, 0.25], random.uniform());
    const growth = smoothNoise(random, size, 3, 3);
    return (x, y) => shaded(green, 1 + 0.25 * at(growth, size, x, y));
  },
  field(random, size) {
    const parcel = (between(random, 0.2, 0.35) * size) | 0;
    const turned = turn(random);
    const crops: Colour[] = [
      [0.28, 0.4, 0.16],
      [0.6, 0.54, 0.28],
      [0.42, 0.32, 0.22],
      [0.38, 0.45, 0.22],
    ];
    const kinds = Uint8Array.from({ length: 64 }, () => random.integer(crops.length));
    const furrow = between(random, 2.5, 4);
    return (x, y) => {
      const [u, v] = turned(x, y);
      const [column, row] = [Math.floor(u / parcel), Math.floor(v / (parcel * 0.7))];
      const kind = kinds[(column * 7 + row * 3) & 63]!;
      const along = (column + row) % 2 === 0 ? u : v;
      const edge = Math.abs(u / parcel - column - 0.5) > 0.46 ? 0.8 : 1;
      return shaded(crops[kind]!, edge * (1 + 0.12 * Math.sin((2 * Math.PI * along) / furrow)));
    };
  },
  city(random, size) {
    const block = between(random, 0.12, 0.2) * size;
    const turned = turn(random);
    const roofs = Array.from({ length: 64 }, () => {
      const grey = between(random, 0.35, 0.85);
      return random.uniform() < 0.4 ? [0.55 * grey + 0.25, 0.3 * grey + 0.1, 0.25 * grey + 0.08] : [grey, grey, grey];
    });
    const street = between(random, 0.3, 0.45);
    return (x, y) => {
      const [u, v] = turned(x, y);
      const [column, row] = [Math.floor(u / block), Math.floor(v / block)];
      const [a, b] = [u / block - column, v / block - row];
      if (a < 0.22 || b < 0.22) return [street, street, street * 1.03];
      // Two or four houses a block; those that stand in shadow of the next are darker at one side.
      const half = (a > 0.6 ? 1 : 0) + (b > 0.6 ? 2 : 0);
      const roof = roofs[(column * 13 + row * 5 + half * 3) & 63]!;
      return Math.abs(a - 0.61) < 0.04 || Math.abs(b - 0.61) < 0.04 ? [0.2, 0.22, 0.16] : roof;
    };
  },
  "bare soil"(random, size) {
    const ochre = mix([0.62, 0.5, 0.36], [0.45, 0.38, 0.3], random.uniform());
    const dust = smoothNoise(random, size, 8, 3);
    return (x, y) => shaded(ochre, 1 + 0.3 * at(dust, size, x, y));
  },
};

function at(noise: Float32Array, size: number, x: number, y: number): number {
  return noise[Math.floor(y) * size + Math.floor(x)]!;
}

function shaded(colour: Colour, light: number): Colour {
  return [colour[0]! * light, colour[1]! * light, colour[2]! * light];
}

/** Coordinates that are turned and moved. */
function turn(random: Random): (x: number, y: number) => [number, number] {
  const angle = between(random, 0, Math.PI);
  const [cos, sin, far] = [Math.cos(angle), Math.sin(angle), 1000 + 100 * random.uniform()];
  return (x, y) => [x * cos + y * sin + far, y * cos - x * sin + far];
}

function paintClouds(canvas: Canvas, random: Random): void {
  const { size } = canvas;
  for (let clouds = 1 + random.integer(4); clouds > 0; clouds--) {
    const [x, y] = [random.uniform() * size, random.uniform() * size];
    const [wide, tall] = [between(random, 0.06, 0.18) * size, between(random, 0.05, 0.12) * size];
    const far = 0.08 * size;
    canvas.paint(ellipse(x + far, y + far, wide, tall), [0.05, 0.06, 0.08], { opacity: 0.45, soft: 4 });
    canvas.paint(ellipse(x, y, wide, tall), [0.96, 0.96, 0.97], { opacity: 0.9, soft: 5 });
  }
}

/** The colours of season, haze and light. */
function tint(canvas: Canvas, random: Random): void {
  const cast = Array.from({ length: 3 }, () => between(random, 0.88, 1.12));
  const haze = between(random, 0, 0.18);
  for (let i = 0; i < canvas.pixels.length; i++) {
    canvas.pixels[i] = canvas.pixels[i]! * cast[i % 3]! * (1 - haze) + 0.75 * haze;
  }
}
