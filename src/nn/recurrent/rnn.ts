import { oneOf } from "../../tensor/arguments.js";
import { type RnnActivation, rnns } from "../../tensor/rnn.js";
import { constant } from "../initializers/initial.js";
import {
  type AllOf,
  checkRecurrent,
  makeRecurrent,
  type NamedRecurrent,
  type RecurrentOptions,
  type RecurrentWeightOptions,
} from "./recurrent.js";

/** What {@link rnn} takes besides its size. */
export interface RnnOptions extends RecurrentOptions {
  /** Default "tanh". */
  readonly activation?: RnnActivation;
}

/** The type of `rnn(units, { returnSequences })`. */
export type Rnn<Units extends number, All extends boolean> = NamedRecurrent<"rnn", Units, All>;

/**
 * A simple recurrent network, state ← activation(input · weight + state · recurrentWeight + bias): [time, width] → [units], its
 * last state, or all of them, [time, units], with `returnSequences`. Weight [width, units], Glorot uniform; recurrentWeight
 * [units, units], orthogonal; bias [units], zero (the defaults of Keras's SimpleRNN); PyTorch's two biases are one here, their
 * sum. Padding does not change the state (see `embedding`'s
 * `maskZero`). Throws ValueError.
 */
export function rnn<const Units extends number, const Options extends RnnOptions = RecurrentWeightOptions>(
  units: Units,
  options?: Options,
): Rnn<Units, AllOf<Options>> {
  const given: RnnOptions = options ?? {};
  checkRecurrent("rnn", units, given, ["activation"]);
  const { activation = "tanh" } = given;
  oneOf("rnn: activation", activation, ["tanh", "relu"]);
  const parts = { name: "rnn", recurrence: rnns[activation], gates: 1, units, biases: { bias: constant(0) } };
  return makeRecurrent(parts, given);
}
