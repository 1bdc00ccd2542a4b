import { ValueError } from "../errors.js";

/** Throws ValueError unless `value` is a whole number above zero. `what` names it as the user knows it: `imageGrid: columns`. */
export function positiveInteger(what: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  const got = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new ValueError({ what, expected: "a whole number above 0", got });
}
