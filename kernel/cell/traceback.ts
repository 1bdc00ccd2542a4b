import { stripVTControlCharacters, types } from "node:util";
import { bold, codeFrame, cyan, dim, red } from "../protocol/code-frame.js";
import { bounded, Slow, textOf, tooLong } from "../render.js";
import type { CellError } from "../threads.js";
import { codeAt, placesOf, type StackPlace, shownPlace } from "./places.js";
import { withoutScope } from "./stack.js";
import { stackOfThrown } from "./thrown.js";

const framesShown = 20;
/** Errors that one traceback tells of: causes, and the errors of an AggregateError. */
const errorsShown = 12;
const deepest = 6;
/** Longest message, in characters: as `evalue`, and in the traceback. */
const [shortText, longText] = [1000, 10_000];
/** Longest run of frames whose repetition is noticed. */
const longestCycle = 6;

const placeless = "Not an Error was thrown, so its place is unknown: throw new Error(…).";

/** What a traceback tells anyway, or (`complaint`, of the library's errors) its message. */
const told = new Set(["name", "message", "stack", "cause", "errors", "complaint"]);

/** An error (or whatever else was thrown) as Jupyter shows it: the user's frames, the line with a caret, its causes. */
export function toCellError(thrown: unknown): CellError {
  try {
    return bounded(thrown, () => {
      const { ename, text } = nameAndText(thrown);
      const evalue = stripVTControlCharacters(worded(text, shortText));
      return { ename, evalue, traceback: describe(thrown, 0, new Set()) };
    });
  } catch (failure) {
    return failure instanceof Slow ? plain(`What the cell threw takes ${tooLong} to say what it is.`) : untold(failure);
  }
}

/** Cells run in the kernel's realm: one that breaks `Array.prototype.map` breaks this file too, but it must still be told. */
function untold(failure: unknown): CellError {
  let why = "";
  try {
    why = `${failure}`;
  } catch {}
  return plain(
    `The cell failed, and so did the telling of it (${why}). Did it change a built-in such as Array.prototype? Restart the kernel to get it back.`,
  );
}

function plain(evalue: string): CellError {
  return { ename: "Error", evalue, traceback: [evalue] };
}

function describe(thrown: unknown, depth: number, seen: Set<unknown>): string[] {
  const { ename, text } = nameAndText(thrown);
  const message = worded(text, longText);
  const end = message.includes("\u001b") ? "\u001b[0m" : "";
  const lines = `${bold(red(ename))}${message ? `: ${message}` : ""}${end}`.split("\n");
  if (!isError(thrown)) {
    const places = frames(stackOfThrown(thrown) ?? "", "");
    return places.length > 0 || depth > 0 ? [...lines, ...places] : [...lines, dim(placeless)];
  }
  seen.add(thrown);
  const stack = attempt(() => String(thrown.stack ?? ""), "");
  return [...lines, ...frames(stack, text), ...properties(thrown), ...others(thrown, depth, seen)];
}

/** The errors of an AggregateError, and the cause. */
function others(error: Error, depth: number, seen: Set<unknown>): string[] {
  const next = attempt(() => errorsOf(error), []).map((inner): [string, unknown] => ["One of its errors:", inner]);
  const cause = attempt(() => error.cause, undefined);
  if (cause !== undefined) next.push(["Caused by:", cause]);
  const lines: string[] = [];
  for (const [index, [heading, inner]] of next.entries()) {
    if (depth >= deepest || seen.size >= errorsShown) return [...lines, "", dim(`… ${next.length - index} more`)];
    lines.push("", dim(heading));
    lines.push(...(seen.has(inner) ? [dim("  an error that is shown above")] : describe(inner, depth + 1, seen)));
  }
  return lines;
}

/** The errors of an AggregateError, of whatever realm. */
function errorsOf(error: Error): readonly unknown[] {
  const { errors } = error as { errors?: unknown };
  return Array.isArray(errors) && !types.isProxy(errors) && error.name === "AggregateError"
    ? errors.slice(0, errorsShown)
    : [];
}

