import { SourceMap } from "node:module";
import type { EmittedCell } from "../threads.js";

/** Cells, and likewise files, whose text is kept. Frames of older cells have no line, for the emitted one would mislead. */
const remembered = 1000;

interface Source {
  readonly code: string;
  readonly map?: () => SourceMap;
}

const cells = new Map<string, Source>();
const files = new Map<string, Source>();
/** As V8 names the files of ES modules: a URL, in which a space of the path is `%20`. */
const kernelFolder = new URL("..", import.meta.url).href;

/** The file name of a cell in stack traces. */
export function fileOf(count: number): string {
  return `In[${count}]`;
}

/** Lets stack traces speak of the cell's TypeScript instead of its JavaScript. */
export function rememberSource({ count, map, code }: EmittedCell): void {
  keep(cells, fileOf(count), { code, map: parser(map) });
}

/**
 * Lets stack traces speak of what the user wrote into a local file instead of what is run. `file` is what V8 calls it: the
 * URL of an ES module, with its query; the path of a CommonJS module. `code` is the user's text, `map` a source map (v3 JSON)
 * from the running code to it, absent where both are the same.
 */
export function rememberFile(file: string, { code, map }: { readonly code: string; readonly map?: string }): void {
  keep(files, file, map === undefined ? { code } : { code, map: parser(map) });
}

function keep(among: Map<string, Source>, file: string, source: Source): void {
  // What is told again counts as new.
  among.delete(file);
  among.set(file, source);
  if (among.size > remembered) among.delete(among.keys().next().value as string);
}

function parser(map: string): () => SourceMap {
  let parsed: SourceMap | undefined;
  return () => {
    parsed ??= new SourceMap(JSON.parse(map));
    return parsed;
  };
}

/** The user's text of `In[n]` or of a file that was remembered. */
export function codeOf(file: string): string | undefined {
  return (cells.get(file) ?? files.get(file))?.code;
}

/** Makes every `error.stack` of this thread show cells and local files in the user's lines, and the kernel not at all. */
export function installStackTraces(): void {
  Error.prepareStackTrace = (error, sites) => {
    const bottom = sites.findIndex((site) => site.getFileName()?.startsWith(kernelFolder));
    const frames = sites
      .filter((site, index) => bottom < 0 || index < bottom || codeOf(site.getFileName() ?? "") !== undefined)
      .map(frame);
    return [header(error), ...frames.map((text) => `    at ${text}`)].join("\n");
  };
}

/** Takes the names that only the emitted JavaScript has out of a message: `(0 , __scope.f)` → `f`. */
export function withoutScope(text: string): string {
  return text.replace(/\(0 ?, ?__scope\.([\p{ID_Continue}$]+)\)/gu, "$1").replace(/\b__scope\./g, "");
}

function frame(site: NodeJS.CallSite): string {
  const text = withoutScope(site.toString());
  const [file, line, column] = [site.getFileName() ?? "", site.getLineNumber(), site.getColumnNumber()];
  const source = files.get(file);
  if (source && line !== null && column !== null) {
    return text.replace(`${file}:${line}:${column}`, () => mapped(file, source, line, column));
  }
  // Code of `eval` has no file, but its frame says where the call stands.
  return text.replace(/(In\[\d+\]):(\d+):(\d+)/g, (_, cell: string, row: string, place: string) =>
    mapped(cell, cells.get(cell), Number(row), Number(place)),
  );
}

function mapped(file: string, source: Source | undefined, line: number, column: number): string {
  if (!source) return file;
  const found = source.map?.().findEntry(line - 1, column - 1);
  if (!found || !("originalLine" in found)) return `${file}:${line}:${column}`;
  return `${file}:${found.originalLine + 1}:${found.originalColumn + 1}`;
}

function header(error: Error): string {
  try {
    // As V8 does: what console.trace hands over is no Error, only looks like one.
    return withoutScope(Error.prototype.toString.call(error));
  } catch {
    return "Error";
  }
}
