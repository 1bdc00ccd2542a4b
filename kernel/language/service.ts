import ts = require("typescript");

import { Disk } from "./disk.js";
import { globals } from "./globals.js";
import { type Jsx, jsxEmit } from "./jsx.js";
import { isSettled, packageRoot, Resolver, slashes } from "./resolver.js";
import { defaults, type TsConfig } from "./settings.js";

const globalsPath = `${packageRoot}/dist/@globals.d.ts`;

/** Parsed declaration files, shared by all programs of this process. Doc comments are parsed when asked for: see jsdoc.ts. */
const jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
const registry = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames, "", jsDocParsingMode);

const disk = new Disk(isSettled);

/** Of cells; `.d.ts` before `.ts`, which is an ending of it. */
const extensions = [ts.Extension.Dts, ts.Extension.Tsx, ts.Extension.Ts] as const;

/** One incremental TypeScript program: the cells in memory, everything else from the disk. */
export class Service {
  readonly languageService: ts.LanguageService;
  readonly #directory: string;
  readonly #cells = new Map([[globalsPath, { text: globals, version: "0" }]]);
  readonly #resolver: Resolver;
  readonly #cache: ts.ModuleResolutionCache;
  readonly #config: TsConfig;
  #options = defaults;
  #roots: string[] = [];
  /** Counted over all services: the parsed files that they share are told apart by path and version. */
  static #version = 0;

  /** Leaves out the types of Node and of `tsconfig.json`'s `types`, which take long to load. */
  isBare = false;

  /** `directory`: the notebook's folder, from which imports resolve. */
  constructor(directory: string, config: TsConfig) {
    this.#directory = slashes(directory);
    this.#resolver = new Resolver(this.#directory, defaults, (path) => this.#cells.has(path));
    // Without it the manifest of a package is parsed again for each of its files.
    this.#cache = ts.createModuleResolutionCache(this.#directory, (name) => name, defaults);
    this.#config = config;
    this.languageService = ts.createLanguageService(this.#host(), registry);
  }

  /** The path of a cell. Nothing lies there; imports resolve as if it did. */
  path(cell: number | string, extension: ".ts" | ".tsx" | ".d.ts" = ".ts"): string {
    return `${this.#directory}/@cell-${cell}${extension}`;
  }

  /** Writes a cell and makes it the program's root. */
  set(cell: number | string, text: string, jsx: Jsx = "none"): string {
    const path = this.path(cell, jsx === "none" ? ".ts" : ".tsx");
    this.#choose(jsx);
    this.delete(cell);
    Service.#version += 1;
    if (this.#resolver.refresh()) {
      disk.forget();
      this.#cache.clear();
    }
    this.#cells.set(path, { text, version: String(Service.#version) });
    this.#roots = [globalsPath, path];
    return path;
  }

  /** Puts declarations in the place of a cell's text. */
  declare(cell: number, declarations: string): void {
    this.delete(cell);
    Service.#version += 1;
    this.#cells.set(this.path(cell, ".d.ts"), { text: declarations, version: String(Service.#version) });
  }

  /** Changes the text of a cell that stays. */
  edit(cell: number, change: (text: string) => string): void {
    const found = this.get(cell);
    if (found) this.put({ path: found.path, text: change(found.text) });
  }

  /** Where a cell lies and what it says. */
  get(cell: number): { path: string; text: string } | undefined {
    const path = this.#find(cell);
    const found = path === undefined ? undefined : this.#cells.get(path);
    return path !== undefined && found ? { path, text: found.text } : undefined;
  }

  /** Puts back what {@link get} gave. */
  put({ path, text }: { readonly path: string; readonly text: string }): void {
    Service.#version += 1;
    this.#cells.set(path, { text, version: String(Service.#version) });
  }

  delete(cell: number | string): void {
    for (const extension of extensions) this.#cells.delete(this.path(cell, extension));
  }

  #find(cell: number | string): string | undefined {
    return extensions.map((extension) => this.path(cell, extension)).find((path) => this.#cells.has(path));
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
    return program;
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

  #host(): ts.LanguageServiceHost {
    const host: ts.LanguageServiceHost & { getModuleResolutionCache(): ts.ModuleResolutionCache } = {
      getModuleResolutionCache: () => this.#cache,
      getCompilationSettings: () => (this.isBare ? { ...this.#options, types: [] } : this.#options),
      jsDocParsingMode,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getCurrentDirectory: () => this.#directory,
      getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
      getScriptFileNames: () => this.#roots,
      getScriptVersion: (path) => this.#cells.get(path)?.version ?? this.#resolver.version(path),
      getScriptSnapshot: (path) => {
        const cell = this.#cells.get(path);
        if (cell) return ts.ScriptSnapshot.fromString(cell.text);
        return disk.fileExists(path) ? disk.snapshot(path) : undefined;
      },
      fileExists: (path) => this.#cells.has(path) || disk.fileExists(path),
      readFile: (path) => this.#cells.get(path)?.text ?? disk.readFile(path),
      directoryExists: (path) => disk.directoryExists(path),
      getDirectories: ts.sys.getDirectories,
      resolveModuleNameLiterals: (literals, from, redirect, settings, file) =>
        literals.map((literal) => {
          const mode = ts.getModeForUsageLocation(file, literal, settings);
          return this.#resolve(literal.text, from, host as ts.ModuleResolutionHost, redirect, mode);
        }),
    };
    if (ts.sys.realpath) host.realpath = ts.sys.realpath;
    return host;
  }

  /** Earlier cells are modules in memory; everything else is found by the {@link Resolver}. */
  #resolve(...request: Parameters<Resolver["resolve"]>): ts.ResolvedModuleWithFailedLookupLocations {
    const [name, from] = request;
    if (!this.#cells.has(from) || !name.startsWith("./@cell-")) return this.#resolver.resolve(...request);
    const resolvedFileName = this.#find(name.slice("./@cell-".length));
    if (!resolvedFileName) return { resolvedModule: undefined };
    const extension = extensions.find((ending) => resolvedFileName.endsWith(ending)) ?? ts.Extension.Ts;
    return { resolvedModule: { resolvedFileName, extension } };
  }
}
