import ts from "typescript";
import { packageName, typesPackage } from "../modules/specifier.js";
import type { Checked, EmittedCell } from "../threads.js";
import { type CountOf, relevant, toCellError, toDiagnostic } from "./diagnostics.js";
import { type Epilogue, epilogue, type KnownName } from "./epilogue.js";
import { LocalFiles, untyped } from "./local-files.js";
import { magicTransformers } from "./magic-calls.js";
import { type PlainCell, readMagics } from "./magics.js";
import { type CellText, type Declared, declarationOf, readCell } from "./names.js";
import { syntaxErrors } from "./parse.js";
import { rewriteCell } from "./rewrite.js";
import { Service } from "./service.js";
import { typesOf } from "./types-of.js";

interface Cell {
  readonly count: number;
  readonly code: string;
  readonly uses: ReadonlySet<number>;
  readonly augments: boolean;
}

/** A name of a checked cell; type-only names need no value to be kept. */
interface CheckedName extends Declared {
  readonly hasValue: boolean;
}

/** A cell that was checked and whose end is not known yet. */
interface Pending {
  readonly names: ReadonlyMap<string, CheckedName>;
  declarations?: string;
}

/** A text that is being written: its file, and where the text begins in it. */
export interface Scratch {
  readonly path: string;
  readonly shift: number;
}

/** More cells than ever run at once. */
const mostPending = 32;

/** The notebook as TypeScript sees it: one module a cell, and the names that the cells leave behind. */
export class Notebook {
  readonly service: Service;
  readonly #keeper: Service;
  readonly #local: LocalFiles;
  /** Packages without types that were spoken of. */
  readonly #noted = new Set<string>();
  readonly #known = new Map<string, KnownName>();
  readonly #cells = new Map<number, Cell>();
  /** By number, oldest first: cells of subshells are checked while others run. */
  readonly #pending = new Map<number, Pending>();
  /** Numbers of modules that are no cells' start above all that are. */
  #adopted = 2 ** 40;

  constructor(directory: string) {
    this.service = new Service(directory);
    this.#keeper = new Service(directory);
    this.#local = new LocalFiles((path) => this.service.version(path));
  }

