import ts from "typescript";

/** What a cell's declarations become: the body of a namespace in one of the notebook's modules. */
export interface Flat {
  readonly body: string;
  /** The cells that it refers to. */
  readonly uses: ReadonlySet<number>;
}

/** The names by which the notebook's module calls other modules. */
export interface ModuleNames {
  /** `__m1`, of `import * as __m1 from "nabla"`, or of `import type` where no value may be taken from it. */
  whole(specifier: string, typeOnly?: boolean): string;
  /** `__nd.__d1`, of `export { default as __d1 } from "nabla"`: no alias may be called `default`. */
  default(specifier: string, typeOnly?: boolean): string;
}

/** The module of what cells left behind, as later cells import it. */
export const notebookModule = "./@notebook";

/** What a cell calls that module. */
export const notebookName = "__nb";

/**
 * The module of other modules' default exports, and what pages call it. Cells do not import it: TypeScript would show a type
 * by a name of ours from there, instead of the name that a cell gave it.
 */
export const [defaultsModule, defaultsName] = [`${notebookModule}-defaults`, "__nd"];

/** The namespace of a cell in that module. */
export function namespaceOf(cell: number): string {
  return `__c${cell}`;
}

/** What only this thread sees of how cells hang together, to be taken out of texts for people: `__nb.__c3.`. */
export const plumbing =
  /(?:typeof )?import\("[^"]*@(?:notebook(?:-\w+)?|cell(?:-\d+)?)"\)\.(?:__c\d+\.)?|(?:__nb\.)?\b__c\d+\./g;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Turns a cell's declarations (a module, as TypeScript emits it) into the body of a namespace. Why: a program whose files
 * and module references stay the same is made anew in a fraction of the time (`tryReuseStructureFromOldProgram`), and
 * all cells together are then one file.
 *
 * @returns undefined for what only a module can say: augmentations, `export *`, `import x = require(…)`, `export =`
 */
export function flatten(cell: number, declarations: string, names: ModuleNames): Flat | undefined {
  const source = ts.createSourceFile("cell.d.ts", declarations, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
  if (source.referencedFiles.length + source.typeReferenceDirectives.length > 0) return undefined;
  const edits: Edit[] = [];
  for (const statement of source.statements) {
    const text = replacement(statement, cell, names);
    if (text === undefined) return undefined;
    if (text !== keep) edits.push({ start: statement.getStart(source), end: statement.end, text });
    else collect(statement, source, names, edits);
  }
  const body = applied(declarations, edits);
  const uses = new Set([...body.matchAll(/\b__c(\d+)\./g)].map(([, used]) => Number(used)));
  uses.delete(cell);
  return { body, uses };
}

const keep = Symbol("keep");

/** What a statement becomes; undefined if it cannot stand in a namespace. */
function replacement(statement: ts.Statement, cell: number, names: ModuleNames): string | typeof keep | undefined {
  if (ts.isImportDeclaration(statement)) return aliases(statement, names);
  if (ts.isImportEqualsDeclaration(statement)) return alias(statement);
  if (ts.isExportDeclaration(statement)) return renamed(statement, cell);
  if (ts.isExportAssignment(statement)) return statement.isExportEquals ? undefined : "";
  if (ts.isModuleDeclaration(statement) && !ts.isIdentifier(statement.name)) return undefined;
  if (ts.isModuleDeclaration(statement) && (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0) return undefined;
  return keep;
}

/** `import d, { a as b } from "m"` → `export import d = __m1.default; export import b = __m1.a;` */
function aliases({ importClause, moduleSpecifier, attributes }: ts.ImportDeclaration, names: ModuleNames) {
  if (attributes !== undefined || !ts.isStringLiteral(moduleSpecifier)) return undefined;
  const { text } = moduleSpecifier;
  if (text === notebookModule || importClause === undefined) return "";
  const made: string[] = [];
  const { name, namedBindings, phaseModifier } = importClause;
  const allTypes = phaseModifier === ts.SyntaxKind.TypeKeyword;
  // A cell has no default export: nothing imports it.
  if (name) made.push(`export import ${name.text} = ${names.default(text, allTypes)};`);
  if (namedBindings && ts.isNamespaceImport(namedBindings)) {
    made.push(`export import ${namedBindings.name.text} = ${names.whole(text, allTypes)};`);
  } else {
    for (const { name: local, propertyName, isTypeOnly } of namedBindings?.elements ?? []) {
      const imported = propertyName ?? local;
      if (!ts.isIdentifier(imported)) return undefined;
      const typeOnly = allTypes || isTypeOnly;
      const from =
        imported.text === "default" ? names.default(text, typeOnly) : `${names.whole(text, typeOnly)}.${imported.text}`;
      made.push(`export import ${local.text} = ${from};`);
    }
  }
  return made.join(" ");
}

/** `import A = __nb.__c3.A` → `export import A = __nb.__c3.A` */
function alias({ moduleReference, name }: ts.ImportEqualsDeclaration): string | undefined {
  if (ts.isExternalModuleReference(moduleReference)) return undefined;
  return `export import ${name.text} = ${moduleReference.getText()};`;
}

/** Names of the cell are exported in any case; `export { a as b }` adds one. */
function renamed({ exportClause, moduleSpecifier }: ts.ExportDeclaration, cell: number): string | undefined {
  if (moduleSpecifier !== undefined || exportClause === undefined || !ts.isNamedExports(exportClause)) return undefined;
  const made: string[] = [];
  for (const { name, propertyName } of exportClause.elements) {
    if (propertyName === undefined || name.text === propertyName.text || name.text === "default") continue;
    if (!ts.isIdentifier(name) || !ts.isIdentifier(propertyName)) return undefined;
    made.push(`export import ${name.text} = ${notebookName}.${namespaceOf(cell)}.${propertyName.text};`);
  }
  return made.join(" ");
}

/** Rewrites what in a declaration names other modules: `import("./@notebook").__c3.T` → `__nb.__c3.T`, `import("m").T` → `__m1.T`. */
function collect(node: ts.Node, source: ts.SourceFile, names: ModuleNames, edits: Edit[]): void {
  if (ts.isImportTypeNode(node) && node.qualifier && !node.attributes) {
    const argument = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
    if (argument && ts.isStringLiteral(argument)) {
      const start = node.getStart(source);
      const prefix = node.isTypeOf ? "typeof " : "";
      const text = prefix + target(argument.text, node.qualifier.getText(source), names);
      edits.push({ start, end: node.qualifier.end, text });
      for (const inner of node.typeArguments ?? []) collect(inner, source, names, edits);
      return;
    }
  }
  ts.forEachChild(node, (child) => collect(child, source, names, edits));
}

function target(specifier: string, name: string, names: ModuleNames): string {
  if (specifier === defaultsModule) return `${defaultsName}.${name}`;
  const inside = /^\.\/@(?:notebook(?:-\d+)?|cell-(\d+))$/.exec(specifier);
  if (inside) return [notebookName, ...(inside[1] ? [namespaceOf(Number(inside[1]))] : []), name].join(".");
  return /^default\b/.test(name)
    ? name.replace("default", names.default(specifier))
    : `${names.whole(specifier)}.${name}`;
}

function applied(text: string, edits: readonly Edit[]): string {
  let made = "";
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    made += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return made + text.slice(at);
}
