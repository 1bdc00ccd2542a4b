import ts from "typescript";
import { namespaceOf, notebookModule, notebookName } from "./flatten.js";
import type { CellText, Declared, Meaning } from "./names.js";

/** A name of the notebook: the latest cell that defined it, and how. */
export interface KnownName {
  readonly cell: number;
  /** let or var: assignment from other cells is legal. */
  readonly mutable: boolean;
  /** A type for something on `globalThis`, not a property of the scope. */
  readonly ambient: boolean;
  readonly meaning: Meaning;
}

/** What stands after the user's text so that the cell is a module among the notebook's modules. */
export interface Epilogue {
  readonly text: string;
  /** The part of it that brings earlier names into scope: one line. */
  readonly imports: string;
  /** The cells it refers to. */
  readonly uses: ReadonlySet<number>;
  /** The earlier names that it brings in and that are in the scope. */
  readonly outer: ReadonlySet<string>;
  /** Names of which the cell declares only the type; the value, and whether it may be assigned, is an earlier cell's. */
  readonly companions: ReadonlyMap<string, boolean>;
}

/**
 * Brings earlier names into a cell's scope and exports its own. It stands after the user's text, at whose offset 0 the cell
 * begins, so positions need no mapping.
 *
 * @param names which earlier names to bring in
 */
export function epilogue(cell: CellText, known: ReadonlyMap<string, KnownName>, names: Iterable<string>): Epilogue {
  const uses = new Set<number>();
  const outer = new Set<string>();
  // In every cell, also if nothing is taken from it: the imports shall stay the same.
  const parts = [`import * as ${notebookName} from "${notebookModule}";`];
  const companions = new Map<string, boolean>();
  for (const name of new Set([...names, ...cell.declared.keys()])) {
    const found = known.get(name);
    const declared = cell.declared.get(name);
    if (!found || (declared && !joins(declared, found))) continue;
    const source = `${notebookName}.${namespaceOf(found.cell)}.${name}`;
    const isCompanion = declared?.declares === "type";
    const isVariable = found.mutable || isCompanion;
    const word = found.mutable ? "let" : "const";
    uses.add(found.cell);
    if (isCompanion) companions.set(name, found.mutable);
    if (!found.ambient) outer.add(name);
    // A name cannot be imported and declared: the type of a variable's name comes along as an alias.
    if (found.mutable && found.meaning === "both" && !declared) parts.push(`type ${name} = ${source};`);
    parts.push(isVariable ? `declare ${word} ${name}: typeof ${source};` : `import ${name} = ${source};`);
  }
  if (!cell.declared.has("require") && !known.has("require")) parts.push(requireTypes(cell));
  const exports = [...cell.declared].filter(([name, { disposed }]) => !disposed && !cell.exported.has(name));
  const imports = parts.join("");
  const text = `\nexport { ${exports.map(([name]) => name).join(", ")} };${imports}`;
  return { text, imports, uses, outer, companions };
}

/** A type joins an earlier value of its name, and a value an earlier type: `const User = …`, then `type User = …`. */
function joins({ declares, ambient }: Declared, known: KnownName): boolean {
  if (ambient || known.ambient) return false;
  return declares === "type" ? known.meaning !== "type" : declares === "value" && known.meaning === "type";
}

/** Gives the `require("x")` of a cell the types of x; Node's own types say `any`. */
function requireTypes({ source, mentioned }: CellText): string {
  if (!mentioned.has("require")) return "";
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "require") {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteralLike(specifier)) found.add(JSON.stringify(specifier.text));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (found.size === 0) return "";
  const calls = [...found].map((specifier) => `(id: ${specifier}): typeof import(${specifier});`);
  return `declare const require: { ${calls.join(" ")} } & NodeJS.Require;`;
}
