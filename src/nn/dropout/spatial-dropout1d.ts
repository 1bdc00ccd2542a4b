import { type SpatialDropout, spatialDropout } from "./spatial-dropout.js";

/** The type of `spatialDropout1d(rate)`. */
export type SpatialDropout1d = SpatialDropout<"spatialDropout1d", "[time, channels]", readonly [number, number]>;

/**
 * A dropout of whole channels: in training, each channel of an example is 0 at all times with chance `rate`, or multiplied by
 * 1 / (1 − rate) (arXiv 1411.4280; Keras's SpatialDropout1D, PyTorch's Dropout1d). [time, channels], shape kept. Throws ValueError.
 */
export function spatialDropout1d(rate: number): SpatialDropout1d {
  return spatialDropout("spatialDropout1d", "[time, channels]", 2, rate);
}
