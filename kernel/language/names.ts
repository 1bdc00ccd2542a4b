import ts from "typescript";
import { declaredNames, isVar, varLists } from "./references.js";

/** A name that a cell declares at its top level. */
export interface Declared {
  /** Declared with let or var: other cells may assign to it. */
  readonly mutable: boolean;
  /** `declare const x: …`: a type for something that is on `globalThis`; the cell makes no value. */
  readonly ambient: boolean;
  /** `import type`: no value, even if what is imported has one. */
  readonly typeOnly?: boolean;
}

/** What the text of a cell says about names. */
export interface CellText {
  readonly source: ts.SourceFile;
  readonly declared: ReadonlyMap<string, Declared>;
  /** Names that the user exported himself: a second export would be an error. */
  readonly exported: ReadonlySet<string>;
  /** All identifiers that may refer to a name; too many rather than too few. */
  readonly mentioned: ReadonlySet<string>;
  /** It changes types beyond itself (`declare global`, `declare module "x"`) and must stay in the program. */
  readonly augments: boolean;
  /** Its last statement is an expression: the cell has a result. */
  readonly hasResult: boolean;
}

/** Parses a cell and lists its names. */
export function readCell(code: string): CellText {
  const source = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  const declared = new Map<string, Declared>();
  const exported = new Set<string>();
  for (const statement of source.statements) {
    const names = declarations(statement);
    for (const [name, how] of names) if (!declared.has(name) || !how.ambient) declared.set(name, how);
    if (hasModifier(statement, ts.SyntaxKind.ExportKeyword) && !hasModifier(statement, ts.SyntaxKind.DefaultKeyword)) {
      for (const [name] of names) exported.add(name);
    }
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      for (const { name } of statement.exportClause.elements) exported.add(name.text);
    }
  }
  const last = source.statements.findLast((statement) => !ts.isEmptyStatement(statement));
  return {
    source,
    declared,
    exported,
    mentioned: mentions(source),
    augments: source.statements.some(isAugmentation),
    hasResult: !!last && (ts.isExpressionStatement(last) || ts.isExportAssignment(last)),
  };
}

/** The text of the top-level statements that declare a name: several where functions are overloaded or interfaces merge. */
export function declarationOf(name: string, code: string): string | undefined {
  const source = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
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
    return declaredNames(list).map((name) => [name, { mutable, ambient }]);
  }
  if (ts.isImportDeclaration(statement)) return imported(statement.importClause);
  if (ts.isModuleDeclaration(statement)) return ts.isIdentifier(statement.name) ? [[statement.name.text, fixed]] : [];
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isImportEqualsDeclaration(statement)
  ) {
    return statement.name ? [[statement.name.text, fixed]] : [];
  }
  const names = varLists(statement).flatMap(declaredNames);
  return names.map((name) => [name, { mutable: true, ambient: false }]);
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

function isAugmentation(statement: ts.Statement): boolean {
  return (
    ts.isModuleDeclaration(statement) &&
    (ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0)
  );
}

function hasModifier(statement: ts.Statement, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(statement) && !!statement.modifiers?.some((modifier) => modifier.kind === kind);
}
