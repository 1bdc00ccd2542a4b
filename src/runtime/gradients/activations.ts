/** Activations, back in one operation where the backend has it. */
import {
  Abs,
  cast,
  type GradConfig,
  greater,
  lessEqual,
  logicalAnd,
  mul,
  Relu,
  Relu6,
  Sigmoid,
  sign,
  sub,
  Tanh,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { Relu6Grad, ReluGrad, SigmoidGrad, TanhGrad } from "../kernels/activations.js";
import { gradient, has, none, run } from "./gradient.js";

type Back = (dy: Tensor, y: Tensor) => Tensor;

export const activations: readonly GradConfig[] = [
  gradient(Abs, { inputs: ["x"] }, (dy, kept) => ({ x: () => mul(dy, sign(cast(kept[0] as Tensor, "float32"))) })),
  ...rectifier(Relu, ReluGrad, (dy, x) => mul(dy, cast(greater(x, 0), "float32"))),
  ...rectifier(Relu6, Relu6Grad, (dy, x) => mul(dy, cast(logicalAnd(greater(x, 0), lessEqual(x, 6)), "float32"))),
  ...squashing(
    Sigmoid,
    SigmoidGrad,
    (y) => mul(y, sub(1, y)),
    (y) => sub(1, mul(2, y)),
  ),
  ...squashing(
    Tanh,
    TanhGrad,
    (y) => sub(1, mul(y, y)),
    (y) => mul(-2, y),
  ),
];

/** What lets through a part of its input, and the same part of the gradient. */
function rectifier(there: string, back: string, otherwise: Back): GradConfig[] {
  return [
    gradient(there, { inputs: ["x"] }, (dy, kept) => ({ x: () => use(back, dy, kept[0] as Tensor, otherwise) })),
    gradient(back, { inputs: ["y"] }, (ddx, kept) => {
      const [x] = kept as [Tensor];
      return { dy: () => run(back, { dy: ddx, y: x }), y: () => none(x) };
    }),
  ];
}

/** What has a slope that is a function of its result, and the slope of that slope by the result. */
function squashing(
  there: string,
  back: string,
  slope: (y: Tensor) => Tensor,
  bend: (y: Tensor) => Tensor,
): GradConfig[] {
  return [
    gradient(there, { outputs: [0] }, (dy, kept) => ({
      x: () => use(back, dy, kept[0] as Tensor, (dy, y) => mul(dy, slope(y))),
    })),
    gradient(back, { inputs: ["dy", "y"] }, (ddx, kept) => {
      const [dy, y] = kept as [Tensor, Tensor];
      return { dy: () => run(back, { dy: ddx, y }), y: () => mul(mul(ddx, dy), bend(y)) };
    }),
  ];
}

function use(kernelName: string, dy: Tensor, y: Tensor, otherwise: Back): Tensor {
  const inputs = { dy, y: cast(y, "float32") };
  return has(kernelName) ? run(kernelName, inputs) : otherwise(dy, inputs.y);
}
