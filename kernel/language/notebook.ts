import type ts from "typescript";
import type { Checked } from "../threads.js";
import { halves } from "./augmentations.js";
import { type Counts, relevant, shownPath, toCellError, toDiagnostic, warnings } from "./diagnostics.js";
import { emitCell } from "./emit.js";
import { epilogue, type KnownName } from "./epilogue.js";
import { type Jsx, jsxOf, pragmas } from "./jsx.js";
import { leavesOf } from "./leaves.js";
import { LocalFiles, notesOn } from "./local-files.js";
import { type PlainCell, readMagics } from "./magics.js";
import { type CellText, declarationOf, readCell } from "./names.js";
import { syntaxErrors } from "./parse.js";
import { PendingCells } from "./pending.js";
import { type Cell, type Changes, needed, type SavedCell } from "./saved.js";
import { Service } from "./service.js";
import { CellSettings } from "./settings.js";
import { withoutCommands } from "./shell.js";
import { supersede } from "./supersede.js";

/** A cell that was read and not checked yet. */
interface ReadText {
  readonly plain: PlainCell;
  readonly text: CellText;
  readonly jsx: Jsx;
}

/** A text that is being written: its file, and where the text begins in it. */
export interface Scratch {
  readonly path: string;
  readonly shift: number;
}

/** The notebook as TypeScript sees it: the cell that is looked at, and what the cells before it left behind. */
export class Notebook {
  readonly service: Service;
  readonly #keeper: Service;
  readonly #local: LocalFiles;
  /** Packages without types that were spoken of. */
  readonly #noted = new Set<string>();
  readonly #known = new Map<string, KnownName>();
  readonly #cells = new Map<number, Cell>();
  readonly #pending = new PendingCells();
  /** Numbers of modules that are no cells' start above all that are. */
  #adopted = 2 ** 40;

  readonly #config: CellSettings;
  /** Names of `using` and the `In[n]` at whose end they were disposed of. */
  readonly #disposed = new Map<string, number>();
  #toldProblem: string | undefined;
  /** Node's types are loaded: no cell need be checked without them. */
  #isWarm = false;
  #looked: number | undefined;
  readonly #changed = new Set<number>();

