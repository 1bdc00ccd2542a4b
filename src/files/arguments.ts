import { ValueError } from "../errors.js";
import { show } from "../tensor/arguments.js";

/** Throws ValueError unless it is a path. */
export function assertPath(what: string, path: unknown, kind: "file" | "folder"): asserts path is string {
  if (typeof path === "string" && path !== "") return;
  throw new ValueError({ what, expected: `the path of a ${kind}`, got: show(path) });
}
