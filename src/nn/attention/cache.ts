import { overwriteRows } from "../../runtime/index.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";

/** What is added to a score so that its softmax is 0. */
export const hiddenScore = -1e9;

/**
 * The keys and values that attention made of texts, so that they can go on token by token: each forward pass then takes the new
 * token of each only. The first pass takes the texts so far ([texts, time] tokens, shorter ones padded at their ends), without a
 * `position`.
 */
export class Cache {
  /**
   * `context`: the most tokens of a text. `position`: int32 [texts], where the new token of each stands, from 0. `kept`: what passes
   * before left, keys then values, float32 [2 × texts × heads × context, size] by layer; a pass puts its own in the place of it.
   */
  constructor(
    readonly context: number,
    readonly position?: Tensor,
    readonly kept = new Map<string, Tensor>(),
  ) {}

  /**
   * Adds what a layer made of this pass: keys and values, each [texts, heads, time, size]. Returns those of the whole texts: of the
   * first pass the same; later each [texts, heads, context, size], where what lies beyond the new token means nothing.
   */
  extend(layer: string, keys: Tensor, values: Tensor): [keys: Tensor, values: Tensor] {
    const { context, position } = this;
    const [texts, heads, time, size] = keys.shape as [number, number, number, number];
    const both = tf.concat([keys, values]);
    if (position === undefined) {
      const beyond: [number, number][] = [0, 0, context - time, 0].map((rows) => [0, rows]);
      this.kept.set(layer, both.pad(beyond).reshape([2 * texts * heads * context, size]));
      return [keys, values];
    }
    const begins = tf.range(0, 2 * texts * heads * context, context, "int32").reshape([2, texts, heads]);
    const places = begins.add(position.reshape([1, texts, 1])).flatten();
    const whole = overwriteRows(this.kept.get(layer)!, places, both.reshape([2 * texts * heads, size]));
    this.kept.set(layer, whole);
    return tf.unstack(whole.reshape([2, texts, heads, context, size])) as [Tensor, Tensor];
  }

  /** What hides the positions beyond the new token, [texts, 1, 1, context], to be added to scores; undefined in the first pass. */
  get mask(): Tensor | undefined {
    const at = this.position?.reshape([-1, 1, 1, 1]);
    return at && tf.range(0, this.context, 1, "int32").greater(at).toFloat().mul(hiddenScore);
  }
}
