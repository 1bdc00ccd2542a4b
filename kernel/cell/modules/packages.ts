import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { adviceFor, isBuiltin, packageName } from "../../modules/specifier.js";
import { ImportError } from "./import-error.js";
import { asTyped, type Module } from "./namespace.js";

type Load = (specifier: string) => Promise<Module>;

const loads = new Map<string, Load>();
const carried = createRequire(import.meta.url);

/**
 * Imports a package (or anything else that is Node's own business: its modules, files below `node_modules`, `data:` URLs)
 * with Node's loader, as seen from a folder; a package that is not there comes from those that Nabla carries.
 */
export async function importPackage(specifier: string, folder: string): Promise<Module> {
  try {
    const module = asTyped(await loadFile(specifier, folder));
    tellOfUpdate(specifier, folder);
    return module;
  } catch (error) {
    if (!isMissing(error, specifier) || isBuiltin(specifier)) throw explain(error, specifier, folder);
  }
  try {
    return asTyped((await import(specifier)) as Module);
  } catch (error) {
    throw explain(error, specifier, folder);
  }
}

/** The same for `require`. */
export function requirePackage(specifier: string, folder: string): unknown {
  const require = createRequire(join(folder, "notebook.js"));
  try {
    return require(specifier);
  } catch (error) {
    if (!isMissing(error, specifier) || isBuiltin(specifier)) throw explain(error, specifier, folder, "require");
  }
  try {
    return carried(specifier);
  } catch (error) {
    throw explain(error, specifier, folder, "require");
  }
}

/** The file of a package that a specifier names. */
export function resolvePackage(specifier: string, folder: string): string {
  try {
    return createRequire(join(folder, "notebook.js")).resolve(specifier);
  } catch (error) {
    if (!isMissing(error, specifier)) throw explain(error, specifier, folder);
  }
  try {
    return carried.resolve(specifier);
  } catch (error) {
    throw explain(error, specifier, folder);
  }
}

/** TypeScript, bundlers and `require` find `dayjs/plugin/utc`, a file without its ending, or a folder; Node's `import` does not. */
async function loadFile(specifier: string, folder: string): Promise<Module> {
  const load = loadFrom(folder);
  try {
    return await load(specifier);
  } catch (error) {
    const { code = "" } = (error ?? {}) as NodeJS.ErrnoException;
    if (!["ERR_MODULE_NOT_FOUND", "ERR_UNSUPPORTED_DIR_IMPORT"].includes(code)) throw error;
    if (isMissing(error, specifier) || isBuiltin(specifier)) throw error;
    let path: string;
    try {
      path = createRequire(join(folder, "notebook.js")).resolve(specifier);
    } catch {
      throw error;
    }
    return await load(pathToFileURL(path).href);
  }
}

/** A script that claims to lie in the folder: Node's default loader then resolves from there. */
function loadFrom(folder: string): Load {
  const known = loads.get(folder);
  if (known) return known;
  muteLoaderWarning();
  const load = new vm.Script("(specifier) => import(specifier)", {
    filename: join(folder, "notebook.js"),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as Load;
  loads.set(folder, load);
  return load;
}

let muted = false;

/** At its first use Node says that this loader is experimental; that would appear under the first cell that imports. */
function muteLoaderWarning(): void {
  if (muted) return;
  muted = true;
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes("USE_MAIN_CONTEXT_DEFAULT_LOADER")) {
      Reflect.apply(emitWarning, process, [warning, ...rest]);
    }
  }) as typeof process.emitWarning;
}

/** Is it this package that is missing, and not something that it wants in turn? */
function isMissing(error: unknown, specifier: string): boolean {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") return false;
  const [first = ""] = String(message).split("\n");
  return [specifier, packageName(specifier)].some((name) => first.includes(`'${name}'`));
}

