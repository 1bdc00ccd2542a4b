import { type SpatialDropout, spatialDropout } from "./spatial-dropout.js";

/** The type of `spatialDropout2d(rate)`. */
export type SpatialDropout2d = SpatialDropout<
  "spatialDropout2d",
  "[height, width, channels]",
  readonly [number, number, number]
>;

/**
 * A dropout of whole channels: in training, each channel of an image is 0 everywhere with chance `rate`, or multiplied by
 * 1 / (1 − rate) (arXiv 1411.4280; Keras's SpatialDropout2D, PyTorch's Dropout2d). [height, width, channels], shape kept. Throws
 * ValueError.
 */
export function spatialDropout2d(rate: number): SpatialDropout2d {
  return spatialDropout("spatialDropout2d", "[height, width, channels]", 3, rate);
}
