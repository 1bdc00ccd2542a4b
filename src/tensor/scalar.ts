import { ShapeError } from "../errors.js";
import * as tf from "../runtime/tf.js";
import { show } from "./arguments.js";
import { showShape } from "./shape.js";

/** One number, whatever its rank, as a scalar. `hint`: how whoever made it gets there. Throws ShapeError for all else. */
export function scalarOf(what: string, value: unknown, hint: string): tf.Scalar {
  if (value instanceof tf.Tensor && value.size === 1) return value.asScalar();
  const got = value instanceof tf.Tensor ? showShape(value.shape) : show(value);
  throw new ShapeError({ what, expected: "one number", got, hint });
}
