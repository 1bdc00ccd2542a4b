import type { Random } from "../../tensor/random.js";
import {
  type Box,
  between,
  Canvas,
  type Colour,
  type Distance,
  ellipse,
  length,
  mix,
  smoothNoise,
  stroke,
} from "./canvas.js";
import { Generated, type Numbers } from "./generated.js";
import { makeWorld, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link lesions} takes. Default sizes: 1,000 and 200. */
export interface LesionsOptions<S extends number = number> extends WorldOptions {
  /** Pixels along a side, from 16. Default 64. */
  readonly size?: S;
}

const lightSkin: Colour = [0.93, 0.77, 0.68];
const darkSkin: Colour = [0.47, 0.31, 0.23];
const brown: Colour = [0.3, 0.17, 0.12];
const red: Colour = [0.62, 0.25, 0.22];

/**
 * Pictures of skin with one lesion each, drawn to be as hard as those of dermatoscopes are said to be (ISIC 2018, arXiv 1902.03368): the
 * outline is irregular, its border up to 4 of 64 pixels soft, its contrast as low as a fifth, and hairs, freckles, uneven light and dark
 * corners stand in the way. x: [size, size, 3] in 0 … 1; y: [size, size], 1 in the lesion, 0 elsewhere. The outline is a circle of 0.12 …
 * 0.3 of the side, stretched up to 1.5 times, with five waves on it; the mask ends where its border is half through. Throws ValueError.
 */
export function lesions<const S extends number = 64>(
  options: LesionsOptions<S> = {},
): World<Generated<readonly [S, S, 3]>> {
  const { size = 64 as S } = options;
  wholeNumber("lesions: size", size, 16, 1024);
  return makeWorld("lesions", options, ["size"], { train: 1_000, test: 200 }, (part) => {
    return new Generated<readonly [S, S, 3]>({
      ...part,
      inputShape: [size, size, 3],
      inputs: "float32",
      targetShape: [size, size],
      targets: "int32",
      classes: ["skin", "lesion"],
      draw(random, x, y) {
        const canvas = new Canvas(x, size, 3);
        const skin = mix(lightSkin, darkSkin, random.uniform());
        paintSkin(canvas, random, skin);
        const outline = drawOutline(random, size);
        paintLesion(canvas, y, random, outline, skin);
        for (let hairs = random.integer(3) * random.integer(6); hairs > 0; hairs--) paintHair(canvas, random);
        if (random.uniform() < 0.3) paintCorners(canvas, random);
        canvas.develop(random, { gain: between(random, 0.8, 1.1), noise: 0.02 });
      },
    });
  });
}

function paintSkin(canvas: Canvas, random: Random, skin: Colour): void {
  const { size } = canvas;
  const grain = smoothNoise(random, size, 4, 3);
  const angle = between(random, 0, 2 * Math.PI);
  const light = between(random, 0, 0.3);
  const [dx, dy] = [(Math.cos(angle) * light) / size, (Math.sin(angle) * light) / size];
  canvas.fill((x, y) => {
    const shade = 1 + dx * (x - size / 2) + dy * (y - size / 2) + 0.08 * grain[Math.floor(y) * size + Math.floor(x)]!;
    return [skin[0]! * shade, skin[1]! * shade, skin[2]! * shade];
  });
  for (let freckles = random.integer(8); freckles > 0; freckles--) {
    const [x, y, radius] = [random.uniform() * size, random.uniform() * size, (0.4 + random.uniform()) * (size / 64)];
    const box = [x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1] as const;
    canvas.paint(ellipse(x, y, radius, radius), mix(skin, brown, 0.6), { box, opacity: 0.5 });
  }
}

/** Where a lesion ends, and a box around it and its soft border. */
interface Outline {
  readonly distance: Distance;
  readonly box: Box;
}

