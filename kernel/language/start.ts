/**
 * The language thread's first script. TypeScript is most of what it must load, nine megabytes of text: as a CommonJS module
 * from V8's code cache that takes a tenth of a second, as an import seven times as long. The rest is `thread.ts`.
 */
import { readFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { cacheFolder } from "../../src/runtime/location.js";
import { readCode, saveCode } from "./code-cache.js";

const require = createRequire(import.meta.url);
/** The other modules and the first cells come first, ms. */
const patience = 10_000;

/** Where the compiled code lies: V8 takes only what the same Node made of the same text. */
function cacheFile(): string {
  const { version } = require("typescript/package.json") as { version: string };
  return join(cacheFolder(), "compiled", `typescript-${version}-${process.version}-${process.arch}.bin`);
}

/** Loads TypeScript where `require` finds it; gives what is to be done when there is time, to be quicker the next time. */
function load(path: string, file: string): (() => void) | undefined {
  const cachedData = readCode(file);
  const source = Module.wrap(readFileSync(path, "utf8"));
  const script = new Script(source, { filename: path, ...(cachedData ? { cachedData } : {}) });
  const module = new Module(path);
  module.filename = path;
  require.cache[path] = module;
  const own = createRequire(path);
  script.runInThisContext()(module.exports, own, module, path, dirname(path));
  module.loaded = true;
  return cachedData && !script.cachedDataRejected ? undefined : () => saveCode(file, script.createCachedData());
}

const path = require.resolve("typescript");
try {
  const later = load(path, cacheFile());
  if (later) setTimeout(later, patience).unref();
} catch {
  // Without our way of loading it Node's own is slower, and says what is wrong.
  delete require.cache[path];
}
await import("./thread.js");
