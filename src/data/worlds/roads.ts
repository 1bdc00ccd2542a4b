import type { Random } from "../../tensor/random.js";
import { type Box, between, Canvas, type Colour, ellipse, mark, mix, roundedBox, smoothNoise } from "./canvas.js";
import { Generated, type Numbers } from "./generated.js";
import { makeWorld, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link roads} takes. Default sizes: 1,000 and 200. */
export interface RoadsOptions<S extends number = number> extends WorldOptions {
  /** Pixels along a side, from 32. Default 64. */
  readonly size?: S;
}

const classes = ["sky", "land", "road", "line", "car"] as const;
const [sky, land, road, line, car] = [0, 1, 2, 3, 4];

/**
 * Roads as a camera behind the windscreen sees them (in the manner of CamVid, Brostow, Fauqueur and Cipolla 2009): a road of two to
 * four lanes that bends, solid lines at its edges and broken ones between lanes, up to four cars, hills, shadows on the road, fog,
 * evening. x: [size, size, 3] in 0 … 1; y: [size, size], of each pixel sky, land, road, line or car. Thin lines that cover less than
 * half of a pixel are road. Throws ValueError.
 */
export function roads<const S extends number = 64>(
  options: RoadsOptions<S> = {},
): World<Generated<readonly [S, S, 3]>> {
  const { size = 64 as S } = options;
  wholeNumber("roads: size", size, 32, 1024);
  return makeWorld("roads", options, ["size"], { train: 1_000, test: 200 }, (part) => {
    return new Generated<readonly [S, S, 3]>({
      ...part,
      inputShape: [size, size, 3],
      inputs: "float32",
      targetShape: [size, size],
      targets: "int32",
      classes,
      draw(random, x, y) {
        const canvas = new Canvas(x, size, 3);
        const scene = drawScene(random, size);
        paintGround(canvas, y, random, scene);
        paintCars(canvas, y, random, scene);
        canvas.develop(random, { gain: scene.brightness, noise: 0.025 });
      },
    });
  });
}

/** What all of a picture has in common. */
interface Scene {
  readonly horizon: number;
  readonly lanes: number;
  readonly brightness: number;
  readonly fog: number;
  readonly haze: Colour;
  /** Of the road at nearness 0 (the horizon) … 1 (the lower edge): its middle and half its width. */
  middle(near: number): number;
  half(near: number): number;
}

function drawScene(random: Random, size: number): Scene {
  const vanish = between(random, 0.35, 0.65) * size;
  const base = between(random, 0.35, 0.65) * size;
  const bend = between(random, -0.35, 0.35) * size;
  const width = between(random, 0.45, 0.75) * size;
  return {
    horizon: Math.round(between(random, 0.3, 0.48) * size),
    lanes: 2 + random.integer(3),
    brightness: between(random, 0.55, 1.1),
    fog: random.uniform() < 0.3 ? between(random, 0.3, 0.8) : 0.1,
    haze: mix([0.75, 0.82, 0.9], [0.85, 0.75, 0.65], random.uniform()),
    middle: (near) => vanish + (base - vanish) * near + bend * (1 - near) ** 2,
    half: (near) => width * (0.015 + near * 0.985),
  };
}

function paintGround(canvas: Canvas, mask: Numbers, random: Random, scene: Scene): void {
  const { size } = canvas;
  const { horizon, lanes, fog, haze } = scene;
  const grain = smoothNoise(random, size, 12, 2);
  const shadow = smoothNoise(random, size, 4, 2);
  const hills = smoothNoise(random, size, 4, 2).subarray(0, size);
  const [zenith, grey] = [mix([0.3, 0.5, 0.85], [0.6, 0.62, 0.66], random.uniform()), between(random, 0.25, 0.5)];
  const earth = mix([0.28, 0.42, 0.18], [0.55, 0.47, 0.3], random.uniform());
  const asphalt = [grey, grey, grey * between(random, 0.95, 1.08)];
  const paint = mix([0.95, 0.95, 0.93], [0.9, 0.78, 0.3], Math.round(random.uniform() * 0.7));
  const isShady = random.uniform() < 0.5;
  const [dash, phase] = [between(random, 0.5, 1.5), random.uniform()];
  const [colour, white] = [new Float64Array(3), [1, 1, 1]];
  for (let y = 0; y < size; y++) {
    const near = (y + 0.5 - horizon) / (size - horizon);
    const veil = near <= 0 ? fog : fog * (1 - near) ** 3;
    const middle = scene.middle(near);
    const isDash = (dash / near + phase) % 1 < 0.5;
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      if (near <= 0) {
        const isSky = y < horizon - size * 0.08 * (1 + hills[x]!);
        mask[at] = isSky ? sky : land;
        blended(colour, isSky ? zenith : earth, haze, isSky ? y / horizon : 0.35, 1);
        if (isSky) blended(colour, colour, white, Math.max(0, shadow[at]!) * 0.6, 1);
      } else {
        const half = scene.half(near);
        const across = (x + 0.5 - middle) / half;
        const onRoad = Math.min(1, Math.max(0, 0.5 + (1 - Math.abs(across)) * half));
        const marked = onRoad === 0 ? 0 : markings(across, half, near, lanes, isDash);
        const light = isShady && shadow[at]! > 0.15 ? 0.55 : 1;
        blended(colour, earth, asphalt, onRoad, 1 + (0.35 - 0.23 * onRoad) * grain[at]!);
        blended(colour, colour, paint, 0.9 * marked * onRoad, light);
        mask[at] = onRoad < 0.5 ? land : marked >= 0.5 ? line : road;
      }
      blended(colour, colour, haze, veil, 1);
      canvas.pixels.set(colour, 3 * at);
    }
  }
}

