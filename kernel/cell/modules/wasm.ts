import { readFileSync } from "node:fs";
import type { Body, Surroundings } from "./body.js";
import { ImportError } from "./import-error.js";
import type { Module } from "./namespace.js";

/** What is used here of WebAssembly's JavaScript interface; Node's types leave it to the DOM's. */
interface Assembly {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): readonly { readonly module: string }[];
  };
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly Global: new () => { readonly value: unknown };
}

const { Module: WasmModule, Instance, Global } = (globalThis as unknown as { WebAssembly: Assembly }).WebAssembly;

/**
 * A WebAssembly file as a module (WebAssembly/ES Module Integration): what it imports are modules, what it exports is the
 * namespace; exported globals show their value.
 */
export function webAssembly({ path, shown, exports }: Surroundings): Body {
  const module = compile(path, shown);
  const specifiers = [...new Set(WasmModule.imports(module).map(({ module: from }) => from))];
  const foreign = specifiers.find(isHost);
  if (foreign !== undefined) throw needsHost(foreign, shown);
  const imports: Record<string, Module> = {};
  const setters = specifiers.map((specifier) => (namespace: Module) => {
    imports[specifier] = namespace;
  });
  const execute = (): void => {
    const instance = new Instance(module, imports);
    for (const [name, value] of Object.entries(instance.exports)) {
      if (!(value instanceof Global)) exports[name] = value;
      else Object.defineProperty(exports, name, { enumerable: true, get: () => value.value });
    }
  };
  return { specifiers, setters, waits: false, execute };
}

function compile(path: string, shown: string): object {
  try {
    return new WasmModule(readFileSync(path));
  } catch (error) {
    throw new ImportError(`${shown}: expected a WebAssembly module, got ${(error as Error).message}`, { cause: error });
  }
}

/** Names that compilers give to what the embedder supplies; no modules are meant. */
function isHost(specifier: string): boolean {
  return /^(?:env|wasi_\w+|wasi|a|imports|go|gojs|wbg|__wbindgen\w*|GOT\.\w+)$/.test(specifier);
}

function needsHost(from: string, shown: string): ImportError {
  const wasi = from.startsWith("wasi") ? " (see node:wasi)" : "";
  const way = `Instantiate it: new WebAssembly.Instance(new WebAssembly.Module(readFileSync(${JSON.stringify(shown)})), { ${JSON.stringify(from)}: … })`;
  return new ImportError(
    `${shown}: expected imports that are modules, got "${from}", which the host supplies${wasi}. ${way}`,
  );
}
