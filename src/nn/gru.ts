import { gru as recurrence } from "../tensor/gru.js";
import { constant } from "./initial.js";
import type { given, yields } from "./layer.js";
import {
  checkRecurrent,
  makeRecurrent,
  type RecurrentLayer,
  type RecurrentOptions,
  type RecurrentOutput,
  type RecurrentWeightOptions,
} from "./recurrent.js";
import type { OptionOf } from "./window.js";

/** The type of `gru(units, { returnSequences })`. */
export interface Gru<Units extends number, All extends boolean> extends RecurrentLayer<Units, All> {
  readonly [yields]: RecurrentOutput<"gru", this[typeof given], Units, All>;
}

/**
 * Gated recurrent units: [time, width] → [units], the last state, or all of them, [time, units], with `returnSequences`. Weight
 * [width, 3 units], Glorot uniform; recurrentWeight [units, 3 units], orthogonal; bias and recurrentBias [3 units], zero (the
 * defaults of Keras's GRU). Computed as PyTorch and cuDNN do (Keras's `reset_after`), with their order of parts: reset gate,
 * update gate, new value. Padding does not change the state (see
 * `embedding`'s `maskZero`). Throws ValueError.
 */
export function gru<const Units extends number, const Options extends RecurrentOptions = RecurrentWeightOptions>(
  units: Units,
  options?: Options,
): Gru<Units, OptionOf<Options, "returnSequences", false, boolean>> {
  const given: RecurrentOptions = options ?? {};
  checkRecurrent("gru", units, given);
  const biases = { bias: constant(0), recurrentBias: constant(0) };
  return makeRecurrent({ name: "gru", recurrence, gates: 3, units, biases }, given);
}
