import type { Tensor } from "../../runtime/tf.js";
import { elementwise, type SameShape } from "../elementwise.js";

/** A sigmoid of three straight lines: 0 up to −3, 1 from 3, x / 6 + 1 / 2 between (PyTorch's Hardsigmoid), shape kept. */
export function hardSigmoid(): SameShape {
  return elementwise("hardSigmoid()", 4, hardGate);
}

/** {@link hardSigmoid} for layers made of it. */
export function hardGate(x: Tensor): Tensor {
  return x
    .add(3)
    .relu6()
    .mul(1 / 6);
}
