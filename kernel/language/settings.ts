import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";

import ts = require("typescript");

import { nearestFile } from "../modules/tsconfig.js";

const require = createRequire(import.meta.url);
const ownTypes = dirname(dirname(require.resolve("@types/node/package.json"))).replaceAll("\\", "/");

/** As strict as `strict`, but without complaints that only make sense for finished files. */
export const defaults: ts.CompilerOptions = {
  // The latest whose syntax Node 20 reads as it stands: the `v` of regular expressions is in it.
  target: ts.ScriptTarget.ES2024,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
  // Asks where a library lies: see standard-library.ts.
  libReplacement: true,
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
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  preserveConstEnums: true,
  sourceMap: true,
  newLine: ts.NewLineKind.LineFeed,
  types: ["node"],
  typeRoots: [ownTypes],
};

/** What a notebook's `tsconfig.json` may decide. How modules are found and emitted stays the kernel's. */
const honoured = [
  "strict",
  "noImplicitAny",
  "noImplicitThis",
  "noImplicitOverride",
  "noImplicitReturns",
  "noFallthroughCasesInSwitch",
  "noPropertyAccessFromIndexSignature",
  "noUncheckedIndexedAccess",
  "noUnusedLocals",
  "noUnusedParameters",
  "allowUnreachableCode",
  "allowUnusedLabels",
  "exactOptionalPropertyTypes",
  "strictBindCallApply",
  "strictBuiltinIteratorReturn",
  "strictFunctionTypes",
  "strictNullChecks",
  "strictPropertyInitialization",
  "useUnknownInCatchVariables",
  "useDefineForClassFields",
  "experimentalDecorators",
  "emitDecoratorMetadata",
  "jsxImportSource",
  "jsxFactory",
  "jsxFragmentFactory",
  "lib",
] as const;

/** How cells are checked. */
export interface Settings {
  readonly options: ts.CompilerOptions;
  /** Every cell may hold JSX, not only those that say so. */
  readonly jsx: boolean;
  /** The names that JSX calls. */
  readonly factories: readonly string[];
  /** Why the notebook's `tsconfig.json` does not count. */
  readonly problem?: string;
}

const plain: Settings = { options: defaults, jsx: false, factories: [] };

/** How a notebook's `tsconfig.json` wants cells to be checked; read again whenever it changed. */
export class CellSettings {
  readonly #directory: string;
  #version = "";
  #settings = plain;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The settings that hold now; the same object as long as they hold. */
  get current(): Settings {
    const file = nearestFile(this.#directory);
    const stat = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
    const version = stat ? `${file} ${stat.mtimeMs} ${stat.size}` : "";
    if (version !== this.#version) {
      this.#version = version;
      this.#settings = file === undefined ? plain : this.#read(file);
    }
    return this.#settings;
  }

  #read(file: string): Settings {
    const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
    if (error) return { ...plain, problem: problemOf(error) };
    // Only the options count: a notebook is its own list of files.
    const given = { ...(config as object), files: [], include: [], references: [] };
    const { options, errors } = ts.parseJsonConfigFileContent(given, ts.sys, dirname(file), undefined, file);
    const [first] = errors.filter(({ code }) => !noFiles.has(code));
    if (first) return { ...plain, problem: problemOf(first) };
    const factories = [options.jsxFactory, options.jsxFragmentFactory].flatMap((name) => name?.split(".", 1) ?? []);
    return { options: { ...defaults, ...this.#chosen(options) }, jsx: options.jsx !== undefined, factories };
  }

  #chosen(options: ts.CompilerOptions): ts.CompilerOptions {
    const given = honoured.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
    const chosen: ts.CompilerOptions = Object.fromEntries(given);
    if (options.jsx === ts.JsxEmit.React || options.jsx === ts.JsxEmit.ReactJSXDev) chosen.jsx = options.jsx;
    if (options.types) {
      chosen.types = ["node", ...options.types];
      const roots = options.typeRoots ?? ts.getEffectiveTypeRoots({}, { getCurrentDirectory: () => this.#directory });
      chosen.typeRoots = [...(roots ?? []), ownTypes];
    }
    return chosen;
  }
}

/** "No inputs were found", "The 'files' list is empty": cells are not named there. */
const noFiles = new Set([18002, 18003]);

function problemOf({ file, start, messageText }: ts.Diagnostic): string {
  const at = file && start !== undefined ? file.getLineAndCharacterOfPosition(start) : undefined;
  const place = at ? `:${at.line + 1}:${at.character + 1}` : "";
  const [text] = ts.flattenDiagnosticMessageText(messageText, "\n").split("\n");
  return `tsconfig.json${place} ${text} It is ignored until that is mended: the kernel's own settings hold.`;
}
