import type ts from "typescript";
import { readCell } from "./names.js";
import { syntaxErrors } from "./parse.js";

/** Whether Enter should run a text or begin another line of it. */
export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid";
  /** What the next line should start with, when incomplete. */
  readonly indent: string;
}

/** Errors that more text can mend, wherever they are reported: unterminated template, comment. */
const open = new Set([1160, 1010]);
/** Errors that no further line can mend: an unterminated string. */
const closed = new Set([1002]);

/** Would this text run as it stands, does it go on, or is it wrong? Decided by the parser alone. */
export function isComplete(code: string): Completeness {
  const { source } = readCell(code);
  // Where the last token ends: comments may follow.
  const end = source.endOfFileToken.pos;
  const [first] = [...syntaxErrors(source)].sort((a, b) => rank(a, end) - rank(b, end) || a.start - b.start);
  if (!first) return { status: "complete", indent: "" };
  if (rank(first, end) === 0) return { status: "invalid", indent: "" };
  return { status: "incomplete", indent: indent(code) };
}

/** 0: an error in the text; 1: the text ends too early. */
function rank(error: ts.DiagnosticWithLocation, end: number): number {
  const atEnd = !closed.has(error.code) && (error.start >= end || open.has(error.code));
  return atEnd ? 1 : 0;
}

function indent(code: string): string {
  const line = code.trimEnd().split("\n").at(-1) ?? "";
  const before = /^\s*/.exec(line)?.[0] ?? "";
  return /[{([]$|=>$/.test(line) ? `${before}  ` : before;
}
