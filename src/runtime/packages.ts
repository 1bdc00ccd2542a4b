/** Loading parts of tfjs's packages without the rest of them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { compileFunction } from "node:vm";

type Require = (name: string) => unknown;

/**
 * A loader of CommonJS files in which some packages are replaced: by others, or by nothing at all. Files that are named
 * relatively are loaded the same way; every other import is Node's own.
 */
export function loaderWith(replacements: ReadonlyMap<string, unknown>): (file: string) => unknown {
  const modules = new Map<string, { exports: unknown }>();
  return function load(file: string): unknown {
    const known = modules.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as unknown };
    modules.set(file, module);
    const nodeRequire = createRequire(file);
    const require: Require = (name) => {
      if (replacements.has(name)) return replacements.get(name);
      return name.startsWith(".") ? load(nodeRequire.resolve(name)) : nodeRequire(name);
    };
    const run = compileFunction(
      readFileSync(file, "utf8"),
      ["exports", "require", "module", "__filename", "__dirname"],
      {
        filename: file,
      },
    );
    run.call(module.exports, module.exports, require, module, file, dirname(file));
    return module.exports;
  };
}
