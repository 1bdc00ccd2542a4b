import ts = require("typescript");

import type { Completion } from "../threads.js";
import { notebookName } from "./flatten.js";
import type { Notebook } from "./notebook.js";
import { describe, kindOf } from "./signature.js";

/** What could stand at a place of a text. */
export interface Completions {
  /** The part of the text that a completion replaces, UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  readonly items: readonly Completion[];
}

const most = 1000;
/** So many of the best are described, as long as it takes no longer, in ms. */
const described = 40;
const patience = 25;

/** What could stand at an offset of a text, best first; nothing within comments and mere text. */
export function complete(notebook: Notebook, code: string, offset: number): Completions {
  const before = code.slice(0, offset);
  // Looks back from the end: a pattern that only ends in `$` is tried at each place, which takes minutes in a long line of data.
  const word = /$(?<=(#?(?:[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*)?))/u.exec(before)?.[1] ?? "";
  const isMember = /(?<!\.\.)\.\s*$/.test(before.slice(0, before.length - word.length));
  const { path, shift } = notebook.scratch(code, isMember ? undefined : notebook.names);
  const { languageService } = notebook.service;
  const at = shift + offset;
  const none = { start: offset, end: offset, items: [] };
  if (languageService.getSpanOfEnclosingComment(path, at, false)) return none;
  const found = languageService.getCompletionsAtPosition(path, at, {
    includeCompletionsForModuleExports: false,
    includeCompletionsWithInsertText: true,
    includeSymbol: true,
  });
  if (!found) return none;
  const placed = (span: ts.TextSpan): { start: number; end: number } => {
    const start = Math.min(span.start - shift, offset);
    return { start, end: Math.min(code.length, Math.max(offset, span.start - shift + span.length)) };
  };
  // Paths in import specifiers say it for each entry alike: the part behind the last slash.
  const span = found.optionalReplacementSpan ?? found.entries.find((entry) => !isRewriting(entry))?.replacementSpan;
  const place = span ? placed(span) : { start: offset - word.length, end: offset };
  const prefix = code.slice(place.start, offset).replace(/^["'`]/, "");
  const all = found.entries.filter((entry) => matches(entry, prefix)).sort(byUse(prefix));
  const own = new Set(notebook.names);
  if (!found.isMemberCompletion) all.sort((a, b) => Number(own.has(b.name)) - Number(own.has(a.name)));
  // All of an answer's items replace the same part of the text: what would replace more is offered where all of them would.
  const inPlace = all.filter((entry) => !isRewriting(entry));
  const wider = inPlace.length === 0 ? all[0]?.replacementSpan : undefined;
  const entries = wider ? all.filter(({ replacementSpan }) => replacementSpan?.length === wider.length) : inPlace;
  return { ...(wider ? placed(wider) : place), items: items(notebook, path, entries.slice(0, most)) };
}

/** `maybe.size` becomes `maybe?.size`, `headers.etag` `headers["etag"]`: more than the word is replaced. */
function isRewriting({ insertText, replacementSpan }: ts.CompletionEntry): boolean {
  return insertText !== undefined && replacementSpan !== undefined;
}

function items(notebook: Notebook, path: string, entries: readonly ts.CompletionEntry[]): Completion[] {
  const { program } = notebook.service;
  const file = program.getSourceFile(path);
  const checker = program.getTypeChecker();
  const until = performance.now() + patience;
  return entries.map((entry, index): Completion => {
    const text = entry.insertText ?? entry.name;
    const { symbol } = entry;
    if (!symbol || !file) return { text, kind: entry.kind };
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const kind = entry.kind === ts.ScriptElementKind.alias ? kindOf(target) : entry.kind;
    if (index >= described || performance.now() > until) return { text, kind };
    return { text, kind, ...describe(entry.name, symbol, file, checker) };
  });
}

function matches({ name }: ts.CompletionEntry, prefix: string): boolean {
  const isOurs = name === notebookName || /^@(?:cell|notebook)\b/.test(name);
  return !isOurs && name.toLowerCase().startsWith(prefix.toLowerCase());
}

function byUse(prefix: string): (a: ts.CompletionEntry, b: ts.CompletionEntry) => number {
  const exact = (entry: ts.CompletionEntry): number => Number(entry.name.startsWith(prefix));
  return (a, b) => exact(b) - exact(a) || compare(a.sortText, b.sortText) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
