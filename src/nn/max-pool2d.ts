import * as tf from "../runtime/tf.js";
import { type Pool2dOf, type Pool2dOptions, pool2d } from "./pool2d.js";

/** The largest value in each window: [height, width, channels] → [height', width', channels]. Throws ValueError. */
export function maxPool2d<const Size extends number, const Options extends Pool2dOptions = object>(
  size: Size,
  options?: Options,
): Pool2dOf<"maxPool2d", Size, Options> {
  return pool2d("maxPool2d", tf.maxPool, size, options);
}
