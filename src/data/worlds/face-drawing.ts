import type { Random } from "../../tensor/random.js";
import { between, Canvas, type Distance, ellipse, length, roundedBox, smoothNoise, stroke } from "./canvas.js";
import type { Numbers } from "./generated.js";

/** What makes a face that of one person: each evenly from −1 … 1, independent of the others. */
export const traits = [
  "headWidth",
  "jaw",
  "eyeDistance",
  "eyeSize",
  "eyeHeight",
  "browThickness",
  "browSlant",
  "noseLength",
  "noseWidth",
  "mouthWidth",
  "lips",
  "mouthHeight",
  "hairline",
  "hairLength",
  "hairShade",
  "skinShade",
] as const;

/** A person. */
export type Identity = Readonly<Record<(typeof traits)[number], number>>;

/** Draws a person. */
export function drawIdentity(random: Random): Identity {
  return Object.fromEntries(traits.map((trait) => [trait, between(random, -1, 1)])) as unknown as Identity;
}

/**
 * One picture of a person: where the head stands, how it is turned and tilted, what the mouth and eyes do, glasses, light, background and
 * noise are drawn anew each time. `pixels: [size, size, 1]`.
 */
export function drawFace(person: Identity, random: Random, pixels: Numbers, size: number): void {
  const canvas = new Canvas(pixels, size, 1);
  const back = smoothNoise(random, size, 3, 2);
  const [low, side] = [between(random, 0.15, 0.85), between(random, -0.2, 0.2)];
  canvas.fill((x, y) => [low + side * (x / size - 0.5) + 0.15 * back[Math.floor(y) * size + Math.floor(x)]!]);
  const pose = drawPose(random, size);
  const { cos, sin, middleX, middleY, scale } = pose;
  const lay: Lay = (shape, shade, [faceX, faceY, reach], opacity = 1) => {
    const [x, y] = [middleX + scale * (faceX * cos - faceY * sin), middleY + scale * (faceX * sin + faceY * cos)];
    const far = reach * scale;
    const turned: Distance = (px, py) => {
      const [a, b] = [(px - middleX) / scale, (py - middleY) / scale];
      return shape(a * cos + b * sin, b * cos - a * sin) * scale;
    };
    canvas.paint(turned, [shade], { box: [x - far, y - far, x + far, y + far], opacity });
  };
  const skin = 0.62 + 0.14 * person.skinShade;
  const hair = 0.3 + 0.24 * person.hairShade;
  paintHead(person, pose.yaw, lay, skin, hair);
  paintFeatures(person, pose.yaw, random, lay, skin, hair);
  shine(canvas, random);
  canvas.develop(random, { gain: between(random, 0.7, 1.2), noise: 0.03 });
}

/** A circle around a shape: its middle and radius. */
type Around = readonly [x: number, y: number, radius: number];

/** Paints a shape given in the coordinates of the face: the head is about 2 wide and 2.6 high, its middle at 0, 0. */
type Lay = (shape: Distance, shade: number, around: Around, opacity?: number) => void;

interface Pose {
  /** −1 (to the left) … 1. */
  readonly yaw: number;
  /** Pixels to one unit of the face. */
  readonly scale: number;
  readonly middleX: number;
  readonly middleY: number;
  /** Of the tilt. */
  readonly cos: number;
  readonly sin: number;
}

function drawPose(random: Random, size: number): Pose {
  const roll = between(random, -0.22, 0.22);
  return {
    scale: size * between(random, 0.29, 0.35),
    middleX: size * between(random, 0.45, 0.55),
    middleY: size * between(random, 0.48, 0.56),
    yaw: between(random, -1, 1),
    cos: Math.cos(roll),
    sin: Math.sin(roll),
  };
}

function paintHead(person: Identity, yaw: number, lay: Lay, skin: number, hair: number): void {
  const width = 0.86 + 0.14 * person.headWidth;
  const jaw = 0.62 + 0.2 * person.jaw;
  const long = 0.35 + 0.75 * (person.hairLength + 1) * 0.5;
  // Hair behind, the neck, ears, the head: a round skull that runs into a jaw.
  lay(roundedBox(0, -0.55 + long * 0.5, width + 0.16, 0.75 + long * 0.5, 0.8), hair, [0, 0, 2.2]);
  lay(roundedBox(0, 1.8, 0.36, 1, 0.1), skin * 0.82, [0, 1.8, 1.1]);
  for (const side of [-1, 1])
    lay(ellipse(side * width - 0.1 * yaw, 0.05, 0.13, 0.25), skin * 0.9, [side * width, 0.05, 0.4]);
  const head: Distance = (x, y) => {
    const down = Math.max(0, y) / 1.25;
    const half = width * Math.max(0.1, 1 - down * down * (1 - jaw * 0.75));
    return (length(x / half, y / 1.25) - 1) * Math.min(half, 1.25);
  };
  lay(head, skin, [0, 0, 1.4]);
  const line = -0.72 + 0.22 * person.hairline;
  lay((x, y) => Math.max(head(x, y) - 0.05, y - line - 0.18 * Math.cos(3 * (x + 0.25 * yaw))), hair, [0, 0, 1.4]);
}

