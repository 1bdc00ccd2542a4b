import { checkOptions, numberIn, oneOf } from "../../tensor/arguments.js";
import { dense } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import type { Model } from "../module.js";
import { reshape } from "../reshape.js";
import { assemble, type Part, requireSizes } from "./assemble.js";
import { type RecurrentKind, recurrentKinds, recurrentOf } from "./recurrent-kinds.js";

/** The size of a {@link forecaster}. */
export interface ForecasterOptions<
  Time extends number = number,
  Features extends number = number,
  Horizon extends number = number,
  Outputs extends number = number,
> {
  /** Steps of the past that it sees. */
  readonly time: Time;
  /** Numbers that are known of a step. */
  readonly features: Features;
  /** Steps of the future that it tells. */
  readonly horizon: Horizon;
  /** Numbers that it tells of a step. */
  readonly outputs: Outputs;
  readonly units: number;
  /** Recurrent layers, one on the other. Default 1. */
  readonly layers?: number;
  /** Default "lstm". */
  readonly kind?: RecurrentKind;
  /** The share of values dropped in training, between layers and before the head. Default 0. */
  readonly dropout?: number;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * How a series goes on: recurrent layers read what is known of it, and a head tells all steps of the future at once from the last state
 * (the direct strategy; see Lim and Zohren 2021, arXiv 2004.13408). [time, features] → [horizon, outputs]. Throws ValueError, MemoryError.
 */
export function forecaster<
  const Time extends number,
  const Features extends number,
  const Horizon extends number,
  const Outputs extends number,
>(options: ForecasterOptions<Time, Features, Horizon, Outputs>): Model<[Time, Features], [Horizon, Outputs]> {
  const sizes = ["time", "features", "horizon", "outputs", "units"] as const;
  checkOptions("forecaster", options, [...sizes, "layers", "kind", "dropout", "seed"]);
  const { time, features, horizon, outputs, units, layers = 1, kind = "lstm", dropout: rate = 0, seed } = options;
  requireSizes("forecaster", { ...options, layers }, [...sizes, "layers"]);
  oneOf("forecaster: kind", kind, recurrentKinds);
  numberIn("forecaster: dropout", rate, 0, 1);
  const parts: Part[] = [
    [kind, recurrentOf(kind, units, { layers, ...(layers > 1 && { dropout: rate }) })],
    ...(rate > 0 ? [["dropout", dropout(rate)] as const] : []),
    ["head", dense(horizon * outputs)],
    ["steps", reshape(horizon, outputs)],
  ];
  const input: [Time, Features] = [time, features];
  return assemble<[Time, Features], [Horizon, Outputs]>({ name: "forecaster", input, seed }, parts);
}
