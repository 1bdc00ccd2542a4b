import type ts from "typescript";

import { shellAdvice } from "../magics.js";
import { noName, toDiagnostic } from "./diagnostics.js";
import { readMagics } from "./magics.js";
import { readCell } from "./names.js";

/** `!ls -la`: a word, and behind it nothing or something like arguments. */
const command = /^[ \t]*!\s*([\w./~-]+)((?:\s+(?:--?\w|[\w'"./~$*>|<&]).*)?)$/gm;

/**
 * Errors of a cell with one of ours in the place of those that only come of a line that means a shell, as in IPython: `!ls`.
 * Where TypeScript can read such a line and knows its name, it is an expression and no error.
 */
export function withoutCommands(errors: readonly ts.Diagnostic[], code: string): readonly ts.Diagnostic[] {
  const lines = [...code.matchAll(command)];
  if (lines.length === 0) return errors;
  const { source } = readCell(readMagics(code).text);
  const starts = new Set(source.statements.map((statement) => statement.getStart(source)));
  let told = [...errors];
  for (const { 0: text, 1: word = "", 2: rest = "", index } of lines) {
    const [start, end] = [index + text.indexOf("!"), index + text.length];
    const isOf = ({ start: at = -1 }: ts.Diagnostic): boolean => at >= start && at <= end;
    const name = code.indexOf(word, start);
    const meant = told.some(
      (error) => isOf(error) && (error.start === name ? noName.has(error.code) : isSyntax(error) && !isLogic(rest)),
    );
    if (!starts.has(start) || !meant) continue;
    const advice = `!${word}: expected TypeScript, got what looks like a shell command. ${shellAdvice(`${word}${rest}`)}`;
    told = [...told.filter((error) => !isOf(error)), toDiagnostic({ start, length: end - start, text: advice })];
  }
  return told.sort((one, other) => (one.start ?? 0) - (other.start ?? 0));
}

/** `!ready && (…`: an expression that is not finished, where the name is known. */
function isLogic(rest: string): boolean {
  return /^\s*(?:&&|\|\||[<>])/.test(rest);
}

/** Of TypeScript's parser: their numbers are 1000 to 1999. */
function isSyntax({ code }: ts.Diagnostic): boolean {
  return code >= 1000 && code < 2000;
}
