/** The exports of a module by name. */
export type Module = Record<string, unknown>;

/** An empty namespace; `import * as x` of a local file sees it. */
export function emptyNamespace(): Module {
  return Object.defineProperties(Object.create(null) as Module, {
    [Symbol.toStringTag]: { value: "Module" },
    // CommonJS that TypeScript or Babel compiled takes an ES module for one by this sign.
    __esModule: { value: true },
  });
}

const known = new WeakMap<Module, Module>();

/**
 * A module of Node's loader as its types describe it. Node finds only some names of a CommonJS module; the others come
 * from `module.exports`. Where that was compiled from an ES module (`__esModule`), `default` means its `default`.
 */
export function asTyped(module: Module): Module {
  const whole = module.default;
  if (!isObject(whole)) return module;
  const listed = Object.keys(module).filter((name) => !["default", "module.exports", "__esModule"].includes(name));
  if (!listed.every((name) => name in whole)) return module;
  const compiled = !!whole.__esModule && "default" in whole;
  if (!compiled && namesOf(whole).every((name) => name in module)) return module;
  const found = known.get(module);
  if (found) return found;
  const typed = emptyNamespace();
  for (const name of listed) live(typed, name, module);
  fillFrom(typed, () => whole);
  known.set(module, typed);
  return typed;
}

/** Gives a namespace the names of `module.exports`, alive, and `default`. */
export function fillFrom(namespace: Module, whole: () => unknown): void {
  const exports = whole();
  const compiled = isObject(exports) && !!exports.__esModule && "default" in exports;
  Object.defineProperty(namespace, "default", {
    configurable: true,
    enumerable: true,
    get: () => (compiled ? exports.default : whole()),
  });
  if (!isObject(exports)) return;
  for (const name of namesOf(exports)) if (!Object.hasOwn(namespace, name)) live(namespace, name, exports);
}

/** The names that `import { name }` may mean, inherited ones too: `module.exports` may be an instance. */
function namesOf(whole: Module): string[] {
  const names = new Set(Object.keys(whole));
  for (
    let level = Object.getPrototypeOf(whole);
    level !== null && !isBasic(level);
    level = Object.getPrototypeOf(level)
  ) {
    for (const name of Object.getOwnPropertyNames(level)) if (name !== "constructor") names.add(name);
  }
  names.delete("default");
  names.delete("__esModule");
  return [...names];
}

function isBasic(prototype: unknown): boolean {
  return prototype === Object.prototype || prototype === Function.prototype || prototype === Array.prototype;
}

function live(namespace: Module, name: string, from: Module): void {
  Object.defineProperty(namespace, name, { configurable: true, enumerable: true, get: () => from[name] });
}

function isObject(value: unknown): value is Module {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
