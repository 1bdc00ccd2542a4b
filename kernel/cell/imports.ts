import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";

type Module = Record<string, unknown>;

/** `__import` of emitted cells: `import(…)` as seen from the notebook's folder. */
export interface Importer {
  (specifier: unknown): Promise<Module>;
  /** `import { name } from` this module, also where CommonJS hides the name in its default export. */
  pick(module: Module, name: string): unknown;
  /** `import.meta` of a cell. */
  readonly meta: { url: string; dirname: string; filename: string; resolve(specifier: string): string };
}

/** A module that cannot be imported, and what to do about it. */
export class ImportError extends Error {
  override name = "ImportError";
}

const extensions = ["", ".js", ".mjs", ".cjs", ".json", "/index.js"];
const sources = [".ts", ".mts", ".cts", ".tsx"];

/**
 * Imports resolve from the notebook's folder with Node's own loader; a package that is not there comes from those that
 * Nabla carries (`nabla` itself, tslab, …).
 */
export function makeImporter(directory: string): Importer {
  const filename = join(directory, "notebook.js");
  const url = pathToFileURL(filename).href;
  const require = createRequire(filename);
  muteLoaderWarning();
  // A script that claims to lie in the folder: Node's default loader then resolves from there.
  const load = new vm.Script("(specifier) => import(specifier)", {
    filename,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as (specifier: string) => Promise<Module>;

  const importer = async (wanted: unknown): Promise<Module> => {
    const specifier = String(wanted);
    const path = localPath(specifier, directory);
    if (path !== undefined) return local(specifier, path, load);
    if (specifier.endsWith(".json")) return json(resolveJson(specifier, require));
    return withCommonJsNames(await packaged(specifier, directory, load));
  };
  return Object.assign(importer, {
    pick,
    meta: { url, dirname: directory, filename, resolve: (specifier: string) => resolveUrl(specifier, url, require) },
  });
}

/** At its first use Node says that this loader is experimental; that would appear under the first cell that imports. */
function muteLoaderWarning(): void {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes("USE_MAIN_CONTEXT_DEFAULT_LOADER")) {
      Reflect.apply(emitWarning, process, [warning, ...rest]);
    }
  }) as typeof process.emitWarning;
}

function localPath(specifier: string, directory: string): string | undefined {
  if (specifier.startsWith("file:")) return fileURLToPath(specifier);
  return /^\.{0,2}\//.test(specifier) || specifier === "." || specifier === ".."
    ? resolve(directory, specifier)
    : undefined;
}

async function local(specifier: string, path: string, load: (specifier: string) => Promise<Module>): Promise<Module> {
  const bare = path.replace(/\.[cm]?js$/, "");
  const found = extensions.map((extension) => path + extension).find((file) => existsSync(file) && !isFolder(file));
  const isSource = found !== undefined && sources.some((extension) => found.endsWith(extension));
  if (isSource || (!found && sources.some((extension) => existsSync(bare + extension)))) {
    const hint = "TypeScript files cannot be imported yet. Put the code into a cell, or compile it to JavaScript.";
    throw new ImportError(`import "${specifier}": expected JavaScript or JSON, got a TypeScript file. ${hint}`);
  }
  if (!found) throw new ImportError(`import "${specifier}": expected a file, got nothing at ${path}.`);
  if (found.endsWith(".json")) return json(found);
  return withCommonJsNames(await load(pathToFileURL(found).href));
}

function isFolder(path: string): boolean {
  return statSync(path).isDirectory();
}

async function json(path: string): Promise<Module> {
  const content: unknown = JSON.parse(await readFile(path, "utf8"));
  const names = typeof content === "object" && !Array.isArray(content) ? content : {};
  return { ...names, default: content };
}

function resolveJson(specifier: string, require: NodeJS.Require): string {
  try {
    return require.resolve(specifier);
  } catch (cause) {
    throw missing(specifier, cause);
  }
}

async function packaged(
  specifier: string,
  directory: string,
  load: (specifier: string) => Promise<Module>,
): Promise<Module> {
  try {
    return await load(specifier);
  } catch (error) {
    if (!isMissing(error, specifier)) throw error;
  }
  try {
    return (await import(specifier)) as Module;
  } catch (error) {
    if (isMissing(error, specifier)) throw missing(specifier, error, directory);
    throw error;
  }
}

/** Is it this package that is missing, and not something that it wants in turn? */
function isMissing(error: unknown, specifier: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ERR_MODULE_NOT_FOUND" && !!message?.includes(`'${packageName(specifier)}'`);
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function missing(specifier: string, cause: unknown, directory?: string): ImportError {
  const name = packageName(specifier);
  const where = directory === undefined ? "the notebook's folder" : directory;
  const text = `import "${specifier}": expected a package named ${name}, got none. Run \`npm install ${name}\` in ${where}.`;
  return new ImportError(text, { cause });
}

function resolveUrl(specifier: string, url: string, require: NodeJS.Require): string {
  if (/^[a-z]+:/.test(specifier)) return specifier;
  if (/^[./]/.test(specifier)) return new URL(specifier, url).href;
  return pathToFileURL(require.resolve(specifier)).href;
}

function pick(module: Module, name: string): unknown {
  const whole = module.default as Module | undefined;
  if (name === "default") {
    // Compiled ES modules (`__esModule`) mean their `default`, and so do their types.
    return isObject(whole) && whole.__esModule && "default" in whole ? whole.default : whole;
  }
  return name in module || !isObject(whole) ? module[name] : whole[name];
}

/** Node finds only some names of a CommonJS module; its types know them all, so the rest comes from `module.exports`. */
function withCommonJsNames(module: Module): Module {
  const whole = module.default;
  if (!isObject(whole)) return module;
  const listed = Object.keys(module).filter((name) => name !== "default" && name !== "module.exports");
  if (!listed.every((name) => name in whole)) return module;
  const hidden = Object.keys(whole).filter((name) => name !== "default" && !(name in module));
  if (hidden.length === 0) return module;
  const all: Module = {};
  const live = (from: Module, name: string): void => {
    Object.defineProperty(all, name, { enumerable: true, get: () => from[name] });
  };
  for (const name of Object.keys(module)) live(module, name);
  for (const name of hidden) live(whole, name);
  return all;
}

function isObject(value: unknown): value is Module {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
