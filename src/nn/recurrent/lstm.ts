import { ValueError } from "../../errors.js";
import { numberIn } from "../../tensor/arguments.js";
import { lstm as recurrence } from "../../tensor/lstm.js";
import type { Initial } from "../initializers/initial.js";
import {
  type AllOf,
  checkRecurrent,
  makeRecurrent,
  type NamedRecurrent,
  type RecurrentOptions,
  type RecurrentWeightOptions,
} from "./recurrent.js";

/** What {@link lstm} takes besides its size. */
export interface LstmOptions extends RecurrentOptions {
  /** What the bias of the forget gate starts with; 1 keeps what the cell holds, so that it learns over long times. Default 1. */
  readonly forgetBias?: number;
}

/** The type of `lstm(units, { returnSequences })`. */
export type Lstm<Units extends number, All extends boolean> = NamedRecurrent<"lstm", Units, All>;

/**
 * Long short-term memory: [time, width] → [units], its last state, or all of them, [time, units], with `returnSequences`. Weight
 * [width, 4 units], Glorot uniform; recurrentWeight [units, 4 units], orthogonal; bias [4 units], zero, and `forgetBias` for the
 * forget gate (the defaults of Keras's LSTM). The gates are input, forget, cell, output, as in PyTorch and Keras; PyTorch's two
 * biases are one here, their sum. Padding does not change the state (see `embedding`'s
 * `maskZero`). Throws ValueError.
 */
export function lstm<const Units extends number, const Options extends LstmOptions = RecurrentWeightOptions>(
  units: Units,
  options?: Options,
): Lstm<Units, AllOf<Options>> {
  const given: LstmOptions = options ?? {};
  checkRecurrent("lstm", units, given, ["forgetBias"]);
  const { forgetBias = 1 } = given;
  numberIn("lstm: forgetBias", forgetBias, 0);
  if (given.forgetBias !== undefined && given.biasInitial !== undefined) {
    const hint = "Leave one of the two out.";
    throw new ValueError({
      what: "lstm: biasInitial",
      expected: "to say all of the bias",
      got: "forgetBias, too",
      hint,
    });
  }
  const bias: Initial = (values) => void values.fill(forgetBias, units, 2 * units);
  return makeRecurrent({ name: "lstm", recurrence, gates: 4, units, biases: { bias } }, given);
}
