import { ValueError } from "../errors.js";
import type { Model } from "../nn/module.js";
import { show } from "../tensor/arguments.js";

/** Throws ValueError unless they are a model and a path. */
export function assertFile(what: string, model: Model, file: unknown): void {
  if (typeof model?.forward !== "function" || !Array.isArray(model.parameters)) {
    throw new ValueError({ what, expected: "a model", got: show(model), hint: "Make one with nn.sequential(…)." });
  }
  assertPath(what, file);
}

/** Throws ValueError unless it is a path. */
export function assertPath(what: string, file: unknown): void {
  if (typeof file === "string" && file !== "") return;
  throw new ValueError({ what, expected: "the path of a file", got: show(file) });
}
