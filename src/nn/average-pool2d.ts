import * as tf from "../runtime/tf.js";
import { type Pool2dOf, type Pool2dOptions, pool2d } from "./pool2d.js";

/** The mean of each window: [height, width, channels] → [height', width', channels]. Throws ValueError. */
export function averagePool2d<const Size extends number, const Options extends Pool2dOptions = object>(
  size: Size,
  options?: Options,
): Pool2dOf<"averagePool2d", Size, Options> {
  return pool2d("averagePool2d", tf.avgPool, size, options);
}
