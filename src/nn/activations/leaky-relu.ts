import { checkOptions, numberIn } from "../../tensor/arguments.js";
import { elementwise, type SameShape } from "../elementwise.js";
import { callText } from "../layer.js";

/** What {@link leakyRelu} takes. */
export interface LeakyReluOptions {
  /** What x is multiplied by below 0. Default 0.01 (PyTorch's; Keras has 0.3). */
  readonly slope?: number;
}

/** x where it is above 0, else slope · x (PyTorch's LeakyReLU), shape kept. Throws ValueError. */
export function leakyRelu(options: LeakyReluOptions = {}): SameShape {
  checkOptions("leakyRelu", options, ["slope"]);
  const { slope = 0.01 } = options;
  numberIn("leakyRelu: slope", slope, 0);
  return elementwise(callText("leakyRelu", [], options), 1, (x) => x.leakyRelu(slope));
}
