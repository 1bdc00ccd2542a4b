import {
  defaultsModule,
  defaultsName,
  type Flat,
  flatten,
  type ModuleNames,
  namespaceOf,
  notebookModule,
  notebookName,
} from "./flatten.js";

/** What a cell leaves behind. */
interface Part {
  readonly cell: number;
  /** As the cell's declarations came, and as they stand in a page. */
  readonly original: string;
  readonly text: string;
  /** The other modules that it names: `__m1`, by number. */
  readonly modules: readonly number[];
  /** Those of which it names the default export: `__nd.__d1`. */
  readonly defaults: readonly number[];
}

/** A module that parts take names from. */
interface Source {
  readonly number: number;
  readonly specifier: string;
  /** `import type`: its names are no values. */
  readonly typeOnly: boolean;
}

/** One of the modules that the parts are spread over. */
interface Page {
  readonly parts: Map<number, Part>;
  /** Cells that are modules of their own, see {@link flatten}. */
  readonly modules: Set<number>;
  made?: { readonly text: string; readonly starts: readonly (readonly [number, number])[] } | undefined;
}

/** A cell changes one page, and a page is all that has to be read anew. */
const pages = 32;

/**
 * What the cells have left behind, as modules: a namespace for each cell, spread over a fixed number of pages, and an index of
 * the pages, which is what cells import. Which files there are and what they import stays the same from cell to cell.
 */
export class Declarations {
  readonly #pages: readonly Page[] = Array.from({ length: pages }, () => ({ parts: new Map(), modules: new Set() }));
  /** They keep their numbers, so that the imports change as seldom as can be. */
  readonly #sources = new Map<string, Source>();
  /** The text of {@link defaultsModule}, as long as it holds. */
  #defaults: string | undefined;

  /** Takes a cell in; undefined if it has to be a module of its own. */
  keep(cell: number, declarations: string): Flat | undefined {
    this.delete(cell);
    const flat = flatten(cell, declarations, this.#names);
    if (flat === undefined) return undefined;
    const text = `export declare namespace ${namespaceOf(cell)} {\n${flat.body}\n}\n`;
    const [modules, defaults] = [numbers(text, /\b__m(\d+)\b/g), numbers(text, /\b__d(\d+)\b/g)];
    this.#pageOf(cell).parts.set(cell, { cell, original: declarations, text, modules, defaults });
    if (defaults.length > 0) this.#defaults = undefined;
    return flat;
  }

  /** What {@link keep} was given for a cell. */
  get(cell: number): string | undefined {
    return this.#pageOf(cell).parts.get(cell)?.original;
  }

  /** Refers to a cell that lies beside as a module. */
  refer(cell: number): void {
    this.delete(cell);
    this.#pageOf(cell).modules.add(cell);
  }

  delete(cell: number): void {
    const page = this.#pageOf(cell);
    page.made = undefined;
    if (page.parts.get(cell)?.defaults.length) this.#defaults = undefined;
    page.parts.delete(cell);
    page.modules.delete(cell);
  }

  /** The texts of all modules, by their names. */
  *modules(): Generator<readonly [name: string, text: string]> {
    const index = this.#pages.map((_, page) => `export * from "${notebookModule}-${page}";`).join("\n");
    yield [notebookModule, index];
    this.#defaults ??= this.#joinDefaults();
    yield [defaultsModule, this.#defaults];
    for (const [number, page] of this.#pages.entries()) yield [`${notebookModule}-${number}`, this.#made(page).text];
  }

  /** The cell whose declarations stand at an offset of a page. */
  cellAt(page: number, offset: number): number | undefined {
    const found = this.#pages[page];
    return found && this.#made(found).starts.findLast(([, start]) => start <= offset)?.[0];
  }

  readonly #names: ModuleNames = {
    whole: (specifier, typeOnly = false) => `__m${this.#number(specifier, typeOnly)}`,
    default: (specifier, typeOnly = false) => `${defaultsName}.__d${this.#number(specifier, typeOnly)}`,
  };

  #number(specifier: string, typeOnly: boolean): number {
    const key = `${typeOnly} ${specifier}`;
    const source = this.#sources.get(key) ?? { number: this.#sources.size + 1, specifier, typeOnly };
    this.#sources.set(key, source);
    return source.number;
  }

  #pageOf(cell: number): Page {
    return this.#pages[cell % pages] as Page;
  }

  #made(page: Page): NonNullable<Page["made"]> {
    page.made ??= this.#join(page);
    return page.made;
  }

  #joinDefaults(): string {
    const named = new Set(this.#pages.flatMap(({ parts }) => [...parts.values()].flatMap((part) => part.defaults)));
    const lines = this.#importsOf(named).map(
      ({ number, word, from }) => `export ${word}{ default as __d${number} } from ${from};`,
    );
    return ["export {};", ...lines].join("\n");
  }

  /** What statements say about the modules with these numbers. */
  #importsOf(named: ReadonlySet<number>): { number: number; word: string; from: string }[] {
    return [...this.#sources.values()]
      .filter(({ number }) => named.has(number))
      .map(({ number, specifier, typeOnly }) => {
        return { number, word: typeOnly ? "type " : "", from: JSON.stringify(specifier) };
      });
  }

  #join({ parts, modules }: Page): NonNullable<Page["made"]> {
    const all = [...parts.values()];
    const named = new Set(all.flatMap((part) => part.modules));
    const lines = ["export {};", `import * as ${notebookName} from "${notebookModule}";`];
    if (all.some((part) => part.defaults.length > 0))
      lines.push(`import * as ${defaultsName} from "${defaultsModule}";`);
    for (const { number, word, from } of this.#importsOf(named)) {
      lines.push(`import ${word}* as __m${number} from ${from};`);
    }
    for (const cell of modules) lines.push(`export * as ${namespaceOf(cell)} from "./@cell-${cell}";`);
    let text = `${lines.join("\n")}\n`;
    const starts: [number, number][] = [];
    for (const part of all) {
      starts.push([part.cell, text.length]);
      text += part.text;
    }
    return { text, starts };
  }
}

function numbers(text: string, pattern: RegExp): number[] {
  return [...new Set([...text.matchAll(pattern)].map(([, number]) => Number(number)))];
}
