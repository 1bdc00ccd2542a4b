import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import ts = require("typescript");

import { whatIsThere } from "../modules/local.js";
import { adviceFor, namesFile } from "../modules/specifier.js";
import { bold, codeFrame, cyan, dim, red } from "../protocol/code-frame.js";
import type { CellError } from "../threads.js";
import { withoutCells } from "./signature.js";

/** Codes that would only get in the way of a notebook. */
export const ignored: ReadonlySet<number> = new Set([
  7016, // no types for a package: it is `any`
  7034, // `let x;` that gets its type later
  7005,
]);

/** What only finished files must not have: `tsconfig.json` may ask for it, and it stops no cell. */
const lint = new Set([6133, 6138, 6192, 6196, 6198, 6199, 7027, 7028, 7029, 7030]);

/** Which `In[n]` something is; undefined for what is no cell. */
export interface Counts {
  /** A cell, by its number. */
  of(cell: number): number | undefined;
  /** A place in a file. */
  at(path: string, offset: number): number | undefined;
}

/** What there is to say about a name that is not there any more. */
export type Hint = (name: string) => string | undefined;

const linesShown = 12;
const shown = 20;

/** The errors of the user's text among TypeScript's diagnostics, in the order of the text. */
export function relevant(diagnostics: readonly ts.Diagnostic[], code: string): ts.Diagnostic[] {
  return ownErrors(diagnostics, code).filter((diagnostic) => !lint.has(diagnostic.code));
}

/** What is no error but worth a line: only what the notebook's `tsconfig.json` asks for. */
export function warnings(diagnostics: readonly ts.Diagnostic[], code: string, count: number): string[] {
  const found = ownErrors(diagnostics, code).filter((diagnostic) => lint.has(diagnostic.code));
  return found.slice(0, shown).map((diagnostic) => {
    const { line, column } = placeIn(code, diagnostic);
    return `In[${count}]:${line}:${column} TS${diagnostic.code} ${message(diagnostic, clean)}`;
  });
}

function ownErrors(diagnostics: readonly ts.Diagnostic[], code: string): ts.Diagnostic[] {
  return diagnostics
    .filter(({ category, start, code: number }) => {
      const own = start === undefined || start <= code.length;
      return category === ts.DiagnosticCategory.Error && own && !ignored.has(number);
    })
    .sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
}