  constructor(directory: string) {
    this.#config = new CellSettings(directory);
    this.service = new Service(directory, this.#config);
    this.#keeper = new Service(directory, this.#config);
    this.#local = new LocalFiles((path) => this.service.version(path));
  }

  /** Checks a cell's types and emits its JavaScript. Its names count from {@link commit} on. */
  check(number: number, count: number, code: string): Checked {
    const plain = this.plain(code);
    const jsx = jsxOf(plain.text, this.#config.current.jsx);
    const text = readCell(plain.text, jsx, this.#config.current.factories);
    const unreadable = [...plain.problems.map(toDiagnostic), ...relevant(syntaxErrors(text.source), code)];
    if (unreadable.length > 0) return this.#refuse(unreadable, code, count);
    // Only for the check: the cell may fail it, or be stopped before it runs.
    const { undo } = supersede(text.augmentations, number, this.#cells, this.service);
    try {
      return this.#examine(number, count, code, { plain, text, jsx });
    } finally {
      undo();
    }
  }

  #examine(number: number, count: number, code: string, { plain, text, jsx }: ReadText): Checked {
    const wanted = plain.calls.some(({ name }) => name === "who") ? this.#known.keys() : text.mentioned;
    const tail = epilogue(text, this.#known, wanted);
    this.#looked = undefined;
    const { module, script } = halves(plain.text, text.augmentations, (name) => this.service.hasTypes(name));
    const path = this.service.set(module + tail.text, jsx, script);
    const { file, diagnostics } = this.#diagnose(code);
    const { program } = this.service;
    const errors = [...relevant(diagnostics, code), ...this.#local.problems(program, file)];
    if (errors.length > 0) return this.#refuse(errors, code, count);
    this.#cells.set(number, { count, code, uses: tail.uses, augmentations: text.augmentations });
    const disposed = [...text.declared].filter(([, how]) => how.disposed).map(([name]) => name);
    const names = leavesOf(text, tail.companions, program.getTypeChecker(), file);
    const extension = jsx === "none" ? ".ts" : ".tsx";
    this.#pending.set(number, { names, disposed, left: { text: module + tail.text, extension, script } });
    this.#looked = number;
    const emitted = emitCell({ path, number, count, code, text, tail, plain, known: this.#known.keys() }, this.service);
    const notes = [...this.#problem(), ...warnings(diagnostics, code, count), ...notesOn(diagnostics, this.#noted)];
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
    for (const [name, { mutable, ambient, meaning, runs }] of pending.names) {
      if (runs && !ambient && !defined.includes(name)) continue;
      this.#known.set(name, { cell: number, mutable, ambient, meaning });
      this.#disposed.delete(name);
    }
    this.#changed.add(number);
    const cell = this.#cells.get(number);
    const superseded = supersede(cell?.augmentations ?? [], number, this.#cells, this.service);
    for (const earlier of superseded.changed) this.#changed.add(earlier);
    for (const name of pending.disposed) this.#disposed.set(name, cell?.count ?? 0);
    if (cell) this.#cells.set(number, { ...cell, uses: this.service.keep(number, pending.left) ?? cell.uses });
    this.#sweep();
  }

  /** What changed since the last call, for whoever starts another language thread after the death of this one. */
  changes(): Changes {
    const kept = [...this.#changed].flatMap((number): SavedCell[] => {
      const [cell, left] = [this.#cells.get(number), this.service.leftBehind(number)];
      const names = [...this.#known].filter(([, known]) => known.cell === number);
      return cell && left ? [{ number, cell, left, names }] : [];
    });
    const dropped = [...this.#changed].filter((number) => !this.#cells.has(number));
    this.#changed.clear();
    return { kept, dropped };
  }

  /** Takes over from a notebook whose thread died. */
  restore(saved: readonly SavedCell[]): void {
    // What the cells left behind may speak of Node's types.
    this.#isWarm ||= saved.length > 0;
    for (const { number, cell, left, names } of saved) {
      this.#cells.set(number, cell);
      this.service.keep(number, left);
      this.#adopted = Math.max(this.#adopted, number);
      for (const [name, known] of names) this.#known.set(name, known);
    }
  }

  /** A name that no cell declares: the debugger gave it a value, of whatever type. */
  adopt(name: string): void {
    this.#adopted += 1;
    this.check(this.#adopted, 0, `var ${name}: any;`);
    this.summarise();
    this.commit(this.#adopted, [name]);
  }

  /**
   * Writes the cell that was checked last down as declarations, if they tell all there is to know. Later cells read them
   * faster than its text, whose types would have to be inferred again for each. To be called while the cell runs.
   */
  summarise(): void {
    const number = this.#looked;
    const pending = number === undefined ? undefined : this.#pending.get(number);
    if (number === undefined || !pending || this.#cells.get(number)?.augmentations.length !== 0) return;
    const { languageService, current } = this.service;
    const { emitSkipped, outputFiles } = languageService.getEmitOutput(current, true, true);
    const text = outputFiles.find(({ name }) => name.endsWith(".d.ts"))?.text;
    if (!emitSkipped && text !== undefined) pending.left = { text, extension: ".d.ts" };
  }

  /** The TypeScript of a cell and its magics. */
  plain(code: string): PlainCell {
    return readMagics(code, (name) => this.#known.has(name));
  }

  /**
   * Puts a text that is being written into the program. Earlier names, those of cells that still run too, come before it: it
   * may end in the middle of anything, which must not swallow what follows.
   *
   * @param wanted which earlier names it needs; those that it mentions if not given
   */
  scratch(code: string, wanted?: Iterable<string>): Scratch {
    const jsx = jsxOf(code, this.#config.current.jsx);
    const text = readCell(code, jsx, this.#config.current.factories);
    for (const [number, { left }] of this.#pending) {
      if (this.service.leftBehind(number) === undefined) this.service.keep(number, left);
    }
    const { imports } = epilogue(text, this.#after, wanted ?? text.mentioned);
    const before = `${pragmas(code)}${imports}\n`;
    this.service.isBare = false;
    this.#looked = undefined;
    return { path: this.service.set(before + code, jsx), shift: before.length };
  }

  /** The names that a cell written now would see. */
  get names(): Iterable<string> {
    return this.#after.keys();
  }

  get #after(): ReadonlyMap<string, KnownName> {
    return this.#pending.namesAfter(this.#known);
  }

  /** The statement that declares a name of the notebook. */
  sourceOf(name: string): string | undefined {
    const known = this.#after.get(name);
    const code = known && this.#cells.get(known.cell)?.code;
    return code === undefined ? undefined : declarationOf(name, code);
  }

  /** A cell's file as the user knows it: `In[3]`; other files as {@link shownPath} writes them. */
  nameOf(path: string, offset: number): string {
    const count = this.#counts.at(path, offset);
    if (count !== undefined) return `In[${count}]`;
    return path === this.service.current ? "this cell" : shownPath(path);
  }

  /**
   * Loads what cells use, so that they find it there: the language's own types, Node's, Nabla's, and the checker as a whole.
   * Between the steps the thread may answer. A second program keeps what is loaded: TypeScript forgets the files that the
   * latest cell did not need.
   */
  *warm(): Generator<void> {
    this.#keeper.isBare = true;
    for (const code of ["1", "Object.keys(process);", 'import * as nabla from "nabla"; Object.keys(nabla);']) {
      const path = this.#keeper.set(code);
      this.#keeper.program.getTypeChecker();
      yield;
      this.#keeper.program.getSemanticDiagnostics(this.#keeper.program.getSourceFile(path));
      this.#keeper.emit(path);
      this.#isWarm = !this.#keeper.isBare;
      this.#keeper.isBare = false;
      yield;
    }
  }

  /**
   * What TypeScript has against a cell. As long as Node's types are not loaded, the language's own must do: a cell in which
   * nothing is wrong by these does not use others.
   */
  #diagnose(code: string): { file: ts.SourceFile; diagnostics: ts.Diagnostic[] } {
    this.service.isBare = !this.#isWarm && !/\b(?:import|declare|require|globalThis)\b|@ts-/.test(code);
    const { file, diagnostics } = this.service.diagnose();
    if (this.service.isBare && relevant(diagnostics, code).length === 0) return { file, diagnostics };
    // From now on they are there, and what this cell leaves behind may speak of them: without them it would be `any`.
    this.#isWarm = true;
    return this.service.isBare ? this.#diagnose(code) : { file, diagnostics };
  }

  #refuse(diagnostics: readonly ts.Diagnostic[], code: string, count: number): Checked {
    const gone = (name: string): string | undefined => {
      const cell = this.#disposed.get(name);
      return cell === undefined
        ? undefined
        : `\`using ${name}\` was disposed of at the end of In[${cell}]: \`const\` keeps it.`;
    };
    return { ok: false, error: toCellError(withoutCommands(diagnostics, code), code, count, this.#counts, gone) };
  }

  /** A notebook hears once that its settings do not count. */
  #problem(): string[] {
    const { problem } = this.#config.current;
    const isNew = problem !== this.#toldProblem;
    this.#toldProblem = problem;
    return isNew && problem !== undefined ? [problem] : [];
  }

  readonly #counts: Counts = {
    of: (cell) => this.#cells.get(cell)?.count,
    at: (path, offset) => this.#cells.get(this.service.cellAt(path, offset) ?? Number.NaN)?.count,
  };

  #reset(kept: number): void {
    this.#known.clear();
    this.#disposed.clear();
    // Types of the cell that is kept may come from older ones: only the sweep knows.
    for (const [number, cell] of this.#cells) {
      if (number === kept) continue;
      this.#cells.set(number, { ...cell, augmentations: [] });
      this.#changed.add(number);
    }
  }

  /** Forgets the cells that no name comes from any more, so that the program stays small. */
  #sweep(): void {
    const named = [...this.#known.values()].map(({ cell }) => cell);
    const kept = needed([...named, ...this.#pending.keys()], this.#cells);
    for (const number of this.#cells.keys()) {
      if (kept.has(number)) continue;
      this.#changed.add(number);
      this.#cells.delete(number);
      this.service.delete(number);
    }
  }
}
