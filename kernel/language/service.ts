import ts = require("typescript");

import { isBuiltin } from "../modules/specifier.js";
import { Declarations } from "./declarations.js";
import { Disk } from "./disk.js";
import { createDocuments } from "./documents.js";
import { notebookModule } from "./flatten.js";
import { globals } from "./globals.js";
import { type Jsx, jsxEmit } from "./jsx.js";
import { isSettled, packageRoot, Resolver, slashes } from "./resolver.js";
import type { CellExtension, LeftBehind } from "./saved.js";
import { type CellSettings, defaults } from "./settings.js";
import { libraryPath } from "./standard-library.js";

const globalsPath = `${packageRoot}/dist/@globals.d.ts`;

/** Parsed declaration files, shared by all programs of this process. Doc comments are parsed when asked for: see jsdoc.ts. */
const jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
const documents = createDocuments(isSettled, jsDocParsingMode);

const disk = new Disk(isSettled);

/** Of cells that are modules. */
const extensions: readonly CellExtension[] = [".d.ts", ".tsx", ".ts"];

/** What TypeScript asks of its surroundings. */
type Host = ts.LanguageServiceHost &
  ts.ModuleResolutionHost & {
    getModuleResolutionCache(): ts.ModuleResolutionCache;
    hasInvalidatedResolutions(): boolean;
    resolveLibrary(
      name: string,
      from: string,
      options: ts.CompilerOptions,
      file: string,
    ): { resolvedModule: ts.ResolvedModuleFull | undefined };
  };

/** One incremental TypeScript program: the notebook in memory, everything else from the disk. */
export class Service {
  readonly languageService: ts.LanguageService;
  readonly #host: Host;
  readonly #directory: string;
  readonly #cells = new Map([[globalsPath, { text: globals, version: "0" }]]);
  readonly #resolver: Resolver;
  readonly #cache: ts.ModuleResolutionCache;
  readonly #config: CellSettings;
  #options = defaults;
  #roots: string[] = [];
  #current = "";
  readonly #declarations = new Declarations();
  /** Counted over all services: the parsed files that they share are told apart by path and version. */
  static #version = 0;

  /** Counts what is to be looked at: until it changes TypeScript need not look whether any file has. */
  #looks = 0;
  #isBare = false;
  /** Were packages installed since the last program? Then imports of files that did not change may mean others, too. */
  #installed = false;

