/** Pools: averages give back to all places of a window, maxima to the place that they took. */
import {
  AvgPool,
  AvgPool3D,
  AvgPool3DGrad,
  AvgPoolGrad,
  type GradConfig,
  MaxPool,
  MaxPool3D,
  MaxPool3DGrad,
  MaxPoolGrad,
  MaxPoolWithArgmax,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { MaxPool3DGradGrad, MaxPoolGradGrad, type PoolAttributes } from "../kernels/pool.js";
import { gradient, none, run } from "./gradient.js";

export const pools: readonly GradConfig[] = [
  ...averages(AvgPool, AvgPoolGrad),
  ...averages(AvgPool3D, AvgPool3DGrad),
  ...maxima(MaxPool, MaxPoolGrad, MaxPoolGradGrad),
  ...maxima(MaxPool3D, MaxPool3DGrad, MaxPool3DGradGrad),
  gradient<PoolAttributes, Tensor[]>(MaxPoolWithArgmax, { inputs: ["x"], outputs: [0] }, ([dy], kept, attributes) => {
    const [input, output] = kept as [Tensor, Tensor];
    return { x: () => run(MaxPoolGrad, { dy: dy as Tensor, input, output }, attributes) };
  }),
];

function averages(pool: string, back: string): GradConfig[] {
  return [
    gradient<PoolAttributes>(pool, { inputs: ["x"] }, (dy, [input], attributes) => ({
      x: () => run(back, { dy, input: input as Tensor }, attributes),
    })),
    gradient<PoolAttributes>(back, { inputs: ["input"] }, (ddx, [input], attributes) => ({
      dy: () => run(pool, { x: ddx }, attributes),
      input: () => none(input as Tensor),
    })),
  ];
}

function maxima(pool: string, back: string, again: string): GradConfig[] {
  /** Going back and taking again are linear and each other's transpose, for the same maxima. */
  const transposed = (name: string, other: string) =>
    gradient<PoolAttributes>(name, { inputs: ["input", "output"] }, (dy, kept, attributes) => {
      const [input, output] = kept as [Tensor, Tensor];
      return {
        dy: () => run(other, { dy, input, output }, attributes),
        input: () => none(input),
        output: () => none(output),
      };
    });
  return [
    gradient<PoolAttributes>(pool, { inputs: ["x"], outputs: [0] }, (dy, kept, attributes) => {
      const [input, output] = kept as [Tensor, Tensor];
      return { x: () => run(back, { dy, input, output }, attributes) };
    }),
    transposed(back, again),
    transposed(again, back),
  ];
}
