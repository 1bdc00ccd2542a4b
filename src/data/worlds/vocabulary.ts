import { DataError, ValueError } from "../../errors.js";
import type { Tokenizer } from "../tokenizer.js";
import type { Numbers } from "./generated.js";

/** Token 0 fills up what is shorter than the longest; it means nothing. */
const padding = "<pad>";
/** Token 1 begins a target, or a text. */
const starting = "<start>";
/** Token 2 ends it. */
const ending = "<end>";
const special = [padding, starting, ending];

/** The tokens of a world's texts: characters, or words with spaces between them; before them `<pad>`, `<start>` and `<end>`. */
export class Vocabulary implements Tokenizer {
  readonly tokens: readonly string[];
  /** The token that begins a text: 1. */
  readonly start = special.indexOf(starting);
  /** The token that ends a text: 2. */
  readonly end = special.indexOf(ending);
  readonly #separator: "" | " ";
  readonly #numbers: ReadonlyMap<string, number>;

  /** `separator` stands between two tokens of a text: nothing for characters, a space for words. */
  constructor(tokens: Iterable<string>, separator: "" | " ") {
    this.tokens = [...special, ...new Set(tokens)];
    this.#separator = separator;
    this.#numbers = new Map(this.tokens.map((token, index) => [token, index]));
  }

  /** How many tokens there are, the three that are no text among them. */
  get vocab(): number {
    return this.tokens.length;
  }

  /** Throws DataError for the first character, or word, that is no token. */
  encode(text: string): Int32Array {
    const parts = text === "" ? [] : text.split(this.#separator);
    return Int32Array.from(parts, (part, place) => {
      const token = this.#numbers.get(part);
      if (token !== undefined) return token;
      const expected = `texts of the ${this.vocab} tokens (see .tokens)`;
      throw new DataError({ what: "encode", expected, got: `${JSON.stringify(part)} at place ${place}` });
    });
  }

  /** The text of tokens up to `<end>`, without padding and `<start>`. Throws ValueError for numbers that are no tokens. */
  decode(tokens: ArrayLike<number>): string {
    const parts: string[] = [];
    for (let place = 0; place < tokens.length; place++) {
      const token = tokens[place]!;
      const part = this.tokens[token];
      if (part === undefined) {
        const expected = `tokens from 0 to ${this.vocab - 1}`;
        throw new ValueError({ what: "decode", expected, got: `${token} at position ${place}` });
      }
      if (token === this.end) break;
      if (token >= special.length) parts.push(part);
    }
    return parts.join(this.#separator);
  }
}

/** Writes tokens into `x` and into `y` those that follow them, from the place `from` on: before it `y` stays 0, padding. */
export function writeNext(tokens: ArrayLike<number>, x: Numbers, y: Numbers, from = 0): void {
  for (let place = 0; place + 1 < tokens.length; place++) {
    x[place] = tokens[place]!;
    if (place >= from) y[place] = tokens[place + 1]!;
  }
}
