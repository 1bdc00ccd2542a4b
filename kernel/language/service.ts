import { existsSync, statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { Disk } from "./disk.js";
import { globals } from "./globals.js";

const require = createRequire(import.meta.url);

/** The folder of this package: `dist/kernel/language/service.js` lies three folders down. */
const packageRoot = slashes(join(dirname(fileURLToPath(import.meta.url)), "../../.."));
const libraryTypes = `${packageRoot}/dist/src/index.d.ts`;
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

type ResolveRequest = readonly [
  name: string,
  from: string,
  host: ts.ModuleResolutionHost,
  redirect: ts.ResolvedProjectReference | undefined,
  mode: ts.ResolutionMode,
];

/** One incremental TypeScript program: the cells in memory, everything else from the disk. */
export class Service {
  readonly languageService: ts.LanguageService;
  readonly #directory: string;
  readonly #cells = new Map([[globalsPath, { text: globals, version: "0" }]]);
  readonly #resolutions = new Map<string, ts.ResolvedModuleWithFailedLookupLocations>();
  #roots: string[] = [];
  #version = 0;

  /** `directory`: the notebook's folder, from which imports resolve. */
  constructor(directory: string) {
    this.#directory = slashes(directory);
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
    // Without it the manifest of a package is parsed again for each of its files.
    const cache = ts.createModuleResolutionCache(this.#directory, (name) => name, options);
    const host: ts.LanguageServiceHost & { getModuleResolutionCache(): ts.ModuleResolutionCache } = {
      getModuleResolutionCache: () => cache,
      getCompilationSettings: () => options,
      jsDocParsingMode,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getCurrentDirectory: () => this.#directory,
      getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
      getScriptFileNames: () => this.#roots,
      getScriptVersion: (path) => this.#cells.get(path)?.version ?? diskVersion(path),
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
          return this.#resolveOnce(literal.text, from, host as ts.ModuleResolutionHost, redirect, mode);
        }),
    };
    if (ts.sys.realpath) host.realpath = ts.sys.realpath;
    return host;
  }

  /** TypeScript asks anew for every import of every file whenever the program gets another root; packages stay put. */
  #resolveOnce(...request: ResolveRequest): ts.ResolvedModuleWithFailedLookupLocations {
    const [name, from, , , mode] = request;
    if (!isSettled(from)) return this.#resolve(...request);
    const key = `${mode ?? ""} ${name} ${dirname(from)}`;
    const known = this.#resolutions.get(key);
    if (known) return known;
    const found = this.#resolve(...request);
    // Node's types import each other by names that are no files.
    if (found.resolvedModule || isBuiltin(name)) this.#resolutions.set(key, found);
    return found;
  }

  /** From the notebook's folder; what is not there, from the packages that Nabla carries. */
  #resolve(...[name, from, host, redirect, mode]: ResolveRequest): ts.ResolvedModuleWithFailedLookupLocations {
    if (this.#cells.has(from) && name.startsWith("./@cell-")) {
      const declared = this.path(name.slice("./@cell-".length), ".d.ts");
      const isDeclared = this.#cells.has(declared);
      const resolvedFileName = isDeclared ? declared : this.path(name.slice("./@cell-".length));
      return { resolvedModule: { resolvedFileName, extension: isDeclared ? ts.Extension.Dts : ts.Extension.Ts } };
    }
    const found = ts.resolveModuleName(name, from, options, host, undefined, redirect, mode);
    if (found.resolvedModule || !this.#cells.has(from) || /^[./]/.test(name)) return found;
    if (name === "nabla" && existsSync(libraryTypes)) {
      return { resolvedModule: { resolvedFileName: libraryTypes, extension: ts.Extension.Dts } };
    }
    return ts.resolveModuleName(name, `${packageRoot}/dist/kernel/any.ts`, options, host, undefined, redirect, mode);
  }
}

/** Packages do not change while a kernel lives; the user's own files may. */
function isSettled(path: string): boolean {
  return path.includes("/node_modules/") || path.startsWith(`${packageRoot}/dist/`);
}

function diskVersion(path: string): string {
  return isSettled(path) ? "0" : String(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? "");
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
