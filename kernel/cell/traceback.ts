import { types } from "node:util";
import { bold, codeFrame, cyan, dim, red } from "../protocol/code-frame.js";
import { textOf } from "../render.js";
import type { CellError } from "../threads.js";
import { cellPlaces, codeOf, withoutScope } from "./stack.js";

const framesShown = 20;
const causesShown = 5;

/** An error (or whatever else was thrown) as Jupyter shows it: the user's frames, the line with a caret, its causes. */
export function toCellError(thrown: unknown): CellError {
  const { ename, evalue } = nameAndText(thrown);
  return { ename, evalue, traceback: describe(thrown, 0) };
}

function describe(thrown: unknown, depth: number): string[] {
  const { ename, evalue } = nameAndText(thrown);
  const lines = `${bold(red(ename))}${evalue ? `: ${evalue}` : ""}`.split("\n");
  if (!isError(thrown)) return [...lines, dim("Not an Error was thrown, so its place is unknown: throw new Error(…).")];
  lines.push(...places(attempt(() => String(thrown.stack ?? ""), "")));
  if (depth >= causesShown) return lines;
  const errors = attempt(() => (thrown instanceof AggregateError ? [...thrown.errors] : []), []);
  for (const inner of errors.slice(0, causesShown))
    lines.push("", dim("One of its errors:"), ...describe(inner, depth + 1));
  const cause = attempt(() => thrown.cause, undefined);
  if (cause !== undefined) lines.push("", dim("Caused by:"), ...describe(cause, depth + 1));
  return lines;
}

function places(stack: string): string[] {
  const found = cellPlaces(stack);
  const lines = found.slice(0, framesShown).flatMap((place, index) => {
    const code = codeOf(place.file) ?? "";
    const shown = `  at ${cyan(`${place.file}:${place.line}:${place.column}`)}`;
    return [shown, ...codeFrame(code, place, index === 0 ? 2 : 0)];
  });
  if (found.length > framesShown) lines.push(dim(`  … ${found.length - framesShown} more frames`));
  if (found.length > 0) return lines;
  const others = stack.split("\n").filter((line) => /^ {4}at /.test(line) && !line.includes("node:internal"));
  return others.slice(0, 5).map((line) => dim(line.slice(2)));
}

function nameAndText(thrown: unknown): { ename: string; evalue: string } {
  if (!isError(thrown)) {
    const kind =
      typeof thrown === "object" && thrown !== null ? attempt(() => thrown.constructor.name, "object") : typeof thrown;
    return { ename: `Thrown ${kind}`, evalue: textOf(thrown) };
  }
  const ename = attempt(() => String(thrown.name || thrown.constructor.name || "Error"), "Error");
  return { ename, evalue: withoutScope(attempt(() => String(thrown.message), "")) };
}

function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || attempt(() => thrown instanceof Error, false);
}

/** Errors may come from anywhere, and looking at one may throw. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
