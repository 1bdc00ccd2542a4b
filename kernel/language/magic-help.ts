import { type Magic, magicOf, magics } from "../magics.js";
import type { Completions } from "./complete.js";
import type { Inspection } from "./inspect.js";
import type { Completeness } from "./is-complete.js";
import type { PlainCell } from "./magics.js";

/** Names of magics, and words that their arguments begin with, that fit at an offset; nothing inside of what a magic takes as text; undefined in TypeScript. */
export function completeMagic(plain: PlainCell, code: string, offset: number): Completions | undefined {
  const { before, start } = lineUntil(code, offset);
  const percents = /^(%%?)[\p{L}\p{N}_]*$/u.exec(before)?.[1];
  if (percents !== undefined && plain.text[start] !== "%") {
    const word = /^[\p{L}\p{N}_]*/u.exec(code.slice(offset))?.[0] ?? "";
    const isFirst = code.slice(0, start).trim() === "";
    const names = [...magics.flatMap(({ name, line }) => (line ? [`%${name}`] : [])), ...(isFirst ? wholeNames() : [])];
    const items = names
      .filter((name) => name.startsWith(before))
      .map((text) => ({ text, kind: "magic", signature: (magicOf(text.replace(/^%+/, "")) as Magic).help }));
    return { start, end: offset + word.length, items };
  }
  const [, name = "", typed = ""] = /^%([\p{L}\p{N}_]+)[ \t]+([^ \t]*)$/u.exec(before) ?? [];
  const words = magicOf(name)?.words;
  if (words !== undefined && plain.text[start] !== "%") {
    const rest = /^[^\s]*/.exec(code.slice(offset))?.[0] ?? "";
    const items = words.filter((word) => word.startsWith(typed)).map((text) => ({ text, kind: "keyword" }));
    return { start: offset - typed.length, end: offset + rest.length, items };
  }
  return isText(plain, code, offset) ? { start: offset, end: offset, items: [] } : undefined;
}

/** How to write the magic at an offset, and what it does. */
export function inspectMagic(plain: PlainCell, code: string, offset: number): Inspection | undefined {
  const { start } = lineUntil(code, offset);
  const [written = "", word = ""] = /^%%?([\p{L}\p{N}_]*)/u.exec(code.slice(start)) ?? [];
  const magic = magicOf(word);
  if (!magic || plain.text[start] === "%" || offset > start + written.length) return undefined;
  return { name: written, signature: magic.usage.join("\n"), documentation: magic.help };
}

/** Whether a cell with `%%name` is all there: a console ends its text with an empty line. Undefined for TypeScript. */
export function completenessOfMagics({ calls, text }: PlainCell): Completeness | undefined {
  const whole = calls.find((call) => call.whole);
  if (!whole) return undefined;
  if (whole.body === undefined) return text.trim() === "" ? { status: "incomplete", indent: "" } : undefined;
  const ends = whole.body.trim() !== "" && /\n[ \t]*$/.test(whole.body);
  return { status: ends ? "complete" : "incomplete", indent: "" };
}

function wholeNames(): string[] {
  return magics.flatMap(({ name, cell }) => (cell ? [`%%${name}`] : []));
}

/** Is this the text of a `%%` cell, or the arguments of a magic? */
function isText({ calls }: PlainCell, code: string, offset: number): boolean {
  return calls.some(({ name, whole, body, start, end }) => {
    if (whole) return body !== undefined && offset > start;
    return magicOf(name)?.line === "arguments" && offset > start && offset <= Math.min(end, code.length);
  });
}

/** The line of an offset, without its indentation, up to there. */
function lineUntil(code: string, offset: number): { before: string; start: number } {
  const lineStart = Math.max(...["\n", "\r"].map((end) => code.lastIndexOf(end, offset - 1))) + 1;
  const before = code.slice(Math.min(lineStart, offset), offset).trimStart();
  return { before, start: offset - before.length };
}
