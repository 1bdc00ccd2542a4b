/** What attention and crossAttention share. */
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import type { Forward } from "../module.js";

/** `[batch, time, heads × size]` → `[batch, heads, time, size]` for each of these numbers of heads, which lie side by side. */
export function splitHeads(x: Tensor, counts: readonly number[]): Tensor[] {
  const [batch, time, width] = x.shape as [number, number, number];
  const heads = counts.reduce((sum, count) => sum + count, 0);
  const size = width / heads;
  const [first] = counts;
  if (counts.every((count) => count === first)) {
    // Equal parts come out of one transposition as they are.
    return tf.unstack(x.reshape([batch, time, counts.length, first!, size]).transpose([2, 0, 3, 1, 4]));
  }
  return tf.split(x.reshape([batch, time, heads, size]).transpose([0, 2, 1, 3]), [...counts], 1);
}

/** How {@link attend} looks at what. */
export interface Looking {
  /** Each is added to the scores [batch, heads, query, key], stretched over them. */
  readonly biases: readonly (Tensor | undefined)[];
  /** Where the weights are captured. */
  readonly path: string;
  readonly drop: (weights: Tensor, context: Forward) => Tensor;
}

/**
 * softmax(query · keyᵀ / √size + biases) · values (arXiv 1706.03762, section 3.2.1). Query [batch, heads, time, size], keys and
 * values [batch, key heads, key time, size], each of them for as many heads next to each other (arXiv 2305.13245) → [batch, time,
 * heads × size].
 */
export function attend(
  query: Tensor,
  keys: Tensor,
  values: Tensor,
  { biases, path, drop }: Looking,
  context: Forward,
): Tensor {
  const [batch, heads, time, size] = query.shape as [number, number, number, number];
  const [, keyHeads, keyTime] = keys.shape as [number, number, number, number];
  // The queries that share a key are rows of one matrix: nothing is repeated.
  const grouped = keyHeads !== heads;
  const together = (x: Tensor, width: number) =>
    grouped ? x.reshape([batch, keyHeads, (heads / keyHeads) * time, width]) : x;
  const apart = (x: Tensor, width: number) => (grouped ? x.reshape([batch, heads, time, width]) : x);
  const scores = apart(together(query.mul(Math.sqrt(1 / size)), size).matMul(keys, false, true), keyTime);
  const bias = biases.reduce<Tensor | undefined>(
    (sum, each) => (sum && each ? sum.add(each) : (sum ?? each)),
    undefined,
  );
  const weights = (bias === undefined ? scores : scores.add(bias)).softmax();
  context.capture?.(path, weights);
  return joinHeads(apart(together(drop(weights, context), keyTime).matMul(values), size));
}

/** `[batch, heads, time, size]` → `[batch, time, heads × size]` */
function joinHeads(x: Tensor): Tensor {
  const [batch, heads, time, size] = x.shape as [number, number, number, number];
  return x.transpose([0, 2, 1, 3]).reshape([batch, time, heads * size]);
}
