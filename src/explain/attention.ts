/** The attention weights of one forward pass over one text. */
export interface Attention {
  /** The tokens as text, one per position. */
  readonly tokens: readonly string[];
  readonly layers: number;
  readonly heads: number;
  /** [layers, heads, query, key], each row of keys sums to 1. */
  readonly weights: Float32Array;
}
