/** Checks of the numbers, names and options that users give, in the house words. */
import { ValueError } from "../errors.js";
import { nearest } from "../nearest.js";

/** Throws ValueError unless `value` is a whole number above zero. `what` names it as the user knows it: `conv2d: kernel`. */
export function positiveInteger(what: string, value: unknown): asserts value is number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return;
  throw new ValueError({ what, expected: "a whole number above 0", got: show(value) });
}

/** Throws ValueError unless `value` is a whole number, zero or above. */
export function nonNegativeInteger(what: string, value: unknown): asserts value is number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return;
  throw new ValueError({ what, expected: "a whole number from 0", got: show(value) });
}

/** Throws ValueError unless `value` is a finite number above zero. */
export function positiveNumber(what: string, value: unknown): void {
  if (typeof value === "number" && value > 0 && value < Number.POSITIVE_INFINITY) return;
  throw new ValueError({ what, expected: "a number above 0", got: show(value) });
}

/** Throws ValueError unless `value` is a finite number. */
export function finiteNumber(what: string, value: unknown): void {
  if (typeof value === "number" && Number.isFinite(value)) return;
  throw new ValueError({ what, expected: "a finite number", got: show(value) });
}

/** Throws ValueError unless `value` is true or false. */
export function trueOrFalse(what: string, value: unknown): asserts value is boolean {
  if (typeof value === "boolean") return;
  throw new ValueError({ what, expected: "true or false", got: show(value) });
}

/** Throws ValueError unless `value` is a finite number from `from` up to, and not including, `below`. */
export function numberIn(what: string, value: unknown, from: number, below = Number.POSITIVE_INFINITY): void {
  if (typeof value === "number" && value >= from && value < below) return;
  const range =
    below === Number.POSITIVE_INFINITY ? `a number from ${from}` : `a number from ${from} to below ${below}`;
  throw new ValueError({ what, expected: range, got: show(value) });
}

/** Throws ValueError unless `value` is one of `choices`; suggests the nearest. */
export function oneOf<T extends string>(what: string, value: unknown, choices: readonly T[]): asserts value is T {
  if (choices.includes(value as T)) return;
  throw new ValueError({
    what,
    expected: choices.map((choice) => `"${choice}"`).join(" or "),
    got: show(value),
    ...suggestion(value, choices),
  });
}

/** Throws ValueError if `options` has a key that is not in `known`; suggests the nearest. */
export function checkOptions(what: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ValueError({ what, expected: `options { ${known.join(", ")} }`, got: show(options) });
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new ValueError({ what, expected: `options ${known.join(", ")}`, got: `'${key}'`, ...suggestion(key, known) });
  }
}

/** A value as error texts show it. */
export function show(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value === "object" && value !== null) return value.constructor?.name ?? "an object";
  if (typeof value === "function") return "a function";
  return String(value);
}

function suggestion(value: unknown, known: readonly string[]): { hint?: string } {
  const name = typeof value === "string" ? nearest(value, known) : undefined;
  return name === undefined ? {} : { hint: `Did you mean '${name}'?` };
}
