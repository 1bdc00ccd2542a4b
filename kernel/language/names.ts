import ts = require("typescript");

import { type Augmentation, augmentations } from "./augmentations.js";
import { factoriesOf, jsxOf } from "./jsx.js";
import { declaredNames, isUsing, isVar, varLists } from "./references.js";

/** What a name stands for: a class is both. */
export type Meaning = "value" | "type" | "both";

/** A name that a cell declares at its top level. */
export interface Declared {
  /** Declared with let or var: other cells may assign to it. */
  readonly mutable: boolean;
  /** `declare const x: …`: a type for something that is on `globalThis`; the cell makes no value. */
  readonly ambient: boolean;
  /** `import type`: no value, even if what is imported has one. */
  readonly typeOnly?: boolean;
  /** It is declared as a value alone, or as a type alone; not given for imports, which the checker knows. */
  readonly declares?: Meaning;
  /** `using`: disposed at the end of the cell, so no other cell sees it. */
  readonly disposed?: boolean;
}

/** What the text of a cell says about names. */
export interface CellText {
  readonly source: ts.SourceFile;
  readonly declared: ReadonlyMap<string, Declared>;
  /** Names that the user exported himself: a second export would be an error. */
  readonly exported: ReadonlySet<string>;
  /** All identifiers that may refer to a name; too many rather than too few. */
  readonly mentioned: ReadonlySet<string>;
  /** What changes types beyond the cell (`declare global`, `declare module "x"`); it must stay in the program. */
  readonly augmentations: readonly Augmentation[];
  /** `export * from "x"`: which names that brings only the checker knows. */
  readonly hasStar: boolean;
  /** Its last statement is an expression: the cell has a result. */
  readonly hasResult: boolean;
}

const parsing: ts.CreateSourceFileOptions = {
  languageVersion: ts.ScriptTarget.ESNext,
  // Else `await` would be a name where nothing is imported or exported: `await { then }` two statements.
  setExternalModuleIndicator: (file) => {
    (file as { externalModuleIndicator?: ts.Node }).externalModuleIndicator = file;
  },
};

/**
 * Parses a cell and lists its names.
 *
 * @param factories names that its JSX calls without mentioning them, beside those that its comments give
 */
export function readCell(code: string, jsx = jsxOf(code), factories: readonly string[] = []): CellText {
  const kind = jsx === "none" ? ts.ScriptKind.TS : ts.ScriptKind.TSX;
  const source = ts.createSourceFile("cell.ts", code, parsing, false, kind);
  const declared = new Map<string, Declared>();
  const exported = new Set<string>();
  for (const statement of source.statements) {
    const names = declarations(statement);
    for (const [name, how] of names) declared.set(name, merged(declared.get(name), how));
    if (hasModifier(statement, ts.SyntaxKind.ExportKeyword) && !hasModifier(statement, ts.SyntaxKind.DefaultKeyword)) {
      for (const [name] of names) exported.add(name);
    }
    if (ts.isExportDeclaration(statement)) for (const name of exportedNames(statement)) exported.add(name);
  }
  const last = source.statements.findLast((statement) => !ts.isEmptyStatement(statement));
  return {
    source,
    declared,
    exported,
    mentioned: new Set([...mentions(source), ...(jsx === "none" ? [] : [...factoriesOf(code), ...factories])]),
    augmentations: augmentations(source),
    hasStar: source.statements.some((statement) => ts.isExportDeclaration(statement) && !statement.exportClause),
    hasResult: !!last && (ts.isExpressionStatement(last) || ts.isExportAssignment(last)),
  };
}

/** Within a cell, declarations of one name merge. */
function merged(before: Declared | undefined, how: Declared): Declared {
  if (!before) return how;
  const declares = before.declares === how.declares ? how.declares : "both";
  const mutable = before.mutable || how.mutable;
  return { ...how, mutable, ambient: before.ambient && how.ambient, ...(declares ? { declares } : {}) };
}

/** The text of the top-level statements that declare a name: several where functions are overloaded or interfaces merge. */
export function declarationOf(name: string, code: string): string | undefined {
  const { source } = readCell(code);
  const found = source.statements.filter((statement) =>
    declarations(statement).some(([declared]) => declared === name),
  );
  return found.length === 0 ? undefined : found.map((statement) => statement.getText(source)).join("\n");
}

function declarations(statement: ts.Statement): [string, Declared][] {
  const ambient = hasModifier(statement, ts.SyntaxKind.DeclareKeyword);
  const fixed = { mutable: false, ambient };
  if (ts.isVariableStatement(statement)) {
    const list = statement.declarationList;
    const mutable = isVar(list) || (list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Let;
    const how = { mutable, ambient, declares: "value", disposed: isUsing(list) } as const;
    return declaredNames(list).map((name) => [name, how]);
  }
  if (ts.isImportDeclaration(statement)) return imported(statement.importClause);
  if (ts.isExportDeclaration(statement)) return reexported(statement);
  if (ts.isModuleDeclaration(statement)) return ts.isIdentifier(statement.name) ? [[statement.name.text, fixed]] : [];
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isImportEqualsDeclaration(statement)
  ) {
    return statement.name ? [[statement.name.text, { ...fixed, declares: declaredBy(statement) }]] : [];
  }
  const names = varLists(statement).flatMap(declaredNames);
  return names.map((name) => [name, { mutable: true, ambient: false, declares: "value" }]);
}

function declaredBy(statement: ts.Statement): Meaning {
  if (ts.isFunctionDeclaration(statement)) return "value";
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) ? "type" : "both";
}

function imported(clause: ts.ImportClause | undefined): [string, Declared][] {
  if (!clause) return [];
  const allTypes = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const how = (typeOnly: boolean): Declared => ({ mutable: false, ambient: false, typeOnly });
  const names: [string, Declared][] = clause.name ? [[clause.name.text, how(allTypes)]] : [];
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) names.push([bindings.name.text, how(allTypes)]);
  else
    for (const { name, isTypeOnly } of bindings?.elements ?? []) names.push([name.text, how(allTypes || isTypeOnly)]);
  return names;
}

/** `export { a as b } from "x"` brings `b` into the notebook, as an import would. */
function reexported(statement: ts.ExportDeclaration): [string, Declared][] {
  const clause = statement.exportClause;
  if (!clause || !statement.moduleSpecifier) return [];
  const how = (typeOnly: boolean): Declared => ({ mutable: false, ambient: false, typeOnly });
  if (ts.isNamespaceExport(clause)) return [[clause.name.text, how(statement.isTypeOnly)]];
  return clause.elements
    .filter(({ name }) => name.text !== "default")
    .map(({ name, isTypeOnly }) => [name.text, how(statement.isTypeOnly || isTypeOnly)]);
}

function exportedNames({ exportClause }: ts.ExportDeclaration): string[] {
  if (!exportClause) return [];
  return ts.isNamespaceExport(exportClause)
    ? [exportClause.name.text]
    : exportClause.elements.map(({ name }) => name.text);
}

function mentions(source: ts.SourceFile): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.add(node.text);
    else if (ts.isPropertyAccessExpression(node)) visit(node.expression);
    else if (ts.isQualifiedName(node)) visit(node.left);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function hasModifier(statement: ts.Statement, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(statement) && !!statement.modifiers?.some((modifier) => modifier.kind === kind);
}
