import { dirname } from "node:path";
import { ImportError } from "./modules/import-error.js";
import { Loader } from "./modules/loader.js";
import type { Module } from "./modules/namespace.js";

/** `__import` of emitted cells: `import(…)` as seen from the notebook's folder. */
export interface Importer {
  (specifier: unknown): Promise<Module>;
  /** `import { name } from` this module. */
  pick(module: Module, name: string): unknown;
  /** The same, kept under a name of the scope. What a local file exports stays alive there, as ECMAScript has it. */
  bind(scope: Record<string, unknown>, local: string, module: Module, name: string): void;
  /** `import.meta` of a cell. */
  readonly meta: ImportMeta;
  /** What a CommonJS script finds in its scope. */
  readonly commonjs: CommonJs;
}

/** The variables of a CommonJS script, for snippets that are pasted into cells. */
export interface CommonJs {
  readonly require: NodeJS.Require;
  readonly module: { exports: unknown };
  readonly filename: string;
  readonly dirname: string;
}

/**
 * Imports resolve from the notebook's folder: local files in any form that TypeScript knows, read anew when they changed;
 * packages with Node's own loader, where need be from those that Nabla carries (`nabla` itself, tslab, …).
 */
export function makeImporter(directory: string): Importer {
  const loader = new Loader(directory);
  const { notebook } = loader;
  const importer = (specifier: unknown): Promise<Module> => loader.import(String(specifier), notebook);
  const module = { exports: {}, id: ".", filename: notebook, loaded: false, children: [] };
  return Object.assign(importer, {
    pick: (module: Module, name: string) => module[name],
    bind: (scope: Record<string, unknown>, local: string, module: Module, name: string) => {
      if (!loader.isLocal(module)) scope[local] = module[name];
      else keepAlive(scope, local, module, name);
    },
    meta: loader.meta(notebook),
    commonjs: { require: loader.requireOf(notebook), module, filename: notebook, dirname: dirname(notebook) },
  });
}

function keepAlive(scope: Record<string, unknown>, local: string, module: Module, name: string): void {
  if (!(name in module)) {
    const names = Object.keys(module).join(", ") || "nothing";
    throw new ImportError(
      `import { ${name} }: expected a name that the file exports, got ${name}. It exports ${names}.`,
    );
  }
  const own = { configurable: true, enumerable: true };
  Object.defineProperty(scope, local, {
    ...own,
    get: () => module[name],
    // A later cell defines the name anew.
    set: (value: unknown) => Object.defineProperty(scope, local, { ...own, value, writable: true }),
  });
}
