import { ValueError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { type Cache, hiddenScore } from "./cache.js";

/** What a position may see. */
export interface SightOptions {
  /** Each position sees itself and what came before it. Default true. */
  readonly causal?: boolean;
  /** Each position sees itself and the `window − 1` next to it on either side, as far as it sees at all (arXiv 2004.05150). */
  readonly window?: number;
  /** Whether `query` may see `key`, two positions from 0, of those that it sees otherwise. Asked once, when the model is made. */
  readonly mask?: (query: number, key: number) => boolean;
}

/** What is added to scores, so that the softmax of what is hidden is 0. */
export interface Hiding {
  /** [time, time] for a text of this length; undefined where nothing is hidden. */
  whole(time: number): Tensor | undefined;
  /** [texts, 1, 1, context] for the new tokens of texts that go on. */
  next(cache: Cache): Tensor | undefined;
}

/** What is hidden in texts of at most `longest` positions. Throws ValueError where a position would see nothing. */
export function hiding(name: string, longest: number, { causal = true, window, mask }: SightOptions): Hiding {
  if (!causal && window === undefined && mask === undefined) {
    return { whole: () => undefined, next: (cache) => cache.mask };
  }
  const near = window ?? Number.POSITIVE_INFINITY;
  const sees = (query: number, key: number) =>
    Math.abs(query - key) < near && !(causal && key > query) && (mask?.(query, key) ?? true);
  const isCausalOnly = window === undefined && mask === undefined;
  if (mask !== undefined) mustSee(name, longest, sees);
  const masks = new Map<number, Float32Array>();
  const whole = (time: number): Tensor => {
    let values = masks.get(time);
    if (values === undefined) {
      values = isCausalOnly ? laterHidden(time) : unseenHidden(time, sees);
      if (time === longest) masks.set(time, values);
    }
    return tf.tensor(values, [time, time], "float32");
  };
  const rowsAt = (position: Tensor) => tf.gather(whole(longest), position as tf.Tensor1D).reshape([-1, 1, 1, longest]);
  return { whole, next: (cache) => (isCausalOnly ? cache.mask : rowsAt(cache.position!)) };
}

/** [batch, 1, 1, time] to be added to scores, from a mask [batch, time] of what holds something. */
export function paddingHidden(mask: Tensor): Tensor {
  const [batch, time] = mask.shape as [number, number];
  return mask.toFloat().sub(1).mul(-hiddenScore).reshape([batch, 1, 1, time]);
}

function laterHidden(time: number): Float32Array {
  const values = new Float32Array(time * time);
  for (let query = 0; query < time; query++) values.fill(hiddenScore, query * time + query + 1, (query + 1) * time);
  return values;
}

function unseenHidden(time: number, sees: (query: number, key: number) => boolean): Float32Array {
  return Float32Array.from({ length: time * time }, (_, index) =>
    sees(Math.floor(index / time), index % time) ? 0 : hiddenScore,
  );
}

function mustSee(name: string, time: number, sees: (query: number, key: number) => boolean): void {
  for (let query = 0; query < time; query++) {
    if (Array.from({ length: time }, (_, key) => key).some((key) => sees(query, key))) continue;
    const got = `none for position ${query}`;
    throw new ValueError({ what: `${name}: mask`, expected: "a position to see for each one", got });
  }
}