  /** Checks a cell's types and emits its JavaScript. Its names count from {@link commit} on. */
  check(number: number, count: number, code: string): Checked {
    const plain = this.plain(code);
    const text = readCell(plain.text);
    const unreadable = [...plain.problems.map(toDiagnostic), ...relevant(syntaxErrors(text.source), code)];
    if (unreadable.length > 0) return { ok: false, error: toCellError(unreadable, code, count, this.#countOf) };
    const wanted = plain.calls.some(({ name }) => name === "who") ? this.#known.keys() : text.mentioned;
    const tail = epilogue(text, this.#known, wanted, this.#augmenting());
    const path = this.service.set(number, plain.text + tail.text);
    const { program } = this.service;
    const file = program.getSourceFile(path);
    if (!file) throw new Error(`language: expected ${path} in the program, got nothing`);
    const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    const errors = [...relevant(diagnostics, code), ...this.#local.problems(program, file)];
    if (errors.length > 0) {
      this.service.delete(number);
      return { ok: false, error: toCellError(errors, code, count, this.#countOf) };
    }
    this.#cells.set(number, { count, code, uses: tail.uses, augments: text.augments });
    this.#pending.set(number, { names: valued(text, program.getTypeChecker(), file) });
    // Those that were stopped before they ran are never committed.
    if (this.#pending.size > mostPending) this.#pending.delete(this.#pending.keys().next().value as number);
    const emitted = this.#emit(path, number, count, code, text, tail, plain);
    const notes = this.#notes(diagnostics);
    return { ok: true, emitted: notes.length > 0 ? { ...emitted, notes } : emitted };
  }

  /**
   * The cell ran. Its types count from now on, and those of its values that were defined.
   *
   * @param reset it forgot all names from before (`%reset`)
   */
  commit(number: number, defined: readonly string[], reset = false): void {
    const pending = this.#pending.get(number);
    if (!pending) return;
    this.#pending.delete(number);
    if (reset) this.#reset(number);
    for (const [name, { mutable, ambient, hasValue }] of pending.names) {
      if (!hasValue || ambient || defined.includes(name)) this.#known.set(name, { cell: number, mutable, ambient });
    }
    const { declarations } = pending;
    const cell = this.#cells.get(number);
    if (cell && declarations !== undefined) {
      this.service.declare(number, declarations);
      const uses = [...declarations.matchAll(/"\.\/@cell-(\d+)"/g)].map(([, used]) => Number(used));
      this.#cells.set(number, { ...cell, uses: new Set(uses) });
    }
    this.#sweep();
  }

  /** A name that no cell declares: the debugger gave it a value, of whatever type. */
  adopt(name: string): void {
    this.#adopted += 1;
    this.check(this.#adopted, 0, `var ${name}: any;`);
    this.commit(this.#adopted, [name]);
  }

  /**
   * Writes the cell that was checked last down as declarations, if they tell all there is to know. Later cells read them
   * faster than its text, whose types would have to be inferred again for each. To be called while the cell runs.
   */
  summarise(): void {
    const [number, pending] = [...this.#pending].at(-1) ?? [];
    if (number === undefined || !pending || this.#cells.get(number)?.augments) return;
    const path = this.service.path(number);
    const { emitSkipped, outputFiles } = this.service.languageService.getEmitOutput(path, true, true);
    const text = outputFiles.find(({ name }) => name.endsWith(".d.ts"))?.text;
    if (!emitSkipped && text !== undefined) pending.declarations = text;
  }

  /** The TypeScript of a cell and its magics. */
  plain(code: string): PlainCell {
    return readMagics(code, (name) => this.#known.has(name));
  }

  /**
   * Puts a text that is being written into the program. Earlier names come before it: it may end in the middle of anything,
   * which must not swallow what follows.
   *
   * @param wanted which earlier names it needs; those that it mentions if not given
   */
  scratch(code: string, wanted?: Iterable<string>): Scratch {
    const text = readCell(code);
    const { imports } = epilogue(text, this.#known, wanted ?? text.mentioned, this.#augmenting());
    return { path: this.service.set("scratch", `${imports}\n${code}`), shift: imports.length + 1 };
  }

  /** The names that a cell written now would see. */
  get names(): Iterable<string> {
    return this.#known.keys();
  }

  /** The statement that declares a name of the notebook. */
  sourceOf(name: string): string | undefined {
    const known = this.#known.get(name);
    const code = known && this.#cells.get(known.cell)?.code;
    return code === undefined ? undefined : declarationOf(name, code);
  }

  /** A cell's file as the user knows it: `In[3]`; other files below `node_modules` without what is above. */
  nameOf(path: string): string {
    const count = this.#countOf(path);
    if (count !== undefined) return `In[${count}]`;
    return path === this.service.path("scratch") ? "this cell" : path.replace(/^.*\/node_modules\//, "");
  }

  /**
   * Loads what cells use (the standard library's types, Node's, Nabla's), so that the first cell is quick. A second program
   * keeps them: TypeScript forgets the files that the latest cell did not need.
   */
  warm(): void {
    const cell = 'import * as nabla from "nabla"; Object.keys(nabla);';
    this.#keeper.set(0, cell);
    this.#keeper.program.getTypeChecker();
    this.check(0, 0, cell);
    this.#pending.clear();
    this.#sweep();
  }

  #emit(
    path: string,
    cell: number,
    count: number,
    code: string,
    text: CellText,
    tail: Epilogue,
    { calls }: PlainCell,
  ): EmittedCell {
    const names = [...this.#known.keys(), ...text.declared.keys()];
    const types = calls.some(({ name }) => name === "who") ? typesOf(names, this.service.program, path) : {};
    const transformers = calls.length > 0 ? magicTransformers(calls, { code, types }) : undefined;
    const emitted = this.service.emit(path, transformers);
    const module = { ...emitted, js: emitted.js.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n") };
    const own = [...text.declared].filter(([, { ambient }]) => !ambient).map(([name]) => name);
    const { js, map } = rewriteCell(module, {
      own: new Set(own),
      outer: tail.variables,
      ambient: tail.ambient,
      isCell: (specifier) => specifier.startsWith("./@cell-"),
      result: text.hasResult,
    });
    return { cell, count, js, map, code };
  }

  /** What the user should know once about the packages of a cell. */
  #notes(diagnostics: readonly ts.Diagnostic[]): string[] {
    const fresh = [...new Set(untyped(diagnostics).map(packageName))].filter((name) => !this.#noted.has(name));
    return fresh.map((name) => {
      this.#noted.add(name);
      const way = `If it has types apart: %npm install -D ${typesPackage(name)}`;
      return `"${name}" comes without types: all that it exports is any. ${way}`;
    });
  }

  readonly #countOf: CountOf = (path) => {
    const number = /@cell-(\d+)(?:\.d)?\.ts$/.exec(path)?.[1];
    return number === undefined ? undefined : this.#cells.get(Number(number))?.count;
  };

  #augmenting(): number[] {
    return [...this.#cells].filter(([, { augments }]) => augments).map(([number]) => number);
  }

  #reset(kept: number): void {
    this.#known.clear();
    // Types of the cell that is kept may come from older ones: only the sweep knows.
    for (const [number, cell] of this.#cells)
      if (number !== kept) this.#cells.set(number, { ...cell, augments: false });
  }

  /** Forgets the cells that no name comes from any more, so that the program stays small. */
  #sweep(): void {
    const kept = new Set<number>();
    const keep = (number: number): void => {
      if (kept.has(number)) return;
      kept.add(number);
      for (const used of this.#cells.get(number)?.uses ?? []) keep(used);
    };
    for (const { cell } of this.#known.values()) keep(cell);
    for (const number of this.#augmenting()) keep(number);
    for (const number of this.#pending.keys()) keep(number);
    for (const number of this.#cells.keys()) {
      if (kept.has(number)) continue;
      this.#cells.delete(number);
      this.service.delete(number);
    }
  }
}

function valued(text: CellText, checker: ts.TypeChecker, file: ts.SourceFile): Map<string, CheckedName> {
  const module = checker.getSymbolAtLocation(file);
  const exports = module ? checker.getExportsOfModule(module) : [];
  const values = new Set(exports.filter((symbol) => isValue(symbol, checker)).map(({ name }) => name));
  return new Map(
    [...text.declared].map(([name, how]) => [name, { ...how, hasValue: !how.typeOnly && values.has(name) }]),
  );
}

function isValue(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  // An untyped package has no flags of its own, but it is a value.
  return (target.flags & ts.SymbolFlags.Value) !== 0 || checker.isUnknownSymbol(target);
}
