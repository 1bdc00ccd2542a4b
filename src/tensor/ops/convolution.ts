/** Windows that move over images and sequences. Layout: channels last. */
import * as core from "../../runtime/tf.js";
import type { Padding } from "../arithmetic.js";
import type { Checked, Shaped } from "../shapes/dims.js";
import type { DtypeOf, ShapeOf, Tensor } from "../shapes/tensor.js";
import type { Conv1d, Conv2d, Each2, Pooled } from "../shapes/windows.js";

type Any = core.Tensor;
type Pair = number | readonly [number, number];

type Convolved2d<A extends Any, F extends Any, S extends Pair, P extends Padding, D extends Pair> = Conv2d<
  ShapeOf<A>,
  ShapeOf<F>,
  Each2<S>,
  P,
  Each2<D>
>;

/**
 * Filters [height, width, channels, filters] moved over images [batch, height, width, channels] (cross-correlation).
 * `padding`: "valid" or "same".
 */
export const conv2d = core.conv2d as unknown as <
  A extends Any,
  F extends Any,
  const S extends Pair,
  const P extends Padding,
  const D extends Pair = 1,
>(
  x: A,
  filter: Checked<F, Convolved2d<A, F, S, P, D>>,
  strides: S,
  padding: P,
  dataFormat?: "NHWC",
  dilations?: D,
) => Tensor<Shaped<Convolved2d<A, F, S, P, D>>, DtypeOf<A>>;

/** Filters [time, channels, filters] moved over sequences [batch, time, channels]. */
export const conv1d = core.conv1d as unknown as <
  A extends Any,
  F extends Any,
  const S extends number,
  const P extends Padding,
  const D extends number = 1,
>(
  x: A,
  filter: Checked<F, Conv1d<ShapeOf<A>, ShapeOf<F>, S, P, D>>,
  stride: S,
  padding: P,
  dataFormat?: "NWC",
  dilation?: D,
) => Tensor<Shaped<Conv1d<ShapeOf<A>, ShapeOf<F>, S, P, D>>, DtypeOf<A>>;

type Pool<Name extends string> = <A extends Any, const K extends Pair, const S extends Pair, const P extends Padding>(
  x: A,
  size: K,
  strides: S,
  padding: Checked<P, Pooled<Name, ShapeOf<A>, Each2<K>, Each2<S>, P>>,
) => Tensor<Shaped<Pooled<Name, ShapeOf<A>, Each2<K>, Each2<S>, P>>, DtypeOf<A>>;

/** The largest value of each window */
export const maxPool = core.maxPool as unknown as Pool<"maxPool">;
/** The mean of each window */
export const avgPool = core.avgPool as unknown as Pool<"avgPool">;
