/** A tensor's dimensions, outermost first. Literal where known (`readonly [28, 28, 1]`), `number` where not. */
export type Shape = readonly number[];

/** A shape as error texts and summaries show it: `[28, 28, 1]`. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The number of values in a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
