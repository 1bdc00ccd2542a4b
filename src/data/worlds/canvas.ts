import type { Random } from "../../tensor/random.js";
import type { Numbers } from "./generated.js";

/** One number a channel, 0 to 1. */
export type Colour = readonly number[];

/** How far a point is from the border of a shape, in pixels: negative inside. */
export type Distance = (x: number, y: number) => number;

/** A rectangle of pixels: [left, top, right, bottom]. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/**
 * Pixels that shapes are painted on, in plain arithmetic, so that a picture is the same on every machine. Borders are smooth: a pixel
 * takes as much of the colour as the shape covers of it.
 */
export class Canvas {
  /** [height, width, channels], 0 to 1 once {@link develop} was called. */
  readonly pixels: Numbers;
  readonly size: number;
  readonly channels: number;

  constructor(pixels: Numbers, size: number, channels: number) {
    this.pixels = pixels;
    this.size = size;
    this.channels = channels;
  }

  /** Each pixel anew. */
  fill(colour: (x: number, y: number) => Colour): void {
    for (let y = 0, at = 0; y < this.size; y++) {
      for (let x = 0; x < this.size; x++) {
        const values = colour(x + 0.5, y + 0.5);
        for (let channel = 0; channel < this.channels; channel++) this.pixels[at++] = values[channel]!;
      }
    }
  }

  /** Lays a colour over a shape, `soft` pixels from none to all of it. */
  paint(shape: Distance, colour: Colour, options: { box?: Box; opacity?: number; soft?: number } = {}): void {
    const { box = [0, 0, this.size, this.size], opacity = 1, soft = 1 } = options;
    const [left, top] = [Math.max(0, Math.floor(box[0] - soft)), Math.max(0, Math.floor(box[1] - soft))];
    const [right, bottom] = [Math.min(this.size, box[2] + soft), Math.min(this.size, box[3] + soft)];
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const cover = 0.5 - shape(x + 0.5, y + 0.5) / soft;
        if (cover <= 0) continue;
        this.blend(x, y, colour, opacity * Math.min(1, cover));
      }
    }
  }

  /** Lays a colour over one pixel. */
  blend(x: number, y: number, colour: Colour, opacity: number): void {
    const at = (y * this.size + x) * this.channels;
    for (let channel = 0; channel < this.channels; channel++) {
      this.pixels[at + channel]! += opacity * (colour[channel]! - this.pixels[at + channel]!);
    }
  }

  /** What the camera makes of it: brightness, noise of this deviation, and the range 0 to 1. */
  develop(random: Random, { gain, noise }: { gain: number; noise: number }): void {
    for (let at = 0; at < this.pixels.length; at++) {
      const value = this.pixels[at]! * gain + noise * nearlyNormal(random.bits());
      this.pixels[at] = value < 0 ? 0 : value > 1 ? 1 : value;
    }
  }
}

/** Marks the pixels whose middle is inside. */
export function mark(mask: Numbers, size: number, shape: Distance, label: number, box: Box = [0, 0, size, size]): void {
  for (let y = Math.max(0, Math.floor(box[1])); y < Math.min(size, box[3]); y++) {
    for (let x = Math.max(0, Math.floor(box[0])); x < Math.min(size, box[2]); x++) {
      if (shape(x + 0.5, y + 0.5) < 0) mask[y * size + x] = label;
    }
  }
}

/** √(x² + y²); Math.hypot takes ten times as long. */
export function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** An ellipse; the distance is right to first order near its border. */
export function ellipse(centreX: number, centreY: number, radiusX: number, radiusY: number): Distance {
  return (x, y) => {
    const [a, b] = [(x - centreX) / radiusX, (y - centreY) / radiusY];
    const far = length(a, b);
    const slope = length(a / radiusX, b / radiusY);
    return slope === 0 ? -Math.min(radiusX, radiusY) : (far * (far - 1)) / slope;
  };
}

/** A rectangle with round corners. */
export function roundedBox(centreX: number, centreY: number, halfX: number, halfY: number, corner = 0): Distance {
  const radius = Math.min(corner, halfX, halfY);
  return (x, y) => {
    const [a, b] = [Math.abs(x - centreX) - halfX + radius, Math.abs(y - centreY) - halfY + radius];
    return length(Math.max(a, 0), Math.max(b, 0)) + Math.min(Math.max(a, b), 0) - radius;
  };
}

/** A line with round ends. */
export function stroke(x1: number, y1: number, x2: number, y2: number, width: number): Distance {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy || 1;
  return (x, y) => {
    const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / square));
    return length(x - x1 - along * dx, y - y1 - along * dy) - width / 2;
  };
}

/** Between two colours: 0 the first, 1 the second. */
export function mix(from: Colour, to: Colour, share: number): Colour {
  return from.map((value, channel) => value + share * (to[channel]! - value));
}

/** Of the sum of four even bytes. */
const deviation = Math.sqrt((4 * (256 ** 2 - 1)) / 12);

/** The sum of the four bytes, brought to mean 0 and variance 1: near enough to normal for a camera, and five times as fast. */
function nearlyNormal(bits: number): number {
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return (sum - 510) / deviation;
}

/** Evenly from `from` … `to`. */
export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random.uniform();
}

/**
 * Smooth noise, −1 … 1 at most, [size, size]: values on a grid of `cells` × `cells`, smoothly joined, and the same twice as fine and half
 * as strong for each further octave (value noise).
 */
export function smoothNoise(random: Random, size: number, cells: number, octaves = 1): Float32Array {
  const out = new Float32Array(size * size);
  const total = 2 - 2 ** (1 - octaves);
  for (let octave = 0; octave < octaves; octave++) {
    const [count, weight] = [cells * 2 ** octave, 2 ** -octave / total];
    const grid = Float32Array.from({ length: (count + 1) ** 2 }, () => 2 * random.uniform() - 1);
    // Where each pixel lies between the lines of the grid.
    const cell = new Int32Array(size);
    const part = new Float64Array(size);
    for (let place = 0; place < size; place++) {
      const position = (place / size) * count;
      cell[place] = Math.floor(position);
      part[place] = smoothed(position - cell[place]!);
    }
    for (let y = 0, at = 0; y < size; y++) {
      const row = cell[y]! * (count + 1);
      const v = part[y]!;
      for (let x = 0; x < size; x++, at++) {
        const corner = row + cell[x]!;
        const u = part[x]!;
        const above = grid[corner]! + u * (grid[corner + 1]! - grid[corner]!);
        const below = grid[corner + count + 1]! + u * (grid[corner + count + 2]! - grid[corner + count + 1]!);
        out[at]! += weight * (above + v * (below - above));
      }
    }
  }
  return out;
}

/** From 0 to 1 by a curve that begins and ends level. */
function smoothed(part: number): number {
  return part * part * (3 - 2 * part);
}
