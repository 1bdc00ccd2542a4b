import vm from "node:vm";
import type { EmittedCell } from "../threads.js";
import { Held } from "./held.js";
import type { Importer } from "./imports.js";
import type { CellMagics } from "./magics/magics.js";
import { fileOf, rememberSource } from "./stack.js";
import { thrown } from "./thrown.js";

/** The notebook's names, alive: all cells read and write the same properties. */
export type Scope = Record<string, unknown>;

type Body = (
  scope: Scope,
  importer: Importer,
  defined: (...names: string[]) => void,
  hold: () => Held,
  magic: CellMagics | undefined,
  marked: typeof thrown,
  require: NodeJS.Require,
  module: { exports: unknown },
  exports: unknown,
  filename: string,
  dirname: string,
) => Promise<readonly [unknown] | undefined>;

const parameters =
  "__scope, __import, __defined, __hold, __magic, __thrown, require, module, exports, __filename, __dirname";

/**
 * Runs an emitted cell in this realm, up to its first `await` at once.
 *
 * @returns `[value]` of the last expression, undefined when the cell has none
 */
export function evaluate(
  emitted: EmittedCell,
  scope: Scope,
  importer: Importer,
  defined: Set<string>,
  magic?: CellMagics,
): Promise<readonly [unknown] | undefined> {
  rememberSource(emitted);
  // The function around it makes `this` undefined, as in a module, and keeps `arguments` from the cell's own.
  const wrapped = `(function () { "use strict"; return async (${parameters}) => {\n${emitted.js}\n}; })()`;
  const script = new vm.Script(wrapped, { filename: fileOf(emitted.count), lineOffset: -1 });
  const body = script.runInThisContext() as Body;
  const define = (...names: string[]): void => {
    for (const name of names) defined.add(name);
  };
  const { require, module, filename, dirname } = importer.commonjs;
  return body(
    scope,
    importer,
    define,
    () => new Held(),
    magic,
    thrown,
    require,
    module,
    module.exports,
    filename,
    dirname,
  );
}
