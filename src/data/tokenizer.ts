/** Between text and the numbers that a language model takes. */
export interface Tokenizer {
  /** How many tokens there are. */
  readonly vocab: number;
  /** Token `i` as text. */
  readonly tokens: readonly string[];
  /** Throws DataError for text that has no tokens. */
  encode(text: string): Int32Array;
  /** Throws ValueError for numbers that are no tokens. */
  decode(tokens: ArrayLike<number>): string;
}
