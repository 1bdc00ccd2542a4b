import type { CellText } from "./names.js";

/** A name of the notebook: the latest cell that defined it, and how. */
export interface KnownName {
  readonly cell: number;
  /** let or var: assignment from other cells is legal. */
  readonly mutable: boolean;
  /** A type for something on `globalThis`, not a property of the scope. */
  readonly ambient: boolean;
}

/** What stands after the user's text so that the cell is a module among the notebook's modules. */
export interface Epilogue {
  readonly text: string;
  /** The part of it that brings earlier names into scope: one line. */
  readonly imports: string;
  /** The cells it refers to. */
  readonly uses: ReadonlySet<number>;
  /** Variables of earlier cells: not imported but declared, so that they may be assigned. */
  readonly variables: ReadonlySet<string>;
  readonly ambient: ReadonlySet<string>;
}

/**
 * Brings earlier names into a cell's scope and exports its own. It stands after the user's text, at whose offset 0 the cell
 * begins, so positions need no mapping.
 *
 * @param names which earlier names to bring in
 * @param always cells that must be in the program in any case
 */
export function epilogue(
  cell: CellText,
  known: ReadonlyMap<string, KnownName>,
  names: Iterable<string>,
  always: Iterable<number>,
): Epilogue {
  const uses = new Set<number>(always);
  const variables = new Set<string>();
  const ambient = new Set<string>();
  const parts = [...uses].map((from) => `import "./@cell-${from}";`);
  for (const name of names) {
    const found = cell.declared.has(name) ? undefined : known.get(name);
    if (!found) continue;
    const module = `"./@cell-${found.cell}"`;
    uses.add(found.cell);
    if (found.ambient) ambient.add(name);
    else if (found.mutable) variables.add(name);
    parts.push(
      found.mutable ? `declare let ${name}: typeof import(${module}).${name};` : `import { ${name} } from ${module};`,
    );
  }
  const exports = [...cell.declared.keys()].filter((name) => !cell.exported.has(name));
  const imports = parts.join("");
  return { text: `\nexport { ${exports.join(", ")} };${imports}`, imports, uses, variables, ambient };
}
