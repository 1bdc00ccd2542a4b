import { types } from "node:util";

interface Place {
  /** Set by V8, and formatted when it is read. */
  readonly stack?: string;
}

const objects = new WeakMap<object, Place>();
let latest: { readonly value: unknown; readonly place: Place } | undefined;

/** `__thrown` of emitted cells: keeps where a value that is no Error, and so has no stack, is thrown. Gives the value. */
export function thrown<T>(value: T): T {
  if (types.isNativeError(value)) return value;
  const place: Place = {};
  Error.captureStackTrace(place, thrown);
  if ((typeof value === "object" && value !== null) || typeof value === "function") objects.set(value, place);
  else latest = { value, place };
  return value;
}

/** The stack of the place where a value was last thrown; of other values than objects, only the latest one's is known. */
export function stackOfThrown(value: unknown): string | undefined {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  const place = isObject ? objects.get(value) : latest && Object.is(latest.value, value) ? latest.place : undefined;
  return place?.stack;
}