/** Says what Node's loader found wrong in the user's terms; an error of the module itself stays what it is. */
function explain(error: unknown, specifier: string, folder: string, how: "import" | "require" = "import"): unknown {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  const name = packageName(specifier);
  const what = how === "import" ? `import "${specifier}"` : `require("${specifier}")`;
  const fail = (text: string): ImportError => new ImportError(`${what}: ${text}`, { cause: error });
  const [first = ""] = String(message).split("\n");
  const otherwise = `Write import … from "${specifier}", or await import("${specifier}").`;
  const anew = `Install it anew: %npm install ${name}, then restart the kernel.`;
  switch (code) {
    case "ERR_UNKNOWN_BUILTIN_MODULE":
      return fail(`expected a module of Node, got none of that name. ${adviceFor(specifier)}`);
    case "ERR_UNSUPPORTED_ESM_URL_SCHEME":
      return fail(`expected a package, a file or a module of Node, got a URL. ${adviceFor(specifier)}`);
    case "ERR_INVALID_MODULE_SPECIFIER":
      return fail(`expected the name of a package, got one that no package can have. ${adviceFor(specifier)}`);
    case "ERR_MODULE_NOT_FOUND":
    case "MODULE_NOT_FOUND": {
      if (isMissing(error, specifier))
        return fail(`expected a package named ${name}, got none. ${adviceFor(specifier)}`);
      return fail(`expected all its files, got: ${first}. ${anew}`);
    }
    case "ERR_INVALID_PACKAGE_CONFIG":
      return fail(`expected JSON in its package.json, got: ${first} ${anew}`);
    case "ERR_PACKAGE_PATH_NOT_EXPORTED": {
      const part = first.match(/'(\.[^']*)'/)?.[1] ?? "all of it";
      if (how === "import" || isBuiltin(specifier) || !hasImport(name, folder)) {
        return fail(`expected a part that ${name} exports, got ${part}. ${exportsOf(name, folder)}`);
      }
      return fail(`expected CommonJS, got an ES module. ${otherwise}`);
    }
    case "ERR_REQUIRE_ESM":
    case "ERR_REQUIRE_ASYNC_MODULE":
      return fail(`expected CommonJS, got an ES module. ${otherwise}`);
    case "ERR_UNSUPPORTED_DIR_IMPORT":
      return fail(`expected a module, got a folder. ${exportsOf(name, folder)}`);
    default:
      return error;
  }
}

/** The versions of packages that were loaded, and those that the user was told of. */
const versions = new Map<string, string>();

/** Node keeps a package as it was first loaded, whatever is installed later. */
function tellOfUpdate(specifier: string, folder: string): void {
  if (isBuiltin(specifier) || /^[a-z]+:/.test(specifier)) return;
  const name = packageName(specifier);
  const version = manifestOf(name, folder)?.version;
  if (typeof version !== "string") return;
  const key = `${name} from ${folder}`;
  const before = versions.get(key);
  versions.set(key, version);
  if (before === undefined || before === version) return;
  process.stderr.write(
    `${name} ${before} stays loaded; restart the kernel to use ${version}, which is installed now.\n`,
  );
}

/** The manifest of a package as seen from a folder. */
function manifestOf(name: string, folder: string): Readonly<Record<string, unknown>> | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, "node_modules", name, "package.json");
    if (existsSync(file)) return readManifest(file);
    if (at === dirname(at)) return undefined;
  }
}

function readManifest(file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Does a package export something to `import` that `require` may not have? */
function hasImport(name: string, folder: string): boolean {
  return JSON.stringify(manifestOf(name, folder)?.exports ?? "").includes('"import"');
}

function exportsOf(name: string, folder: string): string {
  const exports = manifestOf(name, folder)?.exports;
  const keys = typeof exports === "object" && exports !== null ? Object.keys(exports) : [];
  const parts = keys.filter((key) => key.startsWith(".")).map((key) => name + key.slice(1));
  const shown = parts.slice(0, 12).join(", ");
  return parts.length === 0 ? "" : `It exports ${shown}${parts.length > 12 ? `, and ${parts.length - 12} more` : ""}.`;
}
