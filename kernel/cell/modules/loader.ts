import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { host } from "../../../src/door.js";
import { findLocal, whatIsThere } from "../../modules/local.js";
import { isBuiltin, namesFile } from "../../modules/specifier.js";
import { Tsconfig } from "../../modules/tsconfig.js";
import type { Body } from "./body.js";
import { packageType, readBody } from "./formats.js";
import { Graph, mustWait, type Unit } from "./graph.js";
import { ImportError } from "./import-error.js";
import { fillFrom, type Module } from "./namespace.js";
import { importPackage, requirePackage, resolvePackage } from "./packages.js";
import { typescript } from "./transpile.js";

/** What a specifier means: a local file, or something of Node's own loader as seen from a folder. */
type Target =
  | { readonly path: string }
  | { readonly path: undefined; readonly specifier: string; readonly folder: string };

/** Loads what cells and local files import: local files through {@link Graph}, packages through Node. */
export class Loader {
  readonly #directory: string;
  readonly #tsconfig: Tsconfig;
  readonly #graph: Graph;
  readonly #namespaces = new WeakSet<Module>();
  readonly #targets = new Map<string, Target>();

  /** `directory`: the notebook's folder. */
  constructor(directory: string) {
    this.#directory = realpathSync(directory);
    this.#tsconfig = new Tsconfig(directory, typescript);
    this.#graph = new Graph({
      find: (specifier, from) => {
        const target = this.#find(specifier, from.key);
        const key = target.path ?? `${target.specifier} from ${target.folder}`;
        this.#targets.set(key, target);
        return { key, path: target.path };
      },
      read: (unit, path) => (path === undefined ? this.#package(unit) : this.#file(unit, path)),
    });
  }

  /** `import(specifier)` in a file. */
  async import(specifier: string, from: string): Promise<Module> {
    this.#tsconfig.refresh();
    const target = this.#find(specifier, from);
    if (target.path === undefined) return importPackage(target.specifier, target.folder);
    const unit = this.#load(target.path);
    await this.#graph.run(unit);
    this.#namespaces.add(unit.exports);
    return unit.exports;
  }

  /** Is this the namespace of a local file? */
  isLocal(module: Module): boolean {
    return this.#namespaces.has(module);
  }

  /** `require(specifier)` in a file. `importer`: the file as a unit, if it is one. */
  require(specifier: string, from: string, importer?: Unit): unknown {
    const target = this.#find(specifier, from);
    if (target.path === undefined) return requirePackage(target.specifier, target.folder);
    const unit = this.#load(target.path, importer);
    if (mustWait(unit)) {
      const way = `Write await import("${specifier}").`;
      throw new ImportError(
        `require("${specifier}"): expected a module that need not wait, got a top-level await. ${way}`,
      );
    }
    this.#graph.run(unit, true);
    return unit.body.commonjs ? unit.body.commonjs.exports : unit.exports;
  }

  /** `import.meta.resolve` in a file: a URL. */
  resolve(specifier: string, from: string): string {
    if (isBuiltin(specifier)) return specifier.startsWith("node:") ? specifier : `node:${specifier}`;
    const target = this.#find(specifier, from);
    if (target.path !== undefined) return pathToFileURL(target.path).href;
    if (/^[a-z]+:/.test(target.specifier)) return target.specifier;
    return pathToFileURL(resolvePackage(target.specifier, target.folder)).href;
  }

  /** `require` of a file, with its `resolve`, `cache` and so on. */
  requireOf(from: string, unit?: Unit): NodeJS.Require {
    const own = createRequire(from);
    const require = (specifier: string): unknown => this.require(String(specifier), from, unit);
    const resolveFrom = (specifier: string, options?: NodeJS.RequireResolveOptions): string => {
      if (options || isBuiltin(specifier)) return own.resolve(specifier, options);
      const target = this.#find(specifier, from);
      return target.path ?? resolvePackage(target.specifier, target.folder);
    };
    return Object.assign(require, {
      resolve: Object.assign(resolveFrom, { paths: own.resolve.paths }),
      cache: own.cache,
      extensions: own.extensions,
      main: own.main,
    });
  }

  /** A tear in the middle would leave a half-read file behind, and TypeScript's own state. */
  #load(path: string, importer?: Unit): Unit {
    const work = (): Unit => this.#graph.load(path, importer);
    return host()?.shield(work) ?? work();
  }

  #find(specifier: string, from: string): Target {
    const folder = dirname(from);
    if (namesFile(specifier)) return this.#local(specifier, from);
    const aliased = this.#tsconfig.find(specifier);
    if (aliased !== undefined) return this.#owned(aliased);
    if (specifier.startsWith("#") || (/\.(?:json|wasm)$/.test(specifier) && !/^[a-z]+:/.test(specifier))) {
      return this.#owned(resolvePackage(specifier, folder));
    }
    return { path: undefined, specifier, folder };
  }

  #local(specifier: string, from: string): Target {
    const spelt = (text: string): string => (text.startsWith("file:") ? fromUrl(text) : resolve(dirname(from), text));
    // As written, as TypeScript reads it; else as the URL that it is to Node.
    const path = specifier.replace(/[?#].*$/, "");
    const spellings = [specifier, path, decoded(path)];
    for (const spelling of new Set(spellings)) {
      const slash = /\/$/.test(spelling) ? sep : "";
      const found = findLocal(spelt(spelling) + slash);
      if (found.kind === "file") return this.#owned(found.path);
    }
    const where = from === this.notebook ? "" : ` in ${this.#shown(from)}`;
    const there = whatIsThere(specifier, spelt(specifier));
    throw new ImportError(`import "${specifier}"${where}: expected a file, ${there}`);
  }

  /** Files of packages, and links to them, stay Node's own business. */
  #owned(path: string): Target {
    if (!/[/\\]node_modules[/\\]/.test(path) || /\.(?:json|wasm)$/.test(path)) return { path };
    return { path: undefined, specifier: pathToFileURL(path).href, folder: dirname(path) };
  }

  /** The file that cells seem to lie in. */
  get notebook(): string {
    return resolve(this.#directory, "notebook.js");
  }

  #file(unit: Unit, path: string): Body {
    try {
      return readBody({
        path,
        shown: this.#shown(path),
        exports: unit.exports,
        project: this.#tsconfig.project.options,
        require: this.requireOf(path, unit),
        type: packageType(path),
        meta: this.meta(path),
        import: (specifier) => this.import(String(specifier), path),
        changed: () => announce(unit),
      });
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException;
      if (syscall === undefined) throw error;
      throw new ImportError(`${this.#shown(path)}: expected a file that can be read, got ${code}.`, { cause: error });
    }
  }

  #package(unit: Unit): Body {
    const target = this.#targets.get(unit.key);
    if (target?.path !== undefined || !target) throw new Error(`modules: expected a package, got ${unit.key}`);
    const { specifier, folder } = target;
    return {
      specifiers: [],
      setters: [],
      waits: true,
      async execute() {
        unit.exports = await importPackage(specifier, folder);
        announce(unit);
      },
      executeNow() {
        fillFrom(unit.exports, () => requirePackage(specifier, folder));
        announce(unit);
      },
    };
  }

  /** `import.meta` of a file. */
  meta(path: string): ImportMeta {
    return {
      url: pathToFileURL(path).href,
      dirname: dirname(path),
      filename: path,
      resolve: (specifier: string) => this.resolve(String(specifier), path),
    } as ImportMeta;
  }

  #shown(path: string): string {
    const shown = relative(this.#directory, path).replaceAll("\\", "/");
    return shown.startsWith("..") ? shown : `./${shown}`;
  }
}

/** Tells the importers of a unit what it exports now. */
function announce(unit: Unit): void {
  for (const take of unit.importers.values()) take(unit.exports);
}

function fromUrl(text: string): string {
  try {
    return fileURLToPath(text);
  } catch (cause) {
    throw new ImportError(`import "${text}": expected the URL of a local file, got another one.`, { cause });
  }
}

function decoded(specifier: string): string {
  try {
    return decodeURIComponent(specifier);
  } catch {
    return specifier;
  }
}
