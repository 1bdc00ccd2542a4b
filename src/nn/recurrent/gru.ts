import { gru as recurrence } from "../../tensor/gru.js";
import { constant } from "../initializers/initial.js";
import {
  type AllOf,
  checkRecurrent,
  makeRecurrent,
  type NamedRecurrent,
  type RecurrentOptions,
  type RecurrentWeightOptions,
} from "./recurrent.js";

/** The type of `gru(units, { returnSequences })`. */
export type Gru<Units extends number, All extends boolean> = NamedRecurrent<"gru", Units, All>;

/**
 * Gated recurrent units: [time, width] → [units], the last state, or all of them, [time, units], with `returnSequences`. Weight
 * [width, 3 units], Glorot uniform; recurrentWeight [units, 3 units], orthogonal; bias and recurrentBias [3 units], zero (the
 * defaults of Keras's GRU). Computed as PyTorch and cuDNN do (Keras's `reset_after`), with their order of parts: reset gate,
 * update gate, new value. Padding does not change the state (see `embedding`'s
 * `maskZero`). Throws ValueError.
 */
export function gru<const Units extends number, const Options extends RecurrentOptions = RecurrentWeightOptions>(
  units: Units,
  options?: Options,
): Gru<Units, AllOf<Options>> {
  const given: RecurrentOptions = options ?? {};
  checkRecurrent("gru", units, given);
  const biases = { bias: constant(0), recurrentBias: constant(0) };
  return makeRecurrent({ name: "gru", recurrence, gates: 3, units, biases }, given);
}
