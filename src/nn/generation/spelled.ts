import type { TextCodec } from "./text-codec.js";

/** What stands for the bytes of a letter that is not whole yet. */
const incomplete = "\ufffd";

/**
 * The text of tokens that come one by one. A token may be a part of a letter, or begin with a space only behind another: it is
 * decoded together with those before it.
 */
export class Spelled {
  readonly #codec: TextCodec;
  readonly #stops: readonly string[];
  readonly #tokens: number[] = [];
  /** Tokens from `#from` on are decoded; what those before `#to` give was told already. */
  #from = 0;
  #to = 0;
  /** Decoded, and not told, because it may be the beginning of a stop. */
  #held = "";
  #stopped = false;

  /** `stops`: texts that end it; they are left out. */
  constructor(codec: TextCodec, stops: readonly string[]) {
    this.#codec = codec;
    this.#stops = stops;
  }

  /** Whether a stop was met. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** The text that is new with this token; perhaps "". */
  add(token: number): string {
    this.#tokens.push(token);
    const told = this.#decode(this.#from, this.#to);
    const all = this.#decode(this.#from);
    if (all.length <= told.length || all.endsWith(incomplete)) return "";
    this.#from = this.#to;
    this.#to = this.#tokens.length;
    return this.#tell(all.slice(told.length));
  }

  /** What was held back. */
  end(): string {
    if (this.#stopped) return "";
    const rest = this.#decode(this.#from).slice(this.#decode(this.#from, this.#to).length);
    const held = this.#held + rest;
    this.#held = "";
    return held;
  }

  #decode(from: number, to?: number): string {
    return from === to ? "" : this.#codec.decode(this.#tokens.slice(from, to));
  }

  #tell(added: string): string {
    const text = this.#held + added;
    const places = this.#stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
    if (places.length > 0) {
      this.#stopped = true;
      return text.slice(0, Math.min(...places));
    }
    const held = Math.max(0, ...this.#stops.map((stop) => overlap(text, stop)));
    this.#held = text.slice(text.length - held);
    return text.slice(0, text.length - held);
  }
}

/** How many letters at the end of `text` may be the beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
