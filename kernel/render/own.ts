/** Looking at objects without running code of theirs. */
import { types } from "node:util";

// As they were before any cell could replace them.
export const getOwn = Object.getOwnPropertyDescriptor;
export const { getPrototypeOf, keys: keysOf } = Object;
const { hasOwn } = Object;
export const sizeOfMap = getOwn(Map.prototype, "size")?.get as (this: unknown) => number;
export const sizeOfSet = getOwn(Set.prototype, "size")?.get as (this: unknown) => number;
export const entriesOfMap = Map.prototype.entries;
export const valuesOfSet = Set.prototype.values;
export const sourceOf = Function.prototype.toString;
export const lengthOfTyped = getOwn(getPrototypeOf(Uint8Array.prototype) as object, "length")?.get as (
  this: unknown,
) => number;

/** The name of the class, found without running code of the value; empty for objects without prototype. */
export function className(value: object): string {
  const maker = inherited(value, "constructor");
  const name = typeof maker === "function" && !types.isProxy(maker) ? dataOf(maker, "name") : undefined;
  return typeof name === "string" ? name.slice(0, 100) : "";
}

/** A data property of the value or of what it inherits from. */
export function inherited(value: object, key: string | symbol): unknown {
  let at: object | null = value;
  for (let depth = 0; at !== null && depth < 100 && !types.isProxy(at); depth++) {
    if (hasOwn(at, key)) return getOwn(at, key)?.value;
    at = getPrototypeOf(at) as object | null;
  }
  return undefined;
}

/** An own data property; undefined for getters. */
export function dataOf(value: object, key: string): unknown {
  return getOwn(value, key)?.value;
}