function frames(stack: string, message: string): string[] {
  const places = placesOf(stack);
  const own = places.filter(({ owner }) => owner === "cell" || owner === "file");
  // Where no line is the user's, a package may say at least who complains.
  const foreign = places.filter(({ owner }) => owner === "package").slice(0, 5);
  if (own.length === 0 && places.length === 0) return rewritten(stack, message);
  if (own.length === 0) return foreign.map((place) => dim(`  at ${located(place)}`));
  const full = places.length >= Error.stackTraceLimit;
  const lines: string[] = [];
  let [at, shown] = [0, 0];
  while (at < own.length && shown < framesShown) {
    const { length, times } = cycle(own, at);
    for (const place of own.slice(at, at + length)) lines.push(...pictured(place, lines.length === 0 ? 2 : 0));
    if (times > 1) {
      const what = length === 1 ? "the frame above" : `the ${length} frames above`;
      lines.push(dim(`  … ${what} ${full ? "at least " : ""}${times - 1} more times`));
    }
    at += length * times;
    shown += length;
  }
  if (at < own.length) lines.push(dim(`  … ${own.length - at} more frames`));
  return lines;
}

/** What someone wrote into `error.stack` in the place of message and frames. */
function rewritten(stack: string, message: string): string[] {
  const said = stack.trim() === "" || (message !== "" && stack.includes(message.slice(0, shortText)));
  if (said || /^ {4}at /m.test(stack)) return [];
  const lines = worded(stack, longText).split("\n");
  return lines.slice(0, 5).map((line) => dim(`  ${line}`));
}

/** The frames at this place that come again right after it, at least three times; else one frame, once. */
function cycle(places: readonly StackPlace[], at: number): { length: number; times: number } {
  const same = (one: StackPlace | undefined, other: StackPlace | undefined): boolean =>
    one?.file === other?.file && one?.line === other?.line && one?.column === other?.column;
  for (let length = 1; length <= longestCycle; length++) {
    let end = at + length;
    while (end < places.length && same(places[end], places[end - length])) end += 1;
    const times = Math.floor((end - at) / length);
    if (times >= 3) return { length, times };
  }
  return { length: 1, times: 1 };
}

function pictured(place: StackPlace, context: number): string[] {
  return [`  at ${cyan(located(place))}`, ...codeFrame(codeAt(place) ?? "", place, context)];
}

function located(place: StackPlace): string {
  return place.name === undefined ? shownPlace(place) : `${shownPlace(place)} in ${withoutScope(place.name)}`;
}

/** What hangs on the error besides, as `inspect` has it: `{ errno: -2, code: 'ENOENT' }`. */
function properties(error: Error): string[] {
  return attempt(() => {
    const more = Object.entries(Object.getOwnPropertyDescriptors(error)).filter(
      ([key, { enumerable }]) => enumerable && !told.has(key),
    );
    if (more.length === 0) return [];
    const text = textOf(Object.defineProperties({}, Object.fromEntries(more)), { depth: 1 });
    const lines = text.split("\n");
    return [...lines.slice(0, 20), ...(lines.length > 20 ? [`… ${lines.length - 20} more lines`] : [])].map(
      (line) => `  ${line}`,
    );
  }, []);
}

function nameAndText(thrown: unknown): { ename: string; text: string } {
  if (!isError(thrown)) {
    const kind =
      typeof thrown === "object" && thrown !== null
        ? attempt(() => String(thrown.constructor.name), "object")
        : `${thrown === null ? null : typeof thrown}`;
    return { ename: `Thrown ${kind}`, text: textOf(thrown) };
  }
  return { ename: nameOf(thrown), text: attempt(() => String(thrown.message), "") };
}

/** The error's name; the one of its class, where only the base class set a name. */
function nameOf(error: Error): string {
  const name = attempt(() => String(error.name), "");
  const className = attempt(() => String(error.constructor.name), "");
  const unset = name === "" || (name === "Error" && !Object.hasOwn(error, "name"));
  return stripVTControlCharacters(worded((unset ? className : name) || "Error", 200));
}

function isError(thrown: unknown): thrown is Error {
  // Looking at a proxy runs code of its own.
  if (types.isProxy(thrown)) return false;
  return types.isNativeError(thrown) || attempt(() => thrown instanceof Error, false);
}

/** Control characters but tab and line feed, and ANSI sequences but those of colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are taken out.
const unprintable = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f]|\u001b\[[\d;?]*[A-Za-ln-z]|\u001b(?!\[[\d;]*m)/g;

/** A message in the user's names, without control characters, and not longer than this. */
function worded(text: string, length: number): string {
  const shown = withoutScope(text.slice(0, length)).replace(unprintable, "");
  return text.length > length ? `${shown}… ${text.length - length} more characters` : shown;
}

/** Errors may come from anywhere, and looking at one may throw. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
