/** What layers of the user's own have in common: their types, and errors that name them. */
import { InterruptedError, MemoryError, ShapeError, ValueError } from "../errors.js";
import * as tf from "../runtime/tf.js";
import { show } from "../tensor/arguments.js";
import type { ShowShape } from "../tensor/arithmetic.js";
import { type Shape, sameShape, showShape } from "../tensor/shape.js";
import { type given, type Layer, placeHint, type Reject, type yields } from "./layer.js";
import type { Scope } from "./scope.js";

/** The type of a layer `Name` that takes the shape `I` and gives the shape `O`, as far as its author said. */
export interface Custom<Name extends string, I extends Shape, O extends Shape> extends Layer {
  readonly [yields]: this[typeof given] extends infer G extends Shape ? CustomOutput<Name, G, I, O> : never;
}

type CustomOutput<Name extends string, G extends Shape, I extends Shape, O extends Shape> = number extends G["length"]
  ? Writable<O>
  : G extends I
    ? Writable<O>
    : I extends G
      ? Writable<O>
      : Reject<Name, ShowShape<I>, G>;

type Writable<S extends Shape> = number extends S["length"]
  ? Shape
  : S extends readonly [...infer Sizes extends Shape]
    ? [...Sizes]
    : Shape;

/** Runs what the user wrote; an error that comes out of it names the layer and where it sits. */
export function inLayer<T>(name: string, doing: string, scope: Scope, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof InterruptedError || cause instanceof MemoryError) throw cause;
    throw new ValueError(
      { what: name, expected: `no error in ${doing}`, got: text(cause), ...placeHint(scope) },
      { cause },
    );
  }
}

/** What came out of a layer. Throws ValueError unless it is a tensor, ShapeError unless it is of this shape. */
export function checked(name: string, value: unknown, shape: Shape, scope: Scope): tf.Tensor {
  if (!(value instanceof tf.Tensor)) {
    throw new ValueError({ what: name, expected: "forward to give a tensor", got: show(value), ...placeHint(scope) });
  }
  if (sameShape(value.shape, shape)) return value;
  const expected = `forward to give ${showShape(shape)}`;
  throw new ShapeError({ what: name, expected, got: showShape(value.shape), ...placeHint(scope) });
}

/** Throws ValueError unless it is a shape. */
export function checkShape(name: string, shape: unknown, scope: Scope): asserts shape is Shape {
  const fits = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size > 0);
  if (fits) return;
  const expected = "output to be the shape of one example, like [28, 28, 1]";
  throw new ValueError({ what: name, expected, got: show(shape), ...placeHint(scope) });
}

function text(cause: unknown): string {
  return (cause instanceof Error ? `${cause.name}: ${cause.message}` : show(cause)).replace(/\.$/, "");
}
