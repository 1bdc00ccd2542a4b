export { sameShape, sizeOf } from "../runtime/dtypes.js";

/** A tensor's dimensions, outermost first. Literal where known (`readonly [28, 28, 1]`), `number` where not. */
export type Shape = readonly number[];

/** A shape as error texts and summaries show it: `[28, 28, 1]`. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