function placeIn(code: string, diagnostic: ts.Diagnostic): { line: number; column: number } {
  const before = code.slice(0, diagnostic.start ?? 0).split(/\r\n|\n|\r/);
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** A complaint of Nabla's own, with its place in the cell. */
export function toDiagnostic({ start, length, text }: { start: number; length: number; text: string }): ts.Diagnostic {
  return { category: ts.DiagnosticCategory.Error, code: 0, file: undefined, start, length, messageText: text };
}

/** One error for all diagnostics of a cell, and of local files that it imports: each with its place, its line and a caret. */
export function toCellError(
  diagnostics: readonly ts.Diagnostic[],
  code: string,
  count: number,
  counts: Counts,
  hint: Hint = () => undefined,
): CellError {
  const [first] = diagnostics;
  if (!first) throw new Error("diagnostics: expected at least one, got none");
  const where = (diagnostic: ts.Diagnostic): { at: string; line: number; column: number } => {
    const local = localFile(diagnostic);
    const place = placeIn(local?.text ?? code, diagnostic);
    const name = local ? shownPath(local.fileName) : `In[${count}]`;
    return { at: `${name}:${place.line}:${place.column}`, ...place };
  };
  const say = (text: string): string => clean(withCounts(text, counts, count));
  const traceback: string[] = [];
  const heading = diagnostics.length === 1 ? "1 error" : `${diagnostics.length} errors`;
  traceback.push(`${bold(red("TypeScriptError"))}: ${heading}, nothing of this cell was run`);
  for (const diagnostic of diagnostics.slice(0, shown)) {
    const { at, line, column } = where(diagnostic);
    traceback.push("");
    traceback.push(
      `${cyan(at)} ${dim(diagnostic.code > 0 ? `TS${diagnostic.code}` : "Nabla")} ${message(diagnostic, say)}`,
    );
    traceback.push(...codeFrame(localFile(diagnostic)?.text ?? code, { line, column, length: diagnostic.length ?? 1 }));
    traceback.push(...related(diagnostic, counts, count, say), ...hints(diagnostic, code, hint));
  }
  if (diagnostics.length > shown) traceback.push("", `… and ${diagnostics.length - shown} more`);
  const evalue = `${where(first).at} ${message(first, say).split("\n")[0]}`;
  return { ename: "TypeScriptError", evalue, traceback };
}

/** The file of a diagnostic, if that is no cell. */
function localFile({ file }: ts.Diagnostic): ts.SourceFile | undefined {
  return file === undefined || isCellFile(file.fileName) ? undefined : file;
}

/** Is a path that of a cell's text? There is no such file. */
export function isCellFile(path: string): boolean {
  return path === "cell.ts" || /\/@cell(?:-\d+\.tsx?|\.tsx?|-modules(?:-\d+)?\.d\.ts)$/.test(path);
}

/** A path as the user knows it: that of a package, or relative to the kernel's folder, which is the notebook's. */
export function shownPath(path: string): string {
  const inPackage = /^.*\/node_modules\/(.*)$/.exec(path)?.[1];
  if (inPackage !== undefined) return inPackage;
  const shown = relative(process.cwd(), path);
  return shown.startsWith("..") ? path : `./${shown}`;
}

/** "Cannot find name", with and without a guess at what was meant. */
export const noName = new Set([2304, 2552]);

/** JSX without types: as a rule of react, whose types are a package of their own that the cell does not name. */
const noElements = 7026;

/** What became of a name that is not there. Local files never had those of the notebook. */
function hints(diagnostic: ts.Diagnostic, code: string, hint: Hint): string[] {
  const { code: number, start = 0, length = 0 } = diagnostic;
  const text = noName.has(number) && !localFile(diagnostic) ? hint(code.slice(start, start + length)) : undefined;
  return text === undefined ? [] : [`  ${text}`];
}

function message(diagnostic: ts.Diagnostic, say: (text: string) => string): string {
  const lines = say(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")).split("\n");
  const text = lines.slice(0, linesShown).map((line) => (line.length > 600 ? `${line.slice(0, 600)}…` : line));
  if (lines.length > linesShown) text.push(`… ${lines.length - linesShown} more lines`);
  const missing = /^Cannot find module '([^']+)'/.exec(text[0] ?? "")?.[1];
  const advice = missing === undefined ? "" : adviceOn(missing, diagnostic.file?.fileName ?? "");
  if (advice) text.push(advice);
  if (diagnostic.code === noElements)
    text.push("Its package has no types of elements. For react: %npm install -D @types/react");
  return text.join("\n");
}

function adviceOn(specifier: string, from: string): string {
  if (!namesFile(specifier)) return adviceFor(specifier);
  const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : resolve(dirname(from), specifier);
  const there = whatIsThere(specifier, path);
  const way = ` To read it: readFileSync(${JSON.stringify(specifier)}) from node:fs.`;
  return `Expected TypeScript, JavaScript, JSON or WebAssembly, ${there}${there.endsWith(" file") ? `.${way}` : ""}`;
}

/** TypeScript writes where a type is declared only when two have one name: that of an earlier cell, and that which replaced it. */
const declaredIn = /import\("[^"]*\/@(?:notebook-\d+"\)\.__c(\d+)|cell-(\d+)"\)|cell"\))\./g;

function withCounts(text: string, counts: Counts, own: number): string {
  return text.replace(declaredIn, (whole, part?: string, module?: string) => {
    const cell = part ?? module;
    const count = cell === undefined ? own : counts.of(Number(cell));
    return count === undefined ? whole : `In[${count}].`;
  });
}

function clean(text: string): string {
  return withoutCells(text).replace(
    /because it is an import\./,
    "because it is not a variable (let) of the cell that declares it.",
  );
}

function related(diagnostic: ts.Diagnostic, counts: Counts, own: number, say: (text: string) => string): string[] {
  const found = (diagnostic.relatedInformation ?? []).slice(0, 3);
  return found.flatMap((information) => {
    const { file, start } = information;
    if (!file || start === undefined) return [];
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    const count = file === diagnostic.file ? own : counts.at(file.fileName, start);
    const name = count === undefined ? shownPath(file.fileName) : `In[${count}]`;
    const text = say(ts.flattenDiagnosticMessageText(information.messageText, "\n"));
    const place = file.isDeclarationFile && count !== undefined ? "" : `:${line + 1}:${character + 1}`;
    return [`  ${dim(`${name}${place}`)} ${text}`];
  });
}
