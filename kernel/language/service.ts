import { createRequire } from "node:module";
import { dirname } from "node:path";
import ts from "typescript";
import { Disk } from "./disk.js";
import { globals } from "./globals.js";
import { isSettled, packageRoot, Resolver, slashes } from "./resolver.js";

const require = createRequire(import.meta.url);
const globalsPath = `${packageRoot}/dist/@globals.d.ts`;

/** As strict as `strict`, but without complaints that only make sense for finished files. */
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  customConditions: ["node"],
  moduleDetection: ts.ModuleDetectionKind.Force,
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  allowArbitraryExtensions: true,
  jsx: ts.JsxEmit.ReactJSX,
  esModuleInterop: true,
  strict: true,
  skipLibCheck: true,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  preserveConstEnums: true,
  sourceMap: true,
  newLine: ts.NewLineKind.LineFeed,
  types: ["node"],
  typeRoots: [slashes(dirname(dirname(require.resolve("@types/node/package.json"))))],
};

/** Parsed declaration files, shared by all programs of this process. Doc comments are parsed when asked for: see jsdoc.ts. */
const jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
const registry = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames, "", jsDocParsingMode);

const disk = new Disk(isSettled);

/** One incremental TypeScript program: the cells in memory, everything else from the disk. */
export class Service {
  readonly languageService: ts.LanguageService;
  readonly #directory: string;
  readonly #cells = new Map([[globalsPath, { text: globals, version: "0" }]]);
  readonly #resolver: Resolver;
  readonly #cache: ts.ModuleResolutionCache;
  #roots: string[] = [];
  #version = 0;

  /** `directory`: the notebook's folder, from which imports resolve. */
  constructor(directory: string) {
    this.#directory = slashes(directory);
    this.#resolver = new Resolver(this.#directory, options, (path) => this.#cells.has(path));
    // Without it the manifest of a package is parsed again for each of its files.
    this.#cache = ts.createModuleResolutionCache(this.#directory, (name) => name, options);
    this.languageService = ts.createLanguageService(this.#host(), registry);
  }

  /** The path of a cell. Nothing lies there; imports resolve as if it did. */
  path(cell: number | string, extension: ".ts" | ".d.ts" = ".ts"): string {
    return `${this.#directory}/@cell-${cell}${extension}`;
  }

  /** Writes a cell and makes it the program's root. */
  set(cell: number | string, text: string): string {
    const path = this.path(cell);
    this.#version += 1;
    if (this.#resolver.refresh()) {
      disk.forget();
      this.#cache.clear();
    }
    this.#cells.set(path, { text, version: String(this.#version) });
    this.#roots = [globalsPath, path];
    return path;
  }

  /** Puts declarations in the place of a cell's text. */
  declare(cell: number, declarations: string): void {
    this.#cells.delete(this.path(cell));
    this.#cells.set(this.path(cell, ".d.ts"), { text: declarations, version: "0" });
  }

  delete(cell: number | string): void {
    this.#cells.delete(this.path(cell));
    this.#cells.delete(this.path(cell, ".d.ts"));
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
      getCompilationSettings: () => this.#resolver.options,
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
    const declared = this.path(name.slice("./@cell-".length), ".d.ts");
    const isDeclared = this.#cells.has(declared);
    const resolvedFileName = isDeclared ? declared : this.path(name.slice("./@cell-".length));
    return { resolvedModule: { resolvedFileName, extension: isDeclared ? ts.Extension.Dts : ts.Extension.Ts } };
  }
}
