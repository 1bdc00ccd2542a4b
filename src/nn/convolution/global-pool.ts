/** Pools whose window is the whole input. */
import type { Tensor } from "../../runtime/tf.js";
import { type Pooling, pool, tiles } from "../../tensor/pool.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { hiddenScore } from "../attention/cache.js";
import { type given, type Layer, makeLayer, type Reject, type yields } from "../layer.js";
import { type Axes, channelsOf, type Expected } from "./window.js";

/** The type of `globalAveragePool2d()` and its like; `Name` is the function's. */
export interface GlobalPool<Name extends string, A extends Axes> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape
    ? number extends I["length"]
      ? Shape
      : I extends readonly [...infer N extends Shape, infer Channels extends number]
        ? N["length"] extends A
          ? [Channels]
          : Reject<Name, Expected<A>, I>
        : Reject<Name, Expected<A>, I>
    : never;
}

/** The largest value of each channel: [time, channels] → [channels] (Keras's GlobalMaxPooling1D). Padding is left out. */
export function globalMaxPool1d(): GlobalPool<"globalMaxPool1d", 1> {
  return globalPool("globalMaxPool1d", "max", 1);
}

/** The largest value of each channel: [height, width, channels] → [channels] (Keras's GlobalMaxPooling2D). */
export function globalMaxPool2d(): GlobalPool<"globalMaxPool2d", 2> {
  return globalPool("globalMaxPool2d", "max", 2);
}

/** The largest value of each channel: [depth, height, width, channels] → [channels] (Keras's GlobalMaxPooling3D). */
export function globalMaxPool3d(): GlobalPool<"globalMaxPool3d", 3> {
  return globalPool("globalMaxPool3d", "max", 3);
}

/** The mean of each channel: [time, channels] → [channels] (Keras's GlobalAveragePooling1D). Padding is left out. */
export function globalAveragePool1d(): GlobalPool<"globalAveragePool1d", 1> {
  return globalPool("globalAveragePool1d", "average", 1);
}

/** The mean of each channel: [height, width, channels] → [channels] (arXiv 1312.4400, section 3.2). */
export function globalAveragePool2d(): GlobalPool<"globalAveragePool2d", 2> {
  return globalPool("globalAveragePool2d", "average", 2);
}

/** The mean of each channel: [depth, height, width, channels] → [channels] (Keras's GlobalAveragePooling3D). */
export function globalAveragePool3d(): GlobalPool<"globalAveragePool3d", 3> {
  return globalPool("globalAveragePool3d", "average", 3);
}

function globalPool<L extends Layer>(name: string, pooling: Pooling, axes: Axes): L {
  return makeLayer<Layer>({
    label: `${name}()`,
    build(input, scope) {
      const channels = channelsOf(name, axes, input, scope);
      const all = tiles(input.slice(0, -1));
      return {
        output: [channels],
        flops: sizeOf(input),
        // Of equal values a reduction would give its gradient to each, a pool gives it to one.
        forward(x, { mask }) {
          if (mask !== undefined && axes === 1) return poolUnmasked(pooling, x, mask);
          if (pooling === "max") return pool("max", x, all).reshape([-1, channels]);
          return x.mean(all.size.map((_, axis) => axis + 1));
        },
      };
    },
  }) as L;
}

/** Mean or largest of the steps of `x: [batch, time, channels]` that are no padding; 0 where there is none. */
function poolUnmasked(pooling: Pooling, x: Tensor, mask: Tensor): Tensor {
  const counts = mask.toFloat().expandDims(2);
  if (pooling === "average") return x.mul(counts).sum(1).div(counts.sum(1).maximum(1));
  return x.add(counts.sub(1).mul(-hiddenScore)).max(1).mul(counts.max(1));
}
