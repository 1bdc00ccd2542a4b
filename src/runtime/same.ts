/** What makes two traces of a function equal. */
import type { Attribute } from "./attributes.js";
import { sameShape } from "./dtypes.js";
import type { Values } from "./tensors.js";

/** Values that came from JavaScript and are the same in every run. */
export interface Constant {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly values: Values;
}

/** Where a tensor comes from, so that two traces can be compared. */
export type Origin =
  | { readonly kind: "result"; readonly operation: number; readonly index: number }
  | { readonly kind: "constant"; readonly constant: Constant }
  | { readonly kind: "feed"; readonly feed: number }
  | { readonly kind: "input"; readonly input: number }
  | { readonly kind: "outside"; readonly id: number };

/** Whether two traces have a tensor from the same place. */
export function sameOrigin(a: Origin, b: Origin): boolean {
  if (a.kind === "constant" && b.kind === "constant") return sameConstant(a.constant, b.constant);
  return Object.entries(a).every(([key, value]) => (b as unknown as Record<string, unknown>)[key] === value);
}

/** Whether two constants are equal to the bit. */
export function sameConstant(a: Constant, b: Constant): boolean {
  if (a === b) return true;
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape) || a.values.length !== b.values.length) return false;
  const values = b.values;
  return Array.from(a.values as ArrayLike<unknown>).every((value, index) => {
    const other = values[index];
    if (value instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(value, other) === 0;
    return Object.is(value, other);
  });
}

/** Whether two operations are asked for in the same way. */
export function sameAttributes(a: readonly Attribute[], b: readonly Attribute[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, value }, index) => {
      const other = b[index]!;
      return name === other.name && (value === other.value || text(value) === text(other.value));
    })
  );
}

function text(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? `${part}n` : part)) ?? String(value);
}
