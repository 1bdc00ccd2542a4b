import { SourceMap } from "node:module";
import type { EmittedCell } from "../threads.js";

/** A place in a cell's TypeScript; line and column count from 1. */
export interface CellPlace {
  /** `In[7]` */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface Source {
  readonly code: string;
  readonly map: () => SourceMap;
}

/** Cells whose text is kept for stack traces; frames of older ones have no line, for the emitted one would mislead. */
const remembered = 1000;

const sources = new Map<string, Source>();
/** As V8 names the files of ES modules: a URL, in which a space of the path is `%20`. */
const kernelFolder = new URL("..", import.meta.url).href;

/** The file name of a cell in stack traces. */
export function fileOf(count: number): string {
  return `In[${count}]`;
}

/** Lets stack traces speak of the cell's TypeScript instead of its JavaScript. */
export function rememberSource({ count, map, code }: EmittedCell): void {
  let parsed: SourceMap | undefined;
  const parse = (): SourceMap => {
    parsed ??= new SourceMap(JSON.parse(map));
    return parsed;
  };
  const file = fileOf(count);
  // A number that is used again (a cell without history) counts as new.
  sources.delete(file);
  sources.set(file, { code, map: parse });
  if (sources.size > remembered) sources.delete(sources.keys().next().value as string);
}

/** The TypeScript of `In[n]`. */
export function codeOf(file: string): string | undefined {
  return sources.get(file)?.code;
}

/** Makes every `error.stack` of this thread show cells in the user's lines and the kernel not at all. */
export function installStackTraces(): void {
  Error.prepareStackTrace = (error, sites) => {
    const bottom = sites.findIndex((site) => site.getFileName()?.startsWith(kernelFolder));
    const frames = sites
      .filter((site, index) => bottom < 0 || index < bottom || sources.has(site.getFileName() ?? ""))
      .map(frame);
    return [header(error), ...frames.map((text) => `    at ${text}`)].join("\n");
  };
}

/** The frames of a stack that lie in cells, innermost first. */
export function cellPlaces(stack: string): CellPlace[] {
  return [...stack.matchAll(/^ {4}at .*?(In\[\d+\]):(\d+):(\d+)\)?$/gm)].map(([, file = "", line, column]) => ({
    file,
    line: Number(line),
    column: Number(column),
  }));
}

/** Takes the names that only the emitted JavaScript has out of a message: `(0 , __scope.f)` → `f`. */
export function withoutScope(text: string): string {
  return text.replace(/\(0 ?, ?__scope\.([\p{ID_Continue}$]+)\)/gu, "$1").replace(/\b__scope\./g, "");
}

function frame(site: NodeJS.CallSite): string {
  const text = withoutScope(site.toString());
  const file = site.getFileName() ?? "";
  const source = sources.get(file);
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (line === null || column === null) return text;
  if (!source) return /^In\[\d+\]$/.test(file) ? text.replace(`${file}:${line}:${column}`, file) : text;
  const found = source.map().findEntry(line - 1, column - 1);
  if (!("originalLine" in found)) return text;
  return text.replace(`${file}:${line}:${column}`, `${file}:${found.originalLine + 1}:${found.originalColumn + 1}`);
}

function header(error: Error): string {
  try {
    return withoutScope(String(error));
  } catch {
    return "Error";
  }
}
