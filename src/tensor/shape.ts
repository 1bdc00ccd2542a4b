/** A tensor's dimensions, outermost first. Literal where known (`readonly [28, 28, 1]`), `number` where not. */
export type Shape = readonly number[];
