import { inspect, types } from "node:util";
import {
  className,
  dataOf,
  getPrototypeOf,
  inherited,
  keysOf,
  lengthOfTyped,
  sizeOfMap,
  sizeOfSet,
  sourceOf,
} from "./own.js";

/** How a text is coloured. */
export type Tone = "string" | "number" | "atom" | "key" | "special" | "dim" | "plain";

/** What has no parts to look at, or none that can be seen. In the place of a value it stands for itself. */
export class Leaf {
  readonly tone: Tone;
  readonly text: string;
  constructor(tone: Tone, text: string) {
    this.tone = tone;
    this.text = text;
  }
}

/** What has parts: `list` (arrays, sets), `map`, or `record` (all others). */
export interface Group {
  readonly shape: "list" | "map" | "record";
  /** Its class and size, `Map(2)`; empty for a plain object. */
  readonly title: string;
  readonly value: object;
  readonly brackets: readonly [string, string];
}

/** Longest text of a string among other values, in characters. */
const longest = 300;
/** What a value looks like from outside. No getter and no trap of a proxy runs; `nodejs.util.inspect.custom` does. */
export function lookAt(value: unknown): Leaf | Group {
  if (isLeaf(value)) return value;
  switch (typeof value) {
    case "string":
      return new Leaf("string", quoted(value));
    case "number":
      return new Leaf("number", Object.is(value, -0) ? "-0" : String(value));
    case "bigint":
      return new Leaf("number", digits(value));
    case "boolean":
    case "undefined":
      return new Leaf("atom", String(value));
    case "symbol":
      return new Leaf("special", inspect(value));
    case "function":
      return types.isProxy(value) ? behindProxy(value) : functionLook(value);
    default:
      return value === null ? new Leaf("atom", "null") : objectLook(value as object);
  }
}

/** `instanceof` would ask proxies, also those in the prototype chain. */
function isLeaf(value: unknown): value is Leaf {
  return isPlainly(value, Leaf.prototype);
}

function isPlainly(value: unknown, prototype: object): boolean {
  return typeof value === "object" && value !== null && !types.isProxy(value) && getPrototypeOf(value) === prototype;
}

function digits(value: bigint): string {
  const magnitude = value < 0n ? -value : value;
  // The digits of a BigInt of a million bits take long to find.
  return magnitude < 1n << 4096n ? `${value}n` : `${value < 0n ? "-" : ""}0x${magnitude.toString(16).slice(0, 50)}…n`;
}

function quoted(text: string): string {
  if (text.length <= longest && !/[^\p{L}\p{N}\p{P}\p{S} ]|['\\]/u.test(text)) return `'${text}'`;
  if (text.length <= longest) return inspect(text, { breakLength: Number.POSITIVE_INFINITY });
  return `${inspect(text.slice(0, longest))}… ${counted(text.length - longest)} more characters`;
}

/** What is behind a proxy cannot be seen without asking the proxy. */
function behindProxy(value: object): Leaf {
  return new Leaf("special", inspect(value, { showProxy: true, depth: -1 }).replace("[Array]", "{…}"));
}

function functionLook(value: object): Leaf | Group {
  const isClass = sourceOf.call(value).startsWith("class");
  const name = dataOf(value, "name");
  const shown = typeof name === "string" && name !== "" ? name.slice(0, 100) : "";
  const kind = isClass ? "class" : className(value) || "Function";
  const title = shown === "" ? `[${kind} (anonymous)]` : `[${kind}${isClass ? "" : ":"} ${shown}]`;
  if (keysOf(value).length === 0) return new Leaf("special", title);
  return { shape: "record", title, value, brackets: ["{", "}"] };
}

function objectLook(value: object): Leaf | Group {
  if (types.isProxy(value)) return behindProxy(value);
  const prototype = getPrototypeOf(value);
  // By far the most: the questions below would take as long as all the rest.
  if (prototype === Array.prototype && Array.isArray(value)) return list("Array", value, value.length);
  if (isOpaque(value)) return new Leaf("special", oneLine(value));
  if (typeof inherited(value, inspect.custom) === "function") return new Leaf("plain", custom(value));
  const name = prototype === Object.prototype ? "Object" : className(value);
  if (Array.isArray(value)) return list(name || "Array", value, value.length);
  if (types.isArgumentsObject(value)) return list("Arguments", value, Number(dataOf(value, "length")) || 0);
  if (types.isTypedArray(value)) return list(name, value, lengthOfTyped.call(value));
  if (types.isSet(value)) return { ...list(name, value, sizeOfSet.call(value)), brackets: ["{", "}"] };
  if (types.isMap(value)) {
    return { ...list(name, value, sizeOfMap.call(value)), shape: "map", brackets: ["{", "}"] };
  }
  return { shape: "record", title: recordTitle(value, name), value, brackets: ["{", "}"] };
}

function list(name: string, value: object, size: number): Group {
  return { shape: "list", title: `${name}(${counted(size)})`, value, brackets: ["[", "]"] };
}

function recordTitle(value: object, name: string): string {
  if (types.isModuleNamespaceObject(value)) return "Module";
  if (types.isNativeError(value)) return errorTitle(value, name);
  if (getPrototypeOf(value) === null) return "[null prototype]";
  return name === "Object" ? "" : name || "Object";
}

function errorTitle(error: Error, name: string): string {
  const own = dataOf(error, "name");
  const message = dataOf(error, "message");
  const first = typeof message === "string" ? (message.slice(0, longest).split("\n")[0] ?? "") : "";
  return `${typeof own === "string" ? own.slice(0, 100) : name}${first === "" ? "" : `: ${first}`}`;
}

/** Has no parts that a user would want to open: inspect says it all in a line. */
function isOpaque(value: object): boolean {
  return (
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isPromise(value) ||
    types.isBoxedPrimitive(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isDataView(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isGeneratorObject(value) ||
    types.isMapIterator(value) ||
    types.isSetIterator(value) ||
    types.isExternal(value) ||
    isPlainly(value, WeakRef.prototype)
  );
}

/** A value in one line, as inspect has it. Never throws. */
export function oneLine(value: object): string {
  // inspect counts all characters of such an object as its keys.
  if (types.isStringObject(value)) return `[String: ${quoted(String.prototype.valueOf.call(value))}]`;
  try {
    const options = { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 20, maxStringLength: 100 };
    return clip(inspect(value, options).replace(/\s+/g, " "), longest);
  } catch {
    return "[a value that cannot be shown]";
  }
}

function custom(value: object): string {
  try {
    const lines = inspect(value, { depth: 2, breakLength: 100, maxArrayLength: 20, maxStringLength: 200 }).split("\n");
    const shown = lines.slice(0, 20).map((line) => clip(line, longest));
    return lines.length > 20 ? [...shown, `… ${lines.length - 20} more lines`].join("\n") : shown.join("\n");
  } catch {
    return "[a value that cannot be shown]";
  }
}

/** The first characters of a text. */
export function clip(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** 1234567 → `1,234,567`. */
export function counted(count: number): string {
  return count < 1000 ? String(count) : String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
