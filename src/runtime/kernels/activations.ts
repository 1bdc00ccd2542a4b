/** Activations, and their ways back in one operation. */
import {
  type BroadCastToAttrs,
  BroadcastTo,
  cast,
  Exp,
  type KernelConfig,
  LeakyRelu,
  type LeakyReluAttrs,
  Step,
  type StepAttrs,
  scalar,
} from "@tensorflow/tfjs-core";
import { float, kernel } from "./run.js";

/** `dy` where `y`, which an activation of that name made, tells to let it through. No kernels of tfjs. */
export const ReluGrad = "ReluGrad";
/** See {@link ReluGrad}. */
export const Relu6Grad = "Relu6Grad";
/** See {@link ReluGrad}. */
export const SigmoidGrad = "SigmoidGrad";
/** See {@link ReluGrad}. */
export const TanhGrad = "TanhGrad";

export const activations: readonly KernelConfig[] = [
  kernel<"dy" | "y">(ReluGrad, ({ dy, y }, _, run) => run("ReluGrad", [dy, y])[0]),
  kernel<"dy" | "y">(Relu6Grad, ({ dy, y }, _, run) => run("Relu6Grad", [dy, y])[0]),
  kernel<"dy" | "y">(SigmoidGrad, ({ dy, y }, _, run) => run("SigmoidGrad", [y, dy])[0]),
  kernel<"dy" | "y">(TanhGrad, ({ dy, y }, _, run) => run("TanhGrad", [y, dy])[0]),
  // TensorFlow's is for floating point only, and tfjs-node's disposes of whole numbers, which are the user's.
  kernel<"x">(Exp, ({ x }, _, run) => run("Exp", [cast(x, "float32")])[0]),
  // TensorFlow's is for floating point only.
  kernel<"x", LeakyReluAttrs>(LeakyRelu, ({ x }, { alpha }, run) => {
    return run("LeakyRelu", [cast(x, "float32")], [float("alpha", alpha)])[0];
  }),
  kernel<"x", StepAttrs>(Step, ({ x }, { alpha }, run) => {
    const value = (number: number) => cast(scalar(number), x.dtype);
    const [isAbove] = run("Greater", [x, value(0)]);
    const [isBelow] = run("LessEqual", [x, value(0)]);
    // What is neither is not a number, and stays so.
    return run("SelectV2", [isAbove, value(1), run("SelectV2", [isBelow, value(alpha), x])[0]])[0];
  }),
  kernel<"x", BroadCastToAttrs>(BroadcastTo, ({ x }, { shape }, run) => run("BroadcastTo", [x, shape])[0]),
];
