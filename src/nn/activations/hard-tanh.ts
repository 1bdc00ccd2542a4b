import { ValueError } from "../../errors.js";
import { checkOptions, show } from "../../tensor/arguments.js";
import { elementwise, type SameShape } from "../elementwise.js";
import { callText } from "../layer.js";

/** What {@link hardTanh} takes. */
export interface HardTanhOptions {
  /** Default −1. */
  readonly min?: number;
  /** Default 1. */
  readonly max?: number;
}

/** x between `min` and `max`, else the nearer of the two (PyTorch's Hardtanh), shape kept. Throws ValueError. */
export function hardTanh(options: HardTanhOptions = {}): SameShape {
  checkOptions("hardTanh", options, ["min", "max"]);
  const { min = -1, max = 1 } = options;
  if (!(Number.isFinite(min) && Number.isFinite(max) && min < max)) {
    throw new ValueError({
      what: "hardTanh",
      expected: "min below max, both finite",
      got: `${show(min)} and ${show(max)}`,
    });
  }
  return elementwise(callText("hardTanh", [], options), 2, (x) => x.clipByValue(min, max));
}