/** Writes light · (from + share · (to − from)). */
function blended(
  out: Float64Array,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  share: number,
  light: number,
): void {
  for (let channel = 0; channel < 3; channel++) {
    out[channel] = light * (from[channel]! + share * (to[channel]! - from[channel]!));
  }
}

/** How much of a pixel is painted, 0 … 1. `across`: −1 … 1 from edge to edge, `half`: pixels from the middle to the edge. */
function markings(across: number, half: number, near: number, lanes: number, isDash: boolean): number {
  const thick = 0.028 * half + 0.3 * near;
  let cover = 0;
  for (let border = 0; border <= lanes; border++) {
    const isEdge = border === 0 || border === lanes;
    if (!isEdge && !isDash) continue;
    const place = isEdge ? Math.sign(border - 0.5) * 0.94 : -1 + (2 * border) / lanes;
    const apart = Math.abs(across - place) * half;
    cover = Math.max(cover, Math.min(1, 2 * thick, Math.max(0, thick - apart + 0.5)));
  }
  return cover;
}

function paintCars(canvas: Canvas, mask: Numbers, random: Random, scene: Scene): void {
  const { size } = canvas;
  const { horizon, lanes } = scene;
  const nears = Array.from({ length: random.integer(5) }, () => between(random, 0.18, 0.85)).sort((a, b) => a - b);
  for (const near of nears) {
    const lane = random.integer(lanes);
    const half = scene.half(near);
    const wide = Math.max(1, (half / lanes) * between(random, 0.55, 0.75));
    const tall = wide * between(random, 0.7, 1.1);
    const x = scene.middle(near) + half * (-1 + (2 * lane + 1) / lanes) + between(random, -0.1, 0.1) * wide;
    const ground = horizon + near * (size - horizon);
    const box: Box = [x - wide - 2, ground - 2 * tall - 2, x + wide + 2, ground + 2];
    const veil = scene.fog * (1 - near) ** 3;
    const tone = (colour: Colour) => mix(colour, scene.haze, veil);
    const grey = random.uniform();
    const hue = [random.uniform(), random.uniform(), random.uniform()];
    const body = random.uniform() < 0.5 ? [grey, grey, grey] : hue;
    const dark = [0.06, 0.06, 0.07];
    canvas.paint(ellipse(x, ground, wide * 1.1, tall * 0.18 + 0.3), dark, { box, opacity: 0.6 });
    const wheels = [-0.72, 0.72].map((side) =>
      roundedBox(x + side * wide, ground - tall * 0.12, wide * 0.18, tall * 0.16, wide * 0.06),
    );
    const hull = roundedBox(x, ground - tall * 0.55, wide, tall * 0.4, wide * 0.25);
    const cabin = roundedBox(x, ground - tall * 1.15, wide * 0.78, tall * 0.42, wide * 0.3);
    for (const wheel of wheels) canvas.paint(wheel, tone(dark), { box });
    canvas.paint(cabin, tone(body), { box });
    canvas.paint(roundedBox(x, ground - tall * 1.15, wide * 0.64, tall * 0.27, wide * 0.15), tone([0.12, 0.15, 0.2]), {
      box,
    });
    canvas.paint(hull, tone(body.map((value) => value * 0.88)), { box });
    const lamp = random.uniform() < 0.65 ? [0.8, 0.08, 0.06] : [1, 0.98, 0.85];
    for (const side of [-0.75, 0.75]) {
      canvas.paint(roundedBox(x + side * wide, ground - tall * 0.62, wide * 0.16, tall * 0.09), tone(lamp), { box });
    }
    for (const shape of [...wheels, hull, cabin]) mark(mask, size, shape, car, box);
  }
}