/** A circle that is stretched, turned, and has waves: its distance along the ray from the middle, about that to the border. */
function drawOutline(random: Random, size: number): Outline {
  const [middleX, middleY] = [between(random, 0.35, 0.65) * size, between(random, 0.35, 0.65) * size];
  const radius = between(random, 0.12, 0.3) * size;
  const [stretch, turn] = [Math.sqrt(between(random, 1, 1.5)), between(random, 0, Math.PI)];
  const waves = Array.from({ length: 5 }, (_, wave) => {
    const [height, from] = [(between(random, 0, 0.25) * 1.5) / (wave + 2), between(random, 0, 2 * Math.PI)];
    return { cos: height * Math.cos(from), sin: height * Math.sin(from) };
  });
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const reach = 2 * radius + 4;
  const box = [middleX - reach, middleY - reach, middleX + reach, middleY + reach] as const;
  const distance: Distance = (x, y) => {
    const a = x - middleX;
    const b = y - middleY;
    const u = (a * cos + b * sin) / stretch;
    const v = (b * cos - a * sin) * stretch;
    const far = length(u, v) || 1;
    // The waves' cosines of 2, 3, … times the angle are the parts of powers of one complex number.
    const re = u / far;
    const im = v / far;
    let [powerRe, powerIm, border] = [re, im, 1];
    for (const wave of waves) {
      const next = powerRe * re - powerIm * im;
      powerIm = powerRe * im + powerIm * re;
      powerRe = next;
      border += wave.cos * powerRe - wave.sin * powerIm;
    }
    return length(u, v) - radius * border;
  };
  return { distance, box };
}

function paintLesion(canvas: Canvas, mask: Numbers, random: Random, { distance, box }: Outline, skin: Colour): void {
  const { size } = canvas;
  // On dark skin it is darker still.
  const pigment = mix(brown, red, random.uniform() * 0.7).map((value) => value * skin[0]!);
  const contrast = between(random, 0.2, 0.8);
  const texture = smoothNoise(random, size, 6, 3);
  const soft = between(random, 1, 4) * (size / 64);
  for (let y = Math.max(0, Math.floor(box[1])); y < Math.min(size, box[3]); y++) {
    for (let x = Math.max(0, Math.floor(box[0])); x < Math.min(size, box[2]); x++) {
      const cover = Math.min(1, 0.5 - distance(x + 0.5, y + 0.5) / soft);
      if (cover > 0.5) mask[y * size + x] = 1;
      if (cover <= 0) continue;
      const depth = contrast * (1 + 0.5 * texture[y * size + x]!);
      canvas.blend(x, y, mix(skin, pigment, depth), cover);
    }
  }
}

/** A dark curve of a pixel's width through the picture. */
function paintHair(canvas: Canvas, random: Random): void {
  const { size } = canvas;
  const parts = 8;
  let [x, y] = [random.uniform() * size, random.uniform() * size];
  let angle = between(random, 0, 2 * Math.PI);
  const bend = between(random, -0.2, 0.2);
  const [far, width] = [between(random, 0.03, 0.1) * size, between(random, 0.4, 1.1) * (size / 64)];
  const colour = mix([0.08, 0.06, 0.05], [0.35, 0.25, 0.18], random.uniform());
  for (let part = 0; part < parts; part++) {
    const [toX, toY] = [x + far * Math.cos(angle), y + far * Math.sin(angle)];
    const box = [
      Math.min(x, toX) - width,
      Math.min(y, toY) - width,
      Math.max(x, toX) + width,
      Math.max(y, toY) + width,
    ];
    canvas.paint(stroke(x, y, toX, toY, width), colour, {
      box: box as [number, number, number, number],
      opacity: 0.85,
    });
    [x, y] = [toX, toY];
    angle += bend;
  }
}

/** The dark corners that a lens leaves. */
function paintCorners(canvas: Canvas, random: Random): void {
  const { size } = canvas;
  const radius = between(random, 0.52, 0.66) * size;
  const soft = between(random, 2, 6) * (size / 64);
  canvas.paint((x, y) => radius - length(x - size / 2, y - size / 2), [0.03, 0.03, 0.03], { soft });
}
