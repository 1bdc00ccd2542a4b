import { readFileSync } from "node:fs";

import ts = require("typescript");

import { defaults } from "./settings.js";

const folder = ts.getDefaultLibFilePath({}).replace(/\/[^/]*$/, "");
const reference = /^\/\/\/\s*<reference\s+(?:lib="([^"]+)"|no-default-lib="true")\s*\/>.*$/gm;

/**
 * The declarations of the language itself as one file. TypeScript has sixty of them, looks after each whenever a cell changes, and
 * joins the parts of `Array` and its like anew: that takes longer than checking a small cell. No file holds it.
 */
export const standardLibrary = `${folder}/lib.cells.d.ts`;

let files: ReadonlyMap<string, string> | undefined;

/** Where a library lies that is asked for by the name of its file; undefined: where TypeScript has it. */
export function libraryPath(file: string, { lib }: ts.CompilerOptions): string | undefined {
  if (lib !== defaults.lib) return undefined;
  files ??= parts(defaults.lib ?? []);
  return files.has(file) ? standardLibrary : undefined;
}

/** Its text: TypeScript's files in TypeScript's own order, which decides what overload comes first. */
export function standardLibraryText(): string {
  files ??= parts(defaults.lib ?? []);
  const { libs = [] } = ts as { libs?: readonly string[] };
  const place = (file: string): number => libs.indexOf(file.slice("lib.".length, -".d.ts".length));
  const sorted = [...files].sort(([one], [other]) => place(one) - place(other));
  return sorted.map(([, text]) => text.replace(reference, "")).join("\n");
}

/** The texts of files and of all that they refer to. */
function parts(names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const add = (file: string): void => {
    if (found.has(file)) return;
    const text = readFileSync(`${folder}/${file}`, "utf8");
    found.set(file, text);
    for (const [, name] of text.matchAll(reference)) if (name !== undefined) add(`lib.${name.toLowerCase()}.d.ts`);
  };
  names.forEach(add);
  return found;
}
