import ts = require("typescript");

import { declaredNames } from "./references.js";

/** A statement of a cell that changes types beyond it. Offsets are those of the cell's text. */
export interface Augmentation {
  readonly start: number;
  readonly end: number;
  /** What it declares, down to the members of interfaces: `global.Array.mine`. */
  readonly keys: ReadonlySet<string>;
  /** The module of `declare module "x"`. */
  readonly module?: string;
}

/** A cell's text in two, each as long as the whole and with everything at its place. */
export interface Halves {
  /** The cell without {@link script}. */
  readonly module: string;
  /** The `declare module "x"` of modules that have no types: only a script can say them. Empty if there are none. */
  readonly script: string;
}

/** The `declare global` and `declare module "x"` of a cell. */
export function augmentations(source: ts.SourceFile): Augmentation[] {
  return source.statements.filter(isAugmentation).map((statement) => ({
    start: statement.getStart(source),
    end: statement.end,
    keys: new Set(keysOf(statement, statement.name.text, source)),
    ...(ts.isStringLiteral(statement.name) && { module: statement.name.text }),
  }));
}

/** Whether a later cell says anew what an earlier one said: a cell that is run again replaces itself. */
export function replaces(later: readonly Augmentation[], earlier: Augmentation): boolean {
  return later.some(({ keys }) => [...earlier.keys].some((key) => [...keys].some((other) => isSaidBy(key, other))));
}

/** `declare module "x";` says all that is to be said of it. */
function isSaidBy(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

/** A text without an augmentation; everything else stays where it is. */
export function withoutAugmentation(text: string, { start, end }: Augmentation): string {
  return text.slice(0, start) + blank(text.slice(start, end)) + text.slice(end);
}

/** Takes the modules that have no types of their own out of a cell. `hasTypes`: what is said of the module adds to its types. */
export function halves(text: string, all: readonly Augmentation[], hasTypes: (module: string) => boolean): Halves {
  const made = all.filter(({ module }) => module !== undefined && !hasTypes(module));
  if (made.length === 0) return { module: text, script: "" };
  let [script, at] = ["", 0];
  for (const { start, end } of made) {
    script += blank(text.slice(at, start)) + text.slice(start, end);
    at = end;
  }
  return { module: made.reduce(withoutAugmentation, text), script };
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
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
  if (name && ts.isIdentifier(name)) return [`${path}.${name.text}`];
  return ts.isExportAssignment(statement) ? [`${path}.${statement.isExportEquals ? "export=" : "default"}`] : [];
}
