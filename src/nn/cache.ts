import { overwriteRows } from "../runtime/index.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";

/** What is added to a score so that its softmax is 0. */
export const hiddenScore = -1e9;

/**
 * The keys and values that attention made of one text, so that the text can go on token by token: each forward pass then takes
 * the new token only. The first pass takes the text so far ([1, time] tokens), without a `position`.
 */
export class Cache {
  /**
   * `context`: the most tokens of a text. `position`: int32 [1], where the new token stands, from 0. `kept`: what passes before
   * left, float32 [heads × context, size] by name; a pass puts its own in the place of it.
   */
  constructor(
    readonly context: number,
    readonly position?: Tensor,
    readonly kept = new Map<string, Tensor>(),
  ) {}

  /**
   * Adds what a layer made of this pass: `added: [1, heads, time, size]`. Returns what there is of the whole text: of the first
   * pass the same; later [1, heads, context, size], where what lies beyond the new token means nothing.
   */
  extend(name: string, added: Tensor): Tensor {
    const { context, position } = this;
    const [, heads, time, size] = added.shape as [number, number, number, number];
    const rows = [heads * context, size];
    if (position === undefined) {
      const whole = added.pad([
        [0, 0],
        [0, 0],
        [0, context - time],
        [0, 0],
      ]);
      this.kept.set(name, whole.reshape(rows));
      return added;
    }
    const places = tf.range(0, heads * context, context, "int32").add(position);
    const whole = overwriteRows(this.kept.get(name)!, places, added.reshape([heads, size]));
    this.kept.set(name, whole);
    return whole.reshape([1, heads, context, size]);
  }

  /** What hides the positions beyond the new token, to be added to scores [..., context]; undefined in the first pass. */
  get mask(): Tensor | undefined {
    return this.position && tf.range(0, this.context, 1, "int32").greater(this.position).toFloat().mul(hiddenScore);
  }
}