function paintFeatures(person: Identity, yaw: number, random: Random, lay: Lay, skin: number, hair: number): void {
  // Features turn with the head: they move to the side, and the farther half gets narrower.
  const turned = (x: number) => x * (1 - 0.12 * Math.abs(yaw)) + 0.22 * yaw;
  const eyeY = -0.12 + 0.1 * person.eyeHeight;
  const apart = 0.4 + 0.09 * person.eyeDistance;
  const eye = 0.15 + 0.045 * person.eyeSize;
  const open = between(random, 0.45, 0.75);
  const gaze = between(random, -0.3, 0.3);
  const hasGlasses = random.uniform() < 0.15;
  for (const side of [-1, 1]) {
    const x = turned(side * apart);
    lay(ellipse(x, eyeY, eye * 1.15, eye * open), 0.92, [x, eyeY, 0.35]);
    lay(ellipse(x + gaze * eye, eyeY, eye * 0.5, eye * Math.min(open, 0.55)), 0.08, [x, eyeY, 0.35]);
    const [brow, slant] = [eyeY - eye - 0.14, 0.09 * person.browSlant * side];
    lay(stroke(x - 0.2, brow - slant, x + 0.2, brow + slant, 0.07 + 0.04 * person.browThickness), hair * 0.75, [
      x,
      brow,
      0.4,
    ]);
    if (!hasGlasses) continue;
    const rim = ellipse(x, eyeY, 0.3, 0.24);
    lay((a, b) => Math.abs(rim(a, b)) - 0.025, 0.1, [x, eyeY, 0.4]);
  }
  if (hasGlasses) lay(stroke(turned(-0.1), eyeY, turned(0.1), eyeY, 0.05), 0.1, [turned(0), eyeY, 0.3]);
  const nose = 0.36 + 0.1 * person.noseLength;
  const wing = 0.13 + 0.05 * person.noseWidth;
  const tip = 0.3 * yaw;
  lay(stroke(turned(0.03), eyeY + 0.1, tip + wing * 0.6, eyeY + nose, 0.06), skin * 0.72, [tip, eyeY + 0.2, 0.6], 0.8);
  lay(ellipse(tip, eyeY + nose + 0.04, wing * 1.3, 0.07), skin * 0.68, [tip, eyeY + nose, 0.4], 0.9);
  const mouthY = 0.68 + 0.08 * person.mouthHeight;
  const half = 0.3 + 0.09 * person.mouthWidth;
  const lips = 0.055 + 0.03 * person.lips;
  const smile = between(random, -0.12, 0.2);
  const gape = Math.max(0, between(random, -0.12, 0.12));
  const bent = (x: number, y: number) => y - smile * (1 - ((x - turned(0)) / half) ** 2) + smile * 0.5;
  const mouth = ellipse(turned(0), mouthY, half, lips + gape);
  lay((x, y) => mouth(x, bent(x, y)), skin * 0.52, [turned(0), mouthY, 0.55]);
  const inside = ellipse(turned(0), mouthY, half * 0.8, gape);
  if (gape > 0.02) lay((x, y) => inside(x, bent(x, y)), 0.1, [turned(0), mouthY, 0.55]);
}

/** Light from one side: up to half as bright on the other. */
function shine(canvas: Canvas, random: Random): void {
  const { size, pixels } = canvas;
  const [angle, strength] = [between(random, 0, 2 * Math.PI), between(random, 0, 0.7)];
  const [dx, dy] = [(Math.cos(angle) * strength) / size, (Math.sin(angle) * strength) / size];
  for (let y = 0, at = 0; y < size; y++) {
    for (let x = 0; x < size; x++, at++) pixels[at]! *= 1 + dx * (x - size / 2) + dy * (y - size / 2);
  }
}
