/** Checks of what an optimizer is to remember. */
import { ShapeError, ValueError } from "../errors.js";
import { nearest } from "../nearest.js";
import type { Tensor } from "../runtime/tf.js";
import { show } from "../tensor/arguments.js";
import { sameShape, showShape } from "../tensor/shape.js";

/** The name of the losses of the epochs that have ended, [epochs], among what is remembered. */
export const lossesName = "epochLosses";

/** Tensors by name, as far as their shapes go. */
type Shapes = ReadonlyMap<string, { readonly shape: number[] }>;

/** The steps of each of so many parameters. Throws ValueError unless it is a number of steps, or a list of one for each. */
export function stepsOfEach(label: string, count: number, steps: number | readonly number[]): readonly number[] {
  const list = typeof steps === "number" ? new Array<number>(count).fill(steps) : steps;
  const fits =
    Array.isArray(list) && list.length === count && list.every((one) => Number.isSafeInteger(one) && one >= 0);
  if (fits) return list;
  const expected = `a whole number from 0, or a list of ${count}, one for each parameter`;
  throw new ValueError({ what: `${label}: restore: steps`, expected, got: show(steps) });
}

/** Throws ValueError where the state has a name that is not expected. */
export function checkNames(label: string, expected: Shapes, state: ReadonlyMap<string, Tensor>): void {
  for (const name of state.keys()) {
    if (expected.has(name) || name === lossesName) continue;
    const near = nearest(name, [...expected.keys()]);
    throw new ValueError({
      what: `${label}: restore`,
      expected: expected.size === 0 ? "no memory, for it has none" : "memory of its own weights",
      got: `'${name}'`,
      ...(near !== undefined && { hint: `Did you mean '${near}'?` }),
    });
  }
}

/** Throws ValueError where the state lacks a name, and ShapeError where it has another shape. */
export function checkValues(label: string, expected: Shapes, state: ReadonlyMap<string, Tensor>): void {
  const what = `${label}: restore`;
  for (const [name, { shape }] of expected) {
    const value = state.get(name);
    if (value === undefined) throw new ValueError({ what, expected: `a value for '${name}'`, got: "none" });
    if (!sameShape(value.shape, shape)) {
      throw new ShapeError({ what: `${what}: ${name}`, expected: showShape(shape), got: showShape(value.shape) });
    }
  }
}
