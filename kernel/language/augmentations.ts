import ts = require("typescript");

import { declaredNames } from "./references.js";

/** A statement of a cell that changes types beyond it. Offsets are those of the cell's text. */
export interface Augmentation {
  readonly start: number;
  readonly end: number;
  /** What it declares, down to the members of interfaces: `global.Array.mine`. */
  readonly keys: ReadonlySet<string>;
}

/** The `declare global` and `declare module "x"` of a cell. */
export function augmentations(source: ts.SourceFile): Augmentation[] {
  return source.statements.filter(isAugmentation).map((statement) => ({
    start: statement.getStart(source),
    end: statement.end,
    keys: new Set(keysOf(statement, statement.name.text, source)),
  }));
}

/** Whether a later cell says anew what an earlier one said: a cell that is run again replaces itself. */
export function replaces(later: readonly Augmentation[], earlier: Augmentation): boolean {
  return later.some(({ keys }) => [...earlier.keys].some((key) => keys.has(key)));
}

/** A text without an augmentation; everything else stays where it is. */
export function withoutAugmentation(text: string, { start, end }: Augmentation): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, " ") + text.slice(end);
}

function isAugmentation(statement: ts.Statement): statement is ts.ModuleDeclaration {
  return (
    ts.isModuleDeclaration(statement) &&
    (ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0)
  );
}

function keysOf(module: ts.ModuleDeclaration, path: string, source: ts.SourceFile): string[] {
  if (!module.body || !ts.isModuleBlock(module.body)) return [path];
  return module.body.statements.flatMap((statement) => keysOfStatement(statement, path, source));
}

function keysOfStatement(statement: ts.Statement, path: string, source: ts.SourceFile): string[] {
  if (ts.isVariableStatement(statement)) {
    return declaredNames(statement.declarationList).map((name) => `${path}.${name}`);
  }
  if (ts.isModuleDeclaration(statement)) return keysOf(statement, `${path}.${statement.name.text}`, source);
  if (ts.isInterfaceDeclaration(statement)) {
    const members = statement.members.map((member) => member.name?.getText(source) ?? "()");
    return members.map((member) => `${path}.${statement.name.text}.${member}`);
  }
  const { name } = statement as ts.DeclarationStatement;
  return name && ts.isIdentifier(name) ? [`${path}.${name.text}`] : [];
}
