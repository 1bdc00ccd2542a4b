import { ShapeError } from "../../errors.js";
import { type Shape, showShape } from "../shape.js";
import type { Dims, Open, Same, ShowDims } from "./dims.js";

/** The shape of two operands together, as NumPy broadcasts: from the last axis on, 1 becomes anything. Never where they clash. */
export type Broadcast<A extends Dims, B extends Dims> = true extends Open<A> | Open<B> ? number[] : Aligned<A, B>;

type Aligned<A extends Dims, B extends Dims, Done extends Dims = []> = A extends readonly [
  ...infer As extends Dims,
  infer X extends Dims[number],
]
  ? B extends readonly [...infer Bs extends Dims, infer Y extends Dims[number]]
    ? [Joined<X, Y>] extends [never]
      ? never
      : Aligned<As, Bs, [Joined<X, Y>, ...Done]>
    : [...A, ...Done]
  : [...B, ...Done];

type Joined<X extends Dims[number], Y extends Dims[number]> = [X] extends [1] ? Y : [Y] extends [1] ? X : Same<X, Y>;

/** `unknown` where the shapes broadcast, else the message that {@link broadcast} throws. */
export type Broadcasts<Name extends string, A extends Dims, B extends Dims> = [Broadcast<A, B>] extends [never]
  ? `${Name}: expected a shape that broadcasts with ${ShowDims<A>}, got ${ShowDims<B>}`
  : unknown;

/** {@link Broadcast} at run time. Throws ShapeError. */
export function broadcast(name: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, index) => {
    const x = a[index - rank + a.length] ?? 1;
    const y = b[index - rank + b.length] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    const hint =
      b.length < a.length && a.includes(b[0] ?? -1)
        ? { hint: "Axes are matched from the last one on: expandDims puts one in." }
        : {};
    throw new ShapeError({
      what: name,
      expected: `a shape that broadcasts with ${showShape(a)}`,
      got: showShape(b),
      ...hint,
    });
  });
}
