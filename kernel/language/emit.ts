import ts = require("typescript");

import type { EmittedCell } from "../threads.js";
import type { Epilogue } from "./epilogue.js";
import { notebookModule, notebookName } from "./flatten.js";
import { magicTransformers, measuredNames } from "./magic-calls.js";
import type { PlainCell } from "./magics.js";
import type { CellText } from "./names.js";
import { rewriteCell } from "./rewrite.js";
import type { Service } from "./service.js";
import { typesOf } from "./types-of.js";
import { usingTransformer } from "./using.js";

/** A cell that was checked and is to run. */
export interface CheckedCell {
  readonly path: string;
  readonly number: number;
  readonly count: number;
  readonly code: string;
  readonly text: CellText;
  readonly tail: Epilogue;
  readonly plain: PlainCell;
  /** The names of the notebook before this cell. */
  readonly known: Iterable<string>;
}

/** The JavaScript of a checked cell, as the user thread runs it. */
export function emitCell(cell: CheckedCell, service: Service): EmittedCell {
  const { path, number, count, code, text, tail } = cell;
  const emitted = service.emit(path, {
    before: [...magics(cell, service), usingTransformer, withoutNotebook],
  });
  // `#!` stands only at the very start of a file: here it becomes a comment of the same length.
  const js = emitted.js.replace(/^#!/, "//").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  const elsewhere = measuredNames(cell.plain.calls, text.source);
  const own = [...text.declared].filter(
    ([name, how]) => !how.ambient && !how.disposed && !tail.companions.has(name) && !elsewhere.has(name),
  );
  const rewritten = rewriteCell(
    { ...emitted, js },
    { own: new Set(own.map(([name]) => name)), outer: tail.outer, result: text.hasResult },
  );
  return { cell: number, count, ...rewritten, code };
}

/** The scope has what the epilogue brings in. */
const withoutNotebook: ts.TransformerFactory<ts.SourceFile> = () => (file) =>
  ts.factory.updateSourceFile(
    file,
    file.statements.filter((statement) => !isOfNotebook(statement)),
  );

function isOfNotebook(statement: ts.Statement): boolean {
  if (ts.isImportDeclaration(statement)) return (statement.moduleSpecifier as ts.StringLiteral).text === notebookModule;
  if (!ts.isImportEqualsDeclaration(statement)) return false;
  let name = statement.moduleReference as ts.Node;
  while (ts.isQualifiedName(name)) name = name.left;
  return ts.isIdentifier(name) && name.text === notebookName;
}

function magics(
  { plain: { calls }, known, text, code, path }: CheckedCell,
  { program }: Service,
): readonly ts.TransformerFactory<ts.SourceFile>[] {
  if (calls.length === 0) return [];
  const names = [...known, ...text.declared.keys()];
  const types = calls.some(({ name }) => name === "who") ? typesOf(names, program, path) : {};
  return magicTransformers(calls, { code, types });
}
