/** Looking up places between the pixels of images, in operations that are derived by the image and by the place. */
import {
  add,
  cast,
  ceil,
  clipByValue,
  div,
  expandDims,
  floor,
  gather,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  mod,
  mul,
  neg,
  reshape,
  scalar,
  sub,
  type Tensor,
  where,
} from "@tensorflow/tfjs-core";

/** Where to look: rows and columns in pixels, each [images, places]. */
export interface Places {
  readonly row: Tensor;
  readonly column: Tensor;
}

/**
 * The values of images at places, `outside` where there is no pixel.
 *
 * @param image [images, height, width, channels]
 * @returns [images, places, channels]
 */
export function sample(image: Tensor, places: Places, interpolation: "nearest" | "bilinear", outside: number): Tensor {
  if (interpolation === "nearest") return pixel(image, rounded(places.row), rounded(places.column), outside);
  const [top, left] = [floor(places.row), floor(places.column)];
  const [down, right] = [sub(places.row, top), sub(places.column, left)];
  const [bottom, end] = [add(top, 1), add(left, 1)];
  const above = between(pixel(image, top, left, outside), pixel(image, top, end, outside), right);
  const below = between(pixel(image, bottom, left, outside), pixel(image, bottom, end, outside), right);
  return between(above, below, down);
}

function between(a: Tensor, b: Tensor, part: Tensor): Tensor {
  return add(a, mul(expandDims(part, -1), sub(b, a)));
}

/** Halves go away from 0, as C++ rounds. */
function rounded(x: Tensor): Tensor {
  return where(less(x, 0), ceil(sub(x, 0.5)), floor(add(x, 0.5)));
}

function pixel(image: Tensor, row: Tensor, column: Tensor, outside: number): Tensor {
  const [images, height, width, channels] = image.shape as [number, number, number, number];
  const isInside = logicalAnd(isWithin(row, height - 1), isWithin(column, width - 1));
  const place = add(mul(clipByValue(row, 0, height - 1), width), clipByValue(column, 0, width - 1));
  const pixels = reshape(image, [images, height * width, channels]);
  const values = gather(pixels, cast(place, "int32"), 1, 1);
  return where(expandDims(isInside, -1), values, scalar(outside));
}

function isWithin(x: Tensor, last: number): Tensor {
  return logicalAnd(greaterEqual(x, 0), lessEqual(x, last));
}

/** What to do about places outside of an image, as `ImageProjectiveTransformV3` does it. */
export type FillMode = "constant" | "reflect" | "wrap" | "nearest";

/** A row or column, brought into [0, size - 1] (TensorFlow, core/kernels/image/image_ops.h). */
export function inside(x: Tensor, size: number, mode: FillMode): Tensor {
  if (mode === "constant") return x;
  const last = size - 1;
  const bring = { nearest: () => x, reflect: () => reflected(x, size), wrap: () => wrapped(x, size) }[mode];
  return clipByValue(size === 1 ? mul(x, 0) : bring(), 0, last);
}

/** [abcd] becomes [dcba|abcd|dcba]. */
function reflected(x: Tensor, size: number): Tensor {
  const around = mod(x, 2 * size);
  return where(less(around, size), around, sub(2 * size - 1, around));
}

/** [abcd] becomes [abcd|abcd|abcd]; TensorFlow counts the rounds by size - 1. */
function wrapped(x: Tensor, size: number): Tensor {
  const rounds = (y: Tensor) => mul(floor(div(y, size - 1)), size);
  const below = add(add(x, rounds(neg(x))), size);
  return where(less(x, 0), below, where(greater(x, size - 1), sub(x, rounds(x)), x));
}
