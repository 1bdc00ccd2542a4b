export { sameShape, sizeOf } from "../runtime/dtypes.js";

/** A tensor's dimensions, outermost first. Literal where known (`readonly [28, 28, 1]`), `number` where not. */
export type Shape = readonly number[];

/** The same shape as a list that is nobody's constant: [28, 28] of `readonly [28, 28]`. */
export type Writable<S extends Shape> = S extends readonly [...infer Sizes extends Shape] ? [...Sizes] : never;

/** A shape as error texts and summaries show it: `[28, 28, 1]`. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
