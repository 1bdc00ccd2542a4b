/** Normalizations. */
import {
  add,
  FusedBatchNorm,
  type FusedBatchNormAttrs,
  type GradConfig,
  LRN,
  type LRNAttrs,
  matMul,
  mul,
  neg,
  pow,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { gradient, unstretch } from "./gradient.js";

/** `y = (x - mean) / √(variance + ε) · scale + offset`; scale and offset may be left out, which tfjs does not survive. */
export const batchNorm: GradConfig = gradient<FusedBatchNormAttrs>(
  FusedBatchNorm,
  { inputs: ["x", "mean", "variance", "scale"] },
  (dy, kept, { varianceEpsilon }) => {
    const [x, mean, variance, scale] = kept as [Tensor, Tensor, Tensor, Tensor | undefined];
    const perDeviation = () => rsqrt(add(variance, varianceEpsilon));
    const scaled = (y: Tensor) => (scale ? mul(y, scale) : y);
    const normal = () => mul(sub(x, mean), perDeviation());
    return {
      x: () => mul(dy, scaled(perDeviation())),
      mean: () => neg(unstretch(mul(dy, scaled(perDeviation())), mean.shape)),
      variance: () => {
        const byDeviation = unstretch(mul(dy, normal()), variance.shape);
        return mul(-0.5, mul(scaled(byDeviation), square(perDeviation())));
      },
      scale: () => unstretch(mul(dy, normal()), (scale as Tensor).shape),
      // tfjs's own operation makes scale and offset of one shape.
      offset: () => unstretch(dy, mean.shape),
    };
  },
);

/** `y = x · norm^-β` where `norm = bias + α · (sum of the squares of the channels nearby)`. */
export const localResponse: GradConfig = gradient<LRNAttrs>(
  LRN,
  { inputs: ["x"] },
  (dy, kept, { depthRadius, bias, alpha, beta }) => {
    const [x] = kept as [Tensor];
    const nearby = band(x.shape.at(-1) as number, depthRadius);
    const sumNearby = (y: Tensor) => reshape(matMul(reshape(y, [-1, nearby.shape[0]]), nearby), x.shape);
    return {
      x: () => {
        const norm = add(bias, mul(alpha, sumNearby(square(x))));
        const ofNorm = sumNearby(mul(mul(dy, x), pow(norm, -beta - 1)));
        return sub(mul(dy, pow(norm, -beta)), mul(mul(2 * alpha * beta, x), ofNorm));
      },
    };
  },
);

/** 1 where two channels are not farther from each other than the radius: [size, size]. */
function band(size: number, radius: number) {
  const row = (i: number) => Array.from({ length: size }, (_, j) => (Math.abs(i - j) <= radius ? 1 : 0));
  return tensor2d(Array.from({ length: size }, (_, i) => row(i)));
}
