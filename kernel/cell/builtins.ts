/** A function of JavaScript or Node, as it was before the first cell. */
interface Builtin {
  readonly name: string;
  readonly owner: object;
  readonly key: PropertyKey;
  readonly descriptor: PropertyDescriptor;
}

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { ownKeys } = Reflect;

const objects = [Object, Function, Array, String, Number, Symbol, Promise, RegExp, Error, Map, Set, WeakMap, WeakRef];
const iterators = [[].values(), new Map().values(), new Set().values(), "".matchAll(/x/g), ""[Symbol.iterator]()];
/** Their absence breaks the kernel or Node; others that Node makes when they are first read shall stay unread. */
const globals = ["process", "Buffer", "console", "globalThis", "URL", "setTimeout", "setImmediate", "queueMicrotask"];

function functionsOf(owner: object, name: string): Builtin[] {
  return ownKeys(owner).flatMap((key): Builtin[] => {
    const descriptor = getOwnPropertyDescriptor(owner, key);
    if (typeof descriptor?.value !== "function") return [];
    const full = typeof key === "symbol" ? `${name}[${key.description}]` : `${name}.${key}`;
    return [{ name: full, owner, key, descriptor }];
  });
}

const builtins: readonly Builtin[] = [
  ...globals.map((key): Builtin => {
    const value: unknown = (globalThis as Record<string, unknown>)[key];
    const descriptor = { value, writable: true, enumerable: false, configurable: true };
    return { name: key, owner: globalThis, key, descriptor };
  }),
  ...objects.flatMap((owner) => [
    ...functionsOf(owner, owner.name),
    ...functionsOf(owner.prototype as object, `${owner.name}.prototype`),
  ]),
  ...iterators.flatMap((iterator) => functionsOf(getPrototypeOf(iterator) as object, "an iterator")),
  ...functionsOf(JSON, "JSON"),
  ...functionsOf(Math, "Math"),
  ...functionsOf(Reflect, "Reflect"),
  ...functionsOf(Atomics, "Atomics"),
];

/**
 * Cells run in the kernel's realm: one that takes `Array.prototype[Symbol.iterator]` away takes it from the kernel too, which
 * then could not even say that the cell has ended. Puts back, and says so, what is nothing to call any more; what a cell
 * replaced by a function of its own stays.
 */
export function mendBuiltins(): void {
  let mended = "";
  // Neither iterators nor array methods, for they may be what is missing.
  for (let at = 0; at < builtins.length; at++) {
    const { name, owner, key, descriptor } = builtins[at] as Builtin;
    const present = (owner as Record<PropertyKey, unknown>)[key];
    if (typeof present === typeof descriptor.value && present !== null) continue;
    try {
      defineProperty(owner, key, descriptor);
      mended += mended === "" ? name : `, ${name}`;
    } catch {
      // A cell has frozen it as it is now.
    }
  }
  if (mended !== "") process.stderr.write(`Put back, because the kernel and packages need it: ${mended}\n`);
}
