import { ShapeError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { showShape } from "../../tensor/shape.js";

/**
 * The embeddings of an example, one [batch, features] each: `prediction: [batch, count, ...]`, as a network gives that takes inputs
 * [count, ...]. Throws ShapeError.
 */
export function embeddings(what: string, prediction: Tensor, count: number): Tensor[] {
  if (prediction.rank >= 3 && prediction.shape[1] === count) {
    const flat = prediction.reshape([prediction.shape[0]!, count, -1]);
    return tf.unstack(flat, 1);
  }
  const expected = `predictions [batch, ${count}, features]: ${count} embeddings an example`;
  throw new ShapeError({ what, expected, got: showShape(prediction.shape) });
}

/** 1 for each example whose target is above 0, else 0, [batch]. `target: [batch]` or [batch, 1]. Throws ShapeError. */
export function alike(what: string, prediction: Tensor, target: Tensor): Tensor {
  const batch = prediction.shape[0]!;
  if (target.shape[0] === batch && target.size === batch) return target.reshape([batch]).greater(0).toFloat();
  const expected = `targets [${batch}], 1 where the two are alike`;
  throw new ShapeError({ what, expected, got: showShape(target.shape) });
}

/** Added to squared lengths, as PyTorch's `cosine_embedding_loss` has it: a row of zeros has a slope that is not endless. */
const tiny = 1e-12;

/** Brings each row to length 1, all but those that are shorter than about a millionth. `rows: [batch, features]`. */
export function normalized(rows: Tensor): Tensor {
  return rows.mul(rows.square().sum(-1, true).add(tiny).rsqrt());
}

/** Which row of the other embeddings belongs to each row: the same one. */
export function inOrder(rows: Tensor): Tensor {
  return tf.range(0, rows.shape[0]!, 1, "int32");
}
