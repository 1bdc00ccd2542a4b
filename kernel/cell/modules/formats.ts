import { readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { codeFrame } from "../../protocol/code-frame.js";
import { rememberFile } from "../stack.js";
import type { Body, Surroundings } from "./body.js";
import { ImportError } from "./import-error.js";
import { fillFrom, type Module } from "./namespace.js";
import { importName, redirectImports, type Transpiled, toCommonJs, toSystem } from "./transpile.js";
import { webAssembly } from "./wasm.js";

/** Reads a file and makes of it what can be run; nothing of it runs yet. Throws {@link ImportError}. */
export function readBody(around: Surroundings): Body {
  const { path } = around;
  switch (extname(path)) {
    case ".ts":
    case ".mts":
    case ".tsx":
    case ".jsx":
    case ".mjs":
      return system(textOf(around), around);
    case ".cts":
      return commonJs(textOf(around), around, toCommonJs(textOf(around), path, around.shown, around.project));
    case ".cjs":
      return commonJs(textOf(around), around);
    case ".js":
      return script(textOf(around), around);
    case ".json":
      return json(around);
    case ".wasm":
      return webAssembly(around);
    default:
      throw unsupported(around);
  }
}

function textOf({ path, shown }: Surroundings): string {
  const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  if (text.includes("\0")) throw new ImportError(`${shown}: expected text, got a binary file.`);
  return text;
}

function unsupported({ path, shown }: Surroundings): ImportError {
  const kind = extname(path) ? `a ${extname(path)} file` : "a file without extension";
  const way = `To read it: readFileSync(${JSON.stringify(shown)}) from node:fs.`;
  return new ImportError(`${shown}: expected TypeScript, JavaScript, JSON or WebAssembly, got ${kind}. ${way}`);
}

/** `.js` is what its `package.json` says; where that says nothing, CommonJS if it can be parsed as such (as Node 22 does). */
function script(code: string, around: Surroundings): Body {
  if (around.type === "module") return system(code, around);
  if (around.type === "commonjs") return commonJs(code, around);
  try {
    new vm.Script(wrap(code), { filename: around.path });
  } catch {
    return system(code, around);
  }
  return commonJs(code, around);
}

interface SystemModule {
  readonly setters: readonly ((namespace: Module) => void)[];
  execute(): void | Promise<void>;
}

interface SystemContext {
  readonly meta: object;
  readonly id: string;
  import(specifier: unknown): Promise<Module>;
}

type Exporter = (name: string | Module, value?: unknown) => unknown;
type Declare = (exporter: Exporter, context: SystemContext) => SystemModule;

function system(code: string, around: Surroundings): Body {
  const { path, exports, changed } = around;
  let specifiers: readonly string[] = [];
  let declare: Declare | undefined;
  const System = {
    register: (...args: readonly unknown[]) => {
      [specifiers, declare] = args.slice(-2) as [readonly string[], Declare];
    },
  };
  const names = "System, require, __filename, __dirname";
  const factory = run(names, code, around, toSystem(code, path, around.shown, around.project));
  factory(System, around.require, path, dirname(path));
  const exporter: Exporter = (name, value) => {
    const entries = typeof name === "string" ? [[name, value] as const] : Object.entries(name);
    const news = entries.filter(([key, each]) => !Object.hasOwn(exports, key) || !Object.is(exports[key], each));
    for (const [key, each] of news) exports[key] = each;
    // Modules that export everything of each other would tell each other the same for ever.
    if (news.length > 0) changed();
    return typeof name === "string" ? value : name;
  };
  const context = { meta: around.meta, id: path, import: around.import };
  const { setters, execute } = (declare as Declare | undefined)?.(exporter, context) ?? { setters: [], execute() {} };
  // As in an ES module, `this` is undefined.
  return {
    specifiers,
    setters,
    waits: execute.constructor.name === "AsyncFunction",
    execute: () => execute.call(undefined as never),
  };
}

const parameters = `exports, require, module, __filename, __dirname, ${importName}`;

function commonJs(code: string, around: Surroundings, transpiled?: Transpiled): Body {
  const { path, require, exports } = around;
  const factory = run(parameters, code, around, { ...transpiled, js: redirectImports(transpiled?.js ?? code) });
  const folder = dirname(path);
  const module = {
    exports: {} as unknown,
    id: path,
    filename: path,
    path: folder,
    paths: require.resolve.paths("x") ?? [],
    loaded: false,
    children: [],
    require,
  };
  const execute = (): void => {
    factory.call(module.exports, module.exports, require, module, path, folder, around.import);
    module.loaded = true;
    fillFrom(exports, () => module.exports);
    around.changed();
  };
  return { specifiers: [], setters: [], waits: false, execute, commonjs: module };
}

type Factory = (...args: readonly unknown[]) => void;

const versions = new Map<string, number>();

/** What V8 calls a file: its URL, from its second version on with a number, so that stack traces show the right text. */
function nextUrl(path: string): string {
  const version = (versions.get(path) ?? 0) + 1;
  versions.set(path, version);
  return pathToFileURL(path).href + (version === 1 ? "" : `?${version}`);
}

/** Compiles a function of that code, without adding a line before its first. */
function run(names: string, code: string, { path, shown }: Surroundings, { js, map }: Transpiled): Factory {
  const url = nextUrl(path);
  const data = map === undefined ? undefined : Buffer.from(located(map, path)).toString("base64");
  const link = data === undefined ? "" : `//# sourceMappingURL=data:application/json;base64,${data}\n`;
  try {
    const factory = new vm.Script(`${wrap(js, names)}\n${link}`, {
      filename: url,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }).runInThisContext() as Factory;
    rememberFile(url, map === undefined ? { code } : { code, map });
    return factory;
  } catch (error) {
    throw wrongScript(error, code, url, shown);
  }
}

function wrap(js: string, names = parameters): string {
  // A first line that starts with #! is a comment to Node.
  return `(function (${names}) {${js.replace(/^#!/, "//")}\n})`;
}

/** The map with the file's URL as its source: debuggers bind breakpoints by it. */
function located(map: string, path: string): string {
  return JSON.stringify({
    ...JSON.parse(map),
    file: basename(path),
    sourceRoot: "",
    sources: [pathToFileURL(path).href],
  });
}

/** V8 tells the place of a syntax error only in the first line of its stack. */
function wrongScript(error: unknown, code: string, url: string, shown: string): unknown {
  if (!(error instanceof SyntaxError)) return error;
  const [first = "", , marked = ""] = String(error.stack).split("\n");
  const line = Number(first.startsWith(`${url}:`) ? first.slice(url.length + 1) : 1);
  const place = { line, column: line === 1 ? 1 : marked.indexOf("^") + 1 || 1 };
  return new ImportError(
    [`${shown}:${place.line}:${place.column} ${error.message}`, ...codeFrame(code, place)].join("\n"),
  );
}

function json(around: Surroundings): Body {
  const { exports, shown } = around;
  const execute = (): void => {
    const text = textOf(around);
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch (error) {
      throw new ImportError(`${shown}: expected JSON, got ${text === "" ? "an empty file" : (error as Error).message}`);
    }
    if (typeof content === "object" && content !== null && !Array.isArray(content)) Object.assign(exports, content);
    exports.default = content;
  };
  const commonjs = {
    get exports() {
      return exports.default;
    },
  };
  return { specifiers: [], setters: [], waits: false, execute, commonjs };
}

/** `type` of the nearest `package.json` above a file. */
export function packageType(path: string): string | undefined {
  const folder = dirname(path);
  if (basename(folder) === "node_modules") return undefined;
  try {
    const { type } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { type?: unknown };
    return typeof type === "string" ? type : undefined;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return missing && folder !== dirname(folder) ? packageType(folder) : undefined;
  }
}
