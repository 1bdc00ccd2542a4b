import vm from "node:vm";
import type { EmittedCell } from "../threads.js";
import type { Importer } from "./imports.js";
import { fileOf, rememberSource } from "./stack.js";

/** The notebook's names, alive: all cells read and write the same properties. */
export type Scope = Record<string, unknown>;

type Body = (
  scope: Scope,
  importer: Importer,
  defined: (...names: string[]) => void,
) => Promise<readonly [unknown] | undefined>;

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
): Promise<readonly [unknown] | undefined> {
  rememberSource(emitted);
  const wrapped = `(async (__scope, __import, __defined) => { "use strict";\n${emitted.js}\n})`;
  const script = new vm.Script(wrapped, { filename: fileOf(emitted.count), lineOffset: -1 });
  const body = script.runInThisContext() as Body;
  return body(scope, importer, (...names) => {
    for (const name of names) defined.add(name);
  });
}
