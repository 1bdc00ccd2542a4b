import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import ts = require("typescript");

import { findLocal } from "../modules/local.js";
import { isBuiltin, namesFile } from "../modules/specifier.js";
import { Tsconfig } from "../modules/tsconfig.js";
import { declarationsOf, isVirtual } from "./virtual.js";

/** The folder of this package: `dist/kernel/language/resolver.js` lies three folders down. */
export const packageRoot = slashes(join(dirname(fileURLToPath(import.meta.url)), "../../.."));
const libraryTypes = `${packageRoot}/dist/src/index.d.ts`;

/** What TypeScript asks with. */
type ResolveRequest = readonly [
  name: string,
  from: string,
  host: ts.ModuleResolutionHost,
  redirect: ts.ResolvedProjectReference | undefined,
  mode: ts.ResolutionMode,
];

/** Which file an import means, for the types; the loader of kernel/cell/modules/ decides the same for the code. */
export class Resolver {
  readonly #directory: string;
  readonly #options: ts.CompilerOptions;
  readonly #isCell: (path: string) => boolean;
  readonly #tsconfig: Tsconfig;
  readonly #known = new Map<string, ts.ResolvedModuleWithFailedLookupLocations>();
  readonly #versions = new Map<string, string>();
  #installed: string;

  /** `directory`: the notebook's folder. `isCell`: whether a path is one of the notebook's modules. */
  constructor(directory: string, options: ts.CompilerOptions, isCell: (path: string) => boolean) {
    this.#directory = directory;
    this.#options = options;
    this.#isCell = isCell;
    this.#tsconfig = new Tsconfig(directory, () => ts);
    this.#installed = installedAt(directory);
  }

  /** Have packages come, gone or changed since the last look? Then nothing holds that was known of them. */
  refresh(): boolean {
    this.#tsconfig.refresh();
    const installed = installedAt(this.#directory);
    if (installed === this.#installed) return false;
    this.#installed = installed;
    this.#known.clear();
    this.#versions.clear();
    return true;
  }

  /** Changes with the text of a file. The user's own may change at any time, packages when some are installed. */
  version(path: string): string {
    if (!isSettled(path)) return stampOf(isVirtual(path) ? declarationsOf(path) : path);
    if (path.startsWith(`${packageRoot}/`)) return "0";
    const known = this.#versions.get(path);
    if (known !== undefined) return known;
    const version = stampOf(path);
    this.#versions.set(path, version);
    return version;
  }

  /** TypeScript asks anew for every import of every file whenever the program gets another root; packages stay put. */
  resolve(...request: ResolveRequest): ts.ResolvedModuleWithFailedLookupLocations {
    const [name, from, , , mode] = request;
    if (!isSettled(from)) return this.#resolve(...request);
    const key = `${mode ?? ""} ${name} ${dirname(from)}`;
    const known = this.#known.get(key);
    if (known) return known;
    const found = this.#resolve(...request);
    // Node's types import each other by names that are no files.
    if (found.resolvedModule || isBuiltin(name)) this.#known.set(key, found);
    return found;
  }

  /** From the folder of the file; what is not there, from the packages that Nabla carries. */
  #resolve(...[name, from, host, redirect, mode]: ResolveRequest): ts.ResolvedModuleWithFailedLookupLocations {
    const isUsers = this.#isCell(from) || !isSettled(from);
    const aliased = isUsers && !namesFile(name) ? this.#tsconfig.find(name) : undefined;
    if (aliased !== undefined) return asResolved(aliased);
    const found = ts.resolveModuleName(name, from, this.#options, host, undefined, redirect, mode);
    if (!isUsers) return found;
    if (namesFile(name)) return found.resolvedModule && !isLarge(found) ? found : (ownResolution(name, from) ?? found);
    if (found.resolvedModule) return found;
    if (name === "nabla" && existsSync(libraryTypes)) return asResolved(libraryTypes);
    const other = `${packageRoot}/dist/kernel/any.ts`;
    return ts.resolveModuleName(name, other, this.#options, host, undefined, redirect, mode);
  }
}

/** What TypeScript does not know: a WebAssembly file, a JSON file too large to be read as a type, `.mts` left out. */
function ownResolution(name: string, from: string): ts.ResolvedModuleWithFailedLookupLocations | undefined {
  const path = name.startsWith("file:") ? fromUrl(name) : resolve(dirname(from), name);
  const found = path === undefined ? undefined : findLocal(path);
  if (found?.kind !== "file") return undefined;
  if (/\.(?:wasm|json)$/.test(found.path)) return asResolved(declarationsOf(found.path));
  return /\.[cm]?[jt]sx?$/.test(found.path) ? asResolved(slashes(found.path)) : undefined;
}

function fromUrl(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

/** TypeScript would make a syntax tree of it, many times as large. */
function isLarge({ resolvedModule }: ts.ResolvedModuleWithFailedLookupLocations): boolean {
  const path = resolvedModule?.resolvedFileName ?? "";
  return path.endsWith(".json") && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 1024 * 1024;
}

function asResolved(path: string): ts.ResolvedModuleWithFailedLookupLocations {
  const extension = /(?:\.d)?\.[cm]?[jt]sx?$|\.d\.\w+\.ts$|\.json$/.exec(path)?.[0] ?? ".ts";
  return { resolvedModule: { resolvedFileName: path, extension: extension.startsWith(".d.") ? ".d.ts" : extension } };
}

/** Packages change only when some are installed; the user's own files at any time. */
export function isSettled(path: string): boolean {
  return path.includes("/node_modules/") || path.startsWith(`${packageRoot}/dist/`);
}

/** Changes whenever a package manager worked in a folder or above it. */
function installedAt(directory: string): string {
  const parent = dirname(directory);
  const modules = `${directory}/node_modules`;
  const own = directory === packageRoot ? "" : `${stampOf(modules)}:${stampOf(`${modules}/.package-lock.json`)} `;
  return parent === directory ? own : own + installedAt(parent);
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size}` : "";
}

/** A path as TypeScript writes it. */
export function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
