import { ValueError } from "../errors.js";
import { show } from "../tensor/arguments.js";
import type { Model } from "./module.js";

/** Throws ValueError unless it is a model. */
export function assertModel(what: string, model: unknown): asserts model is Model {
  const { forward, parameters } = (model ?? {}) as Partial<Model>;
  if (typeof forward === "function" && Array.isArray(parameters)) return;
  throw new ValueError({ what, expected: "a model", got: show(model), hint: "Make one with nn.sequential(…)." });
}
