/** Patterns of the places in a model. */
import { ValueError } from "../errors.js";
import { nearest } from "../nearest.js";
import { show } from "../tensor/arguments.js";

/**
 * Whether a path is what `pattern` names: `*` stands for anything between two dots, `blocks.*`, or for a part of it, `norm*`, and
 * `**` for anything at all. With `below`, also whether it lies under what it names.
 */
export function matches(pattern: string, path: string, { below = false } = {}): boolean {
  const parts = pattern.split(/(\*+)/).map((part) => {
    if (!part.startsWith("*")) return part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&");
    return part === "*" ? "[^.]*" : ".*";
  });
  return new RegExp(`^${parts.join("")}${below ? "(\\..*)?" : ""}$`).test(path);
}

/** Throws ValueError unless it is a pattern or a list of some; as a list. */
export function patternsOf(what: string, given: string | readonly string[]): readonly string[] {
  const patterns = typeof given === "string" ? [given] : given;
  if (
    Array.isArray(patterns) &&
    patterns.length > 0 &&
    patterns.every((one) => typeof one === "string" && one !== "")
  ) {
    return patterns;
  }
  throw new ValueError({ what, expected: 'paths like "layers.0" or ["blocks.*"]', got: show(given) });
}

/** The error for a pattern that names nothing among `paths`. */
export function nothingAt(what: string, expected: string, pattern: string, paths: readonly string[]): ValueError {
  const near = nearest(pattern, paths) ?? paths.find((path) => path.startsWith(pattern.split(/[.*]/)[0]!));
  const hint = near === undefined ? {} : { hint: `Did you mean '${near}'?` };
  return new ValueError({ what, expected, got: `'${pattern}'`, ...hint });
}
