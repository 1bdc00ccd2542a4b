import { type Shape, sizeOf } from "../tensor/shape.js";
import { type given, type Layer, makeLayer, misfit, type Reject, type yields } from "./layer.js";

/** The type of `globalAveragePool2d()`. */
export interface GlobalAveragePool2d extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? GlobalAverage<I> : never;
}

type GlobalAverage<I extends Shape> = number extends I["length"]
  ? Shape
  : I extends readonly [number, number, infer Channels extends number]
    ? [Channels]
    : Reject<"globalAveragePool2d", "[height, width, channels]", I>;

/** The mean of each channel: [height, width, channels] → [channels] (arXiv 1312.4400, section 3.2). */
export function globalAveragePool2d(): GlobalAveragePool2d {
  return makeLayer<GlobalAveragePool2d>({
    label: "globalAveragePool2d()",
    build(input, scope) {
      if (input.length !== 3) throw misfit("globalAveragePool2d", "[height, width, channels]", input, scope);
      return { output: [input[2]!], flops: sizeOf(input), forward: (x) => x.mean([1, 2]) };
    },
  });
}
