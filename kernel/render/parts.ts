import { inspect, types } from "node:util";
import { clip, type Group, Leaf } from "./look.js";
import {
  dataOf,
  entriesOfMap,
  getOwn,
  keysOf,
  lengthOfTyped,
  sizeOfMap,
  sizeOfSet,
  sourceOf,
  valuesOfSet,
} from "./own.js";

/** One part of a group. */
export interface Part {
  readonly label?: string;
  /** The key of a map's entry; in an array of its own, for it may be undefined. */
  readonly key?: readonly [unknown];
  readonly value: unknown;
}

/** The parts that are looked at, and how many there are in all. */
export interface Parts {
  readonly parts: readonly Part[];
  readonly count: number;
}

/** Array indices that are tried for each part that is wanted, in arrays with holes. */
const patience = 10;

function held(found: PropertyDescriptor | undefined): unknown {
  return found?.get || found?.set ? new Leaf("dim", "(…)") : found?.value;
}

/** What a property holds, and a mark in its place where only running code could tell. */
function read(value: object, key: string | symbol): unknown {
  try {
    return held(getOwn(value, key));
  } catch {
    // A name of a module that has not got its value yet.
    return new Leaf("dim", "<uninitialized>");
  }
}

/** The first parts of a group, at most `most`. */
export function partsOf({ value, shape }: Group, most: number): Parts {
  if (types.isTypedArray(value)) return typed(value, most);
  if (types.isMap(value)) return entries(value, most);
  if (types.isSet(value)) return members(value, most);
  if (shape === "list") return items(value as ArrayLike<unknown>, most);
  const { parts, count } = properties(value, most);
  if (!types.isNativeError(value)) return { parts, count };
  const more = errorParts(value);
  return { parts: [...more, ...parts].slice(0, most), count: count + more.length };
}

function typed(value: NodeJS.TypedArray, most: number): Parts {
  const count = lengthOfTyped.call(value);
  return { parts: Array.from({ length: Math.min(count, most) }, (_, index) => ({ value: value[index] })), count };
}

function entries(value: Map<unknown, unknown>, most: number): Parts {
  const parts: Part[] = [];
  const iterator = entriesOfMap.call(value);
  for (let next = iterator.next(); !next.done && parts.length < most; next = iterator.next()) {
    parts.push({ key: [next.value[0]], value: next.value[1] });
  }
  return { parts, count: sizeOfMap.call(value) };
}

function members(value: Set<unknown>, most: number): Parts {
  const parts: Part[] = [];
  const iterator = valuesOfSet.call(value);
  for (let next = iterator.next(); !next.done && parts.length < most; next = iterator.next()) {
    parts.push({ value: next.value });
  }
  return { parts, count: sizeOfSet.call(value) };
}

function items(value: ArrayLike<unknown>, most: number): Parts {
  const length = Number(dataOf(value, "length")) || 0;
  const parts: Part[] = [];
  let holes = 0;
  let index = 0;
  const noteHoles = (): void => {
    if (holes > 0) parts.push({ value: new Leaf("dim", `<${holes} empty ${holes === 1 ? "item" : "items"}>`) });
    holes = 0;
  };
  let present = 0;
  for (; index < length && parts.length < most && index < most * patience; index++) {
    const found = getOwn(value, index);
    if (found === undefined) holes += 1;
    else {
      noteHoles();
      present += 1;
      parts.push({ value: held(found) });
    }
  }
  noteHoles();
  // Counting the keys of a long array would take longer than anyone wants to wait. Indices come first among them.
  const named = length <= most ? properties(value, most, present) : { parts: [], count: 0 };
  const count = length - index + parts.length + named.count;
  return { parts: [...parts, ...named.parts], count };
}

/** More own names than this, and symbols are not looked for: it would take as long again. */
const many = 1000;

function properties(value: object, most: number, skipped = 0): Parts {
  const all = keysOf(value);
  const names = skipped === 0 ? all : all.slice(skipped);
  const symbols =
    names.length > many ? [] : Object.getOwnPropertySymbols(value).filter((key) => getOwn(value, key)?.enumerable);
  const shown = [...names.slice(0, most), ...symbols].slice(0, most);
  const parts = shown.map((key): Part => ({ label: labelOf(key), value: read(value, key) }));
  return { parts, count: names.length + symbols.length };
}

function labelOf(key: string | symbol): string {
  if (typeof key === "symbol") return `[${clip(String(key), 100)}]`;
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(key) ? clip(key, 100) : inspect(clip(key, 100));
}

/** What errors have that is not enumerable. */
function errorParts(error: Error): Part[] {
  const stack = stackOf(error);
  const frames =
    typeof stack === "string"
      ? stack
          .slice(-20_000)
          .split("\n")
          .filter((line) => /^ {4}at /.test(line))
      : [];
  const parts: Part[] = frames.length === 0 ? [] : [{ label: "stack", value: new Leaf("dim", framed(frames)) }];
  for (const label of ["cause", "errors"]) {
    const found = getOwn(error, label);
    if (found && !found.enumerable) parts.push({ label, value: read(error, label) });
  }
  return parts;
}

/** In newer versions of V8 the stack of an error is a getter, and V8's own may be called. */
function stackOf(error: Error): unknown {
  const found = getOwn(error, "stack");
  if (!found?.get || !sourceOf.call(found.get).includes("[native code]")) return found?.value;
  return found.get.call(error);
}

function framed(frames: readonly string[]): string {
  const shown = frames.slice(0, 10).map((line) => clip(line.trim(), 200));
  return [...shown, ...(frames.length > 10 ? [`… ${frames.length - 10} more frames`] : [])].join("\n");
}
