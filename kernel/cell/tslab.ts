import { createRequire } from "node:module";
import type { Host, Rendered } from "../../src/door.js";
import type { Importer } from "./imports.js";

/** What tslab's display API hands to its kernel (`writeDisplayData` in its `jupyter.js`). */
interface DisplayData extends Rendered {
  readonly transient: { readonly display_id?: string };
}

/** The module of tslab that knows its kernel. */
interface TslabKernel {
  lastWriteDisplayData: ((shown: DisplayData, update?: boolean) => void) | null;
}

const { cache } = createRequire(import.meta.url);

/**
 * Lets `import * as tslab from "tslab"` draw through this kernel. It is tslab's own package, the notebook's or the one that
 * Nabla carries: wherever an import brings one in, it is told that this kernel shows what it displays.
 */
export function withTslab(importer: Importer, host: Host): Importer {
  const show = ({ data, metadata, transient }: DisplayData, update = false): void => {
    if (update && transient.display_id !== undefined) host.update(transient.display_id, { data, metadata });
    else host.display({ data, metadata }, transient.display_id);
  };
  const connect = (): void => {
    for (const [path, module] of Object.entries(cache)) {
      if (!/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path)) continue;
      (module?.exports as TslabKernel).lastWriteDisplayData ??= show;
    }
  };
  const wrapped = async (specifier: unknown): ReturnType<Importer> => {
    const module = await importer(specifier);
    connect();
    return module;
  };
  const { require } = importer.commonjs;
  const wrappedRequire = (specifier: string): unknown => {
    const module: unknown = require(specifier);
    connect();
    return module;
  };
  const commonjs = { ...importer.commonjs, require: Object.assign(wrappedRequire, require) };
  return Object.assign(wrapped, importer, { commonjs });
}
