import { gru } from "../recurrent/gru.js";
import { lstm } from "../recurrent/lstm.js";
import type { RecurrentLayer, RecurrentOptions } from "../recurrent/recurrent.js";
import { rnn } from "../recurrent/rnn.js";

/** The recurrent layers that models are made of, as options name them. */
export const recurrentKinds = ["rnn", "lstm", "gru"] as const;

/** One of {@link recurrentKinds}. */
export type RecurrentKind = (typeof recurrentKinds)[number];

/** The layer of this kind. */
export function recurrentOf(kind: RecurrentKind, units: number, options: RecurrentOptions): RecurrentLayer {
  if (kind === "rnn") return rnn(units, options);
  return kind === "lstm" ? lstm(units, options) : gru(units, options);
}
