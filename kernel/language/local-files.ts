import ts = require("typescript");

import { packageName, typesPackage } from "../modules/specifier.js";
import { ignored, isCellFile } from "./diagnostics.js";
import { isSettled } from "./resolver.js";

/** The local files that a cell imports, themselves and through others: the user's own TypeScript, checked with the cell. */
export class LocalFiles {
  readonly #version: (path: string) => string;
  /** Sets of files, by path and version, in which nothing was wrong. */
  readonly #clean = new Set<string>();

  constructor(version: (path: string) => string) {
    this.#version = version;
  }

  /** What is wrong in them. */
  problems(program: ts.Program, cell: ts.SourceFile): ts.Diagnostic[] {
    const files = importedFrom(cell, program.getTypeChecker());
    if (files.length === 0) return [];
    const print = files.map(({ fileName }) => `${fileName} ${this.#version(fileName)}`).join("\n");
    // Every cell makes a new program, and to check all files again for each would be slow.
    if (this.#clean.has(print)) return [];
    const found = files.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]);
    const errors = found.filter(isError);
    if (errors.length === 0) this.#remember(print);
    return errors;
  }

  #remember(print: string): void {
    this.#clean.add(print);
    if (this.#clean.size > 100) this.#clean.delete(this.#clean.values().next().value as string);
  }
}

/** `import x = require()` and `export =` are what a CommonJS file is for; the cells' own module kind knows neither. */
const commonJsOnly = [1202, 1203];

function isError({ category, code, file }: ts.Diagnostic): boolean {
  if (category !== ts.DiagnosticCategory.Error || ignored.has(code)) return false;
  return !(file?.fileName.endsWith(".cts") && commonJsOnly.includes(code));
}

function importedFrom(cell: ts.SourceFile, checker: ts.TypeChecker): ts.SourceFile[] {
  const found = new Set<ts.SourceFile>([cell]);
  for (const file of found) {
    for (const literal of importsOf(file)) {
      const imported = checker.getSymbolAtLocation(literal)?.valueDeclaration;
      if (imported && ts.isSourceFile(imported) && isUsers(imported)) found.add(imported);
    }
  }
  found.delete(cell);
  return [...found].sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
}

/** All specifiers of a file, those of `import(…)` too; TypeScript keeps the list, but not in its public face. */
function importsOf(file: ts.SourceFile): readonly ts.Expression[] {
  return (file as ts.SourceFile & { readonly imports?: readonly ts.StringLiteralLike[] }).imports ?? [];
}

function isUsers({ fileName, isDeclarationFile }: ts.SourceFile): boolean {
  return !isDeclarationFile && !isSettled(fileName) && !isCellFile(fileName) && /\.[cm]?tsx?$/.test(fileName);
}

/**
 * What the user should know once about the packages of a cell.
 *
 * @param told the packages that were spoken of; those spoken of now are added
 */
export function notesOn(diagnostics: readonly ts.Diagnostic[], told: Set<string>): string[] {
  const fresh = [...new Set(untyped(diagnostics).map(packageName))].filter((name) => !told.has(name));
  return fresh.map((name) => {
    told.add(name);
    const way = `If it has types apart: %npm install -D ${typesPackage(name)}; if not: declare module "${name}" { … }`;
    return `"${name}" comes without types: all that it exports is any. ${way}`;
  });
}

/** The packages without types that a cell imports: what comes from there is `any`. */
function untyped(diagnostics: readonly ts.Diagnostic[]): string[] {
  const names = diagnostics.flatMap(({ code, messageText }) => {
    if (code !== 7016) return [];
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    const [, specifier = "", file = ""] = /module '([^']+)'\. '([^']+)'/.exec(text) ?? [];
    return file.includes("/node_modules/") && !/^[./]/.test(specifier) ? [specifier] : [];
  });
  return [...new Set(names)];
}
