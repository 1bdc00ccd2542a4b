import { readFileSync, statSync } from "node:fs";
import { standardLibrary, standardLibraryText } from "./standard-library.js";
import { wasmDeclarations } from "./wasm.js";

/**
 * Declarations that no file holds: `x.d.wasm.ts` for `x.wasm`, as TypeScript names them (`allowArbitraryExtensions`), and
 * `x.d.json.ts` for a JSON file whose type is not worth its size. Called with a path of the one kind it gives the other.
 */
export function declarationsOf(path: string): string {
  const declarations = /^(.*)\.d\.(wasm|json)\.ts$/.exec(path);
  if (declarations) return `${declarations[1]}.${declarations[2]}`;
  return path.replace(/\.(wasm|json)$/, ".d.$1.ts");
}

/** Are these declarations made here, and not the user's? So is the {@link standardLibrary}. */
export function isVirtual(path: string): boolean {
  if (path === standardLibrary) return true;
  return /\.d\.(?:wasm|json)\.ts$/.test(path) && !isFile(path) && isFile(declarationsOf(path));
}

/** Their text. */
export function virtualText(path: string): string {
  if (path === standardLibrary) return standardLibraryText();
  const file = declarationsOf(path);
  if (file.endsWith(".json"))
    return "/** A large file: its type is not read. */\ndeclare const content: any;\nexport default content;\n";
  try {
    return wasmDeclarations(readFileSync(file));
  } catch {
    return "export {};\n";
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
