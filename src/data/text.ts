import { DataError, ValueError } from "../errors.js";
import { checkOptions } from "../tensor/arguments.js";
import { assertNotEmpty } from "./arrays.js";
import { TextBlocks } from "./blocks.js";
import type { Tokenizer } from "./tokenizer.js";

/** How {@link Text.blocks} cuts. */
export interface BlocksOptions {
  /** Share of the text, its end, that is set aside for validation: 0 … 1, exclusive. Default 0.1. */
  readonly validation?: number;
  /** Characters from the start of one window to the start of the next. Default: the context, so that windows do not overlap. */
  readonly stride?: number;
}

/** A text whose tokens are its characters (Unicode code points). */
export class Text implements Tokenizer {
  readonly name: string;
  /** Its alphabet, in code point order: token `i` is `tokens[i]`. */
  readonly tokens: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #encoded: Int32Array;

  constructor(text: string, name: string) {
    this.name = name;
    const characters = Array.from(text);
    assertNotEmpty(`text: ${name}`, characters.length);
    this.tokens = [...new Set(characters)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
    this.#numbers = new Map(this.tokens.map((token, index) => [token, index]));
    this.#encoded = Int32Array.from(characters, (character) => this.#numbers.get(character)!);
  }

  /** How many different characters there are. */
  get vocab(): number {
    return this.tokens.length;
  }

  /** Length in characters. */
  get length(): number {
    return this.#encoded.length;
  }

  /** The characters `from` … `to` − 1, counted in code points. */
  slice(from: number, to?: number): string {
    return this.decode(this.#encoded.slice(from, to));
  }

  /** Token indices of a text's characters. Throws DataError for the first character that the alphabet lacks. */
  encode(text: string): Int32Array {
    return Int32Array.from(Array.from(text), (character, place) => {
      const token = this.#numbers.get(character);
      if (token !== undefined) return token;
      const expected = `characters that occur in ${this.name} (${this.vocab} of them, see .tokens)`;
      throw new DataError({ what: "encode", expected, got: `${JSON.stringify(character)} as character ${place}` });
    });
  }

  /** The text of token indices. Throws ValueError for an index outside the alphabet. */
  decode(tokens: ArrayLike<number>): string {
    return Array.from(tokens, (token, place) => {
      const character = this.tokens[token];
      if (character !== undefined) return character;
      const expected = `tokens from 0 to ${this.vocab - 1}`;
      throw new ValueError({ what: "decode", expected, got: `${token} at position ${place}` });
    }).join("");
  }

  /**
   * The entropy of the characters' frequencies, −Σ p ln p, in nats per character: the cross-entropy of the best guess that
   * ignores everything before. A model that has learned any context at all is below it.
   */
  get unigramEntropy(): number {
    const counts = new Float64Array(this.vocab);
    for (const token of this.#encoded) counts[token]! += 1;
    return counts.reduce((sum, count) => sum - (count / this.length) * Math.log(count / this.length), 0);
  }

  /**
   * Windows of `context` characters as inputs, and the same windows one character later as targets; the first part of the
   * text for training, the end of it for validation. With the default stride an epoch reads each character once. Throws
   * ValueError when a part is too short for one window.
   */
  blocks<const T extends number>(
    context: T,
    options: BlocksOptions = {},
  ): { train: TextBlocks<T>; validation: TextBlocks<T> } {
    checkOptions("blocks", options, ["validation", "stride"]);
    const { validation = 0.1, stride = context } = options;
    if (!(validation > 0 && validation < 1)) {
      throw new ValueError({
        what: "blocks: validation",
        expected: "a share between 0 and 1",
        got: String(validation),
      });
    }
    const border = Math.round(this.length * (1 - validation));
    return {
      train: new TextBlocks(this.#encoded.subarray(0, border), context, stride, `${this.name} train`, this.tokens),
      validation: new TextBlocks(
        this.#encoded.subarray(border),
        context,
        context,
        `${this.name} validation`,
        this.tokens,
      ),
    };
  }
}

/** The user's own text, a character a token. Throws DataError when it is empty. */
export function text(content: string, options: { readonly name?: string } = {}): Text {
  checkOptions("text", options, ["name"]);
  return new Text(content, options.name ?? "your text");
}
