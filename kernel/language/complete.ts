import type ts from "typescript";
import type { Completion } from "../threads.js";
import type { Notebook } from "./notebook.js";
import { signatureText } from "./signature.js";

export interface Completions {
  /** The part of the text that a completion replaces, UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  readonly items: readonly Completion[];
}

const most = 1000;
const signed = 12;

/** What could stand at an offset of a text, best first. */
export function complete(notebook: Notebook, code: string, offset: number): Completions {
  const path = notebook.scratch(code);
  const { languageService } = notebook.service;
  const word = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.exec(code.slice(0, offset))?.[0] ?? "";
  const found = languageService.getCompletionsAtPosition(path, offset, {
    includeCompletionsForModuleExports: false,
    includeCompletionsWithInsertText: true,
  });
  const span = found?.optionalReplacementSpan;
  const start = Math.min(span?.start ?? offset - word.length, offset);
  const end = Math.min(code.length, Math.max(offset, span ? span.start + span.length : offset));
  const prefix = code.slice(start, offset).replace(/^["'`]/, "");
  const entries = (found?.entries ?? []).filter((entry) => matches(entry, prefix)).sort(byUse(prefix));
  const own = new Set(notebook.names);
  if (!found?.isMemberCompletion) entries.sort((a, b) => Number(own.has(b.name)) - Number(own.has(a.name)));
  const items = entries.slice(0, most).map((entry, index): Completion => {
    const text = entry.insertText ?? entry.name;
    const details =
      entries.length <= signed || index < signed / 4
        ? languageService.getCompletionEntryDetails(path, offset, entry.name, {}, entry.source, {}, entry.data)
        : undefined;
    const signature = signatureText(details?.displayParts);
    return signature ? { text, kind: entry.kind, signature } : { text, kind: entry.kind };
  });
  return { start, end, items };
}

function matches({ name }: ts.CompletionEntry, prefix: string): boolean {
  return !name.startsWith("__") && !name.startsWith("@cell-") && name.toLowerCase().startsWith(prefix.toLowerCase());
}

function byUse(prefix: string): (a: ts.CompletionEntry, b: ts.CompletionEntry) => number {
  const exact = (entry: ts.CompletionEntry): number => Number(entry.name.startsWith(prefix));
  return (a, b) => exact(b) - exact(a) || compare(a.sortText, b.sortText) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