  /** `directory`: the notebook's folder, from which imports resolve. */
  constructor(directory: string, config: CellSettings) {
    this.#directory = slashes(directory);
    this.#resolver = new Resolver(this.#directory, defaults, (path) => this.#cells.has(path));
    // Without it the manifest of a package is parsed again for each of its files.
    this.#cache = ts.createModuleResolutionCache(this.#directory, (name) => name, defaults);
    this.#config = config;
    this.#host = this.#makeHost();
    this.languageService = ts.createLanguageService(this.#host, documents);
  }

  /**
   * Writes the text that is looked at, always in the same place: TypeScript makes a program with the same roots and imports
   * anew in a fraction of the time. Returns its path.
   *
   * @param script modules that it declares; only a script can say them
   */
  set(text: string, jsx: Jsx = "none", script = ""): string {
    const path = `${this.#directory}/@cell${jsx === "none" ? ".ts" : ".tsx"}`;
    this.#choose(jsx);
    if (this.#resolver.refresh()) {
      disk.forget();
      this.#cache.clear();
      this.#installed = true;
    }
    this.#put(path, text);
    for (const [name, page] of this.#declarations.modules()) this.#put(this.#pageOf(name), page);
    if (path !== this.#current) this.#cells.delete(this.#current);
    this.#current = path;
    this.#putScript(this.#scriptOf(""), script);
    const scripts = [...this.#cells.keys()].filter((name) => name.startsWith(`${this.#directory}/@cell-modules`));
    this.#roots = [globalsPath, ...scripts, path];
    this.#looks += 1;
    return path;
  }

  /** Is there a module of that name, and are its types known? */
  hasTypes(name: string): boolean {
    if (isBuiltin(name)) return true;
    const from = `${this.#directory}/@cell.ts`;
    const { resolvedModule } = this.#resolver.resolve(name, from, this.#host, undefined, ts.ModuleKind.ESNext);
    return resolvedModule !== undefined && !/^\.[cm]?jsx?$/.test(resolvedModule.extension);
  }

  /** Leaves out the types of Node and of `tsconfig.json`'s `types`, which take long to load. */
  get isBare(): boolean {
    return this.#isBare;
  }

  set isBare(bare: boolean) {
    if (bare !== this.#isBare) this.#looks += 1;
    this.#isBare = bare;
  }

  /** The path of the text that is looked at. */
  get current(): string {
    return this.#current;
  }

  /** Keeps what a cell left behind, in the form that costs least; gives the cells that it refers to, if that tells. */
  keep(cell: number, { text, extension, script = "" }: LeftBehind): ReadonlySet<number> | undefined {
    this.delete(cell);
    this.#putScript(this.#scriptOf(`-${cell}`), script);
    const flat = extension === ".d.ts" ? this.#declarations.keep(cell, text) : undefined;
    if (flat !== undefined) return flat.uses;
    this.#declarations.refer(cell);
    this.#put(this.#pathOf(cell, extension), text);
    return undefined;
  }

  /** What {@link keep} was given, as it stands now. */
  leftBehind(cell: number): LeftBehind | undefined {
    const declarations = this.#declarations.get(cell);
    if (declarations !== undefined) return { text: declarations, extension: ".d.ts" };
    const extension = this.#extensionOf(cell);
    const text = extension && this.#cells.get(this.#pathOf(cell, extension))?.text;
    const script = this.#cells.get(this.#scriptOf(`-${cell}`))?.text;
    if (extension === undefined || text === undefined) return undefined;
    return { text, extension, ...(script !== undefined && { script }) };
  }

  /** The cell that stands at an offset of a file. */
  cellAt(path: string, offset: number): number | undefined {
    const page = /\/@notebook-(\d+)\.d\.ts$/.exec(path)?.[1];
    if (page !== undefined) return this.#declarations.cellAt(Number(page), offset);
    const cell = /\/@cell-(\d+)(?:\.d)?\.tsx?$/.exec(path)?.[1];
    return cell === undefined ? undefined : Number(cell);
  }

  /** Changes the text of a cell that is a module, and of the modules that it declares. Gives what undoes that. */
  edit(cell: number, change: (text: string) => string): () => void {
    const extension = this.#extensionOf(cell);
    const paths = [...(extension ? [this.#pathOf(cell, extension)] : []), this.#scriptOf(`-${cell}`)];
    const before = paths.flatMap((path) => {
      const text = this.#cells.get(path)?.text;
      return text === undefined ? [] : ([[path, text]] as const);
    });
    for (const [path, text] of before) this.#put(path, change(text));
    return () => {
      for (const [path, text] of before) this.#put(path, text);
    };
  }

  delete(cell: number): void {
    this.#declarations.delete(cell);
    for (const extension of extensions) this.#cells.delete(this.#pathOf(cell, extension));
    this.#cells.delete(this.#scriptOf(`-${cell}`));
  }

  #put(path: string, text: string): void {
    if (this.#cells.get(path)?.text === text) return;
    Service.#version += 1;
    this.#cells.set(path, { text, version: String(Service.#version) });
  }

  #putScript(path: string, text: string): void {
    if (text === "") this.#cells.delete(path);
    else this.#put(path, text);
  }

  #scriptOf(cell: string): string {
    return `${this.#directory}/@cell-modules${cell}.d.ts`;
  }

  /** Nothing lies there; imports resolve as if it did. */
  #pathOf(cell: number, extension: CellExtension): string {
    return `${this.#directory}/@cell-${cell}${extension}`;
  }

  #pageOf(name: string): string {
    return `${this.#directory}/${name.slice("./".length)}.d.ts`;
  }

  #extensionOf(cell: number): CellExtension | undefined {
    return extensions.find((extension) => this.#cells.has(this.#pathOf(cell, extension)));
  }

  #choose(jsx: Jsx): void {
    const { options } = this.#config.current;
    const emit = jsxEmit(jsx);
    const wanted = emit === undefined || options.jsx === emit ? options : { ...options, jsx: emit };
    this.#options = wanted;
  }

  /** Changes with the text of a file that is no cell. */
  version(path: string): string {
    return this.#resolver.version(path);
  }

  get program(): ts.Program {
    const program = this.languageService.getProgram();
    if (!program) throw new Error("language: TypeScript gave no program");
    this.#installed = false;
    return program;
  }

  /** What TypeScript has against the text that is looked at. */
  diagnose(): { file: ts.SourceFile; diagnostics: ts.Diagnostic[] } {
    const { program } = this;
    const [file, script] = [this.#current, this.#scriptOf("")].map((path) => program.getSourceFile(path));
    if (!file) throw new Error(`language: expected ${this.#current} in the program, got nothing`);
    const diagnostics = [file, ...(script ? [script] : [])].flatMap((part) => [
      ...program.getSyntacticDiagnostics(part),
      ...program.getSemanticDiagnostics(part),
    ]);
    return { file, diagnostics };
  }

  /** The JavaScript of a file and its source map. */
  emit(path: string, transformers?: ts.CustomTransformers): { js: string; map: string } {
    const emitted = { js: "", map: "" };
    const write: ts.WriteFileCallback = (name, text) => {
      if (name.endsWith(".js")) emitted.js = text;
      else if (name.endsWith(".js.map")) emitted.map = text;
    };
    const { program } = this;
    program.emit(program.getSourceFile(path), write, undefined, false, transformers);
    return emitted;
  }

  #makeHost(): Host {
    const host: Host = {
      getModuleResolutionCache: () => this.#cache,
      hasInvalidatedResolutions: () => this.#installed,
      getProjectVersion: () => String(this.#looks),
      getCompilationSettings: () => (this.isBare ? { ...this.#options, types: [] } : this.#options),
      jsDocParsingMode,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getCurrentDirectory: () => this.#directory,
      resolveLibrary: (_name, _from, options, file) => {
        const path = libraryPath(file, options);
        return { resolvedModule: path === undefined ? path : { resolvedFileName: path, extension: ts.Extension.Dts } };
      },
      getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
      getScriptFileNames: () => this.#roots,
      getScriptVersion: (path) => this.#cells.get(path)?.version ?? this.#resolver.version(path),
      getScriptSnapshot: (path) => {
        const cell = this.#cells.get(path);
        if (cell) return ts.ScriptSnapshot.fromString(cell.text);
        return disk.snapshot(path);
      },
      fileExists: (path) => this.#cells.has(path) || disk.fileExists(path),
      readFile: (path) => this.#cells.get(path)?.text ?? disk.readFile(path),
      directoryExists: (path) => disk.directoryExists(path),
      getDirectories: ts.sys.getDirectories,
      readDirectory: ts.sys.readDirectory,
      resolveModuleNameLiterals: (literals, from, redirect, settings, file) =>
        literals.map((literal) => {
          // TypeScript would look for the JSX runtime in every folder above, for every module that may not even hold JSX.
          if (literal.pos < 0 && from.endsWith(".ts")) return { resolvedModule: undefined };
          const mode = ts.getModeForUsageLocation(file, literal, settings);
          return this.#resolve(literal.text, from, host, redirect, mode);
        }),
    };
    if (ts.sys.realpath) host.realpath = ts.sys.realpath;
    return host;
  }

  /** What cells left behind lies in memory; everything else is found by the {@link Resolver}. */
  #resolve(...request: Parameters<Resolver["resolve"]>): ts.ResolvedModuleWithFailedLookupLocations {
    const [name, from] = request;
    const ours = this.#cells.has(from) ? /^\.\/@(?:cell-(\d+)|notebook(?:-\w+)?)$/.exec(name) : null;
    if (!ours) return this.#resolver.resolve(...request);
    if (name.startsWith(notebookModule)) {
      return { resolvedModule: { resolvedFileName: this.#pageOf(name), extension: ts.Extension.Dts } };
    }
    const cell = Number(ours[1]);
    const extension = this.#extensionOf(cell);
    return {
      resolvedModule: extension && { resolvedFileName: this.#pathOf(cell, extension), extension },
    };
  }
}
