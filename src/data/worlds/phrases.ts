import type { Random } from "../../tensor/random.js";

/** Singular and plural. */
type Forms = readonly [singular: string, plural: string];

const nouns: readonly Forms[] = [
  ["key", "keys"],
  ["door", "doors"],
  ["dog", "dogs"],
  ["cat", "cats"],
  ["teacher", "teachers"],
  ["picture", "pictures"],
  ["book", "books"],
  ["child", "children"],
  ["man", "men"],
  ["woman", "women"],
  ["mouse", "mice"],
  ["city", "cities"],
];
const determiners: readonly Forms[] = [
  ["this", "these"],
  ["every", "many"],
  ["a", "some"],
];
const intransitive: readonly Forms[] = [
  ["waits", "wait"],
  ["falls", "fall"],
  ["sleeps", "sleep"],
  ["matters", "matter"],
];
const transitive: readonly Forms[] = [
  ["sees", "see"],
  ["likes", "like"],
  ["knows", "know"],
  ["follows", "follow"],
];
const copula: Forms = ["is", "are"];
const adjectives = ["old", "red", "small", "strange"];
const prepositions = ["near", "behind", "beside", "with"];

/** All words of the grammar, and two signs. */
export const words: readonly string[] = [
  ...[nouns, determiners, intransitive, transitive].flat(2),
  ...copula,
  ...adjectives,
  ...prepositions,
  "the",
  "that",
  ",",
  ".",
];

/** Draws the phrases of the grammar, each a list of words. */
export class Phrases {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** NP: with probability `modified` something stands behind the noun, at most `depth` levels deep. */
  noun(isPlural: boolean, depth: number, modified = 0.5): string[] {
    const determiner = this.#chance(0.7) ? "the" : this.#form(determiners, isPlural);
    const head = [determiner, this.#form(nouns, isPlural)];
    if (depth === 0 || !this.#chance(modified)) return head;
    const inner = this.#chance(0.5);
    const other = this.noun(inner, depth - 1);
    switch (this.#random.integer(3)) {
      case 0:
        return [...head, this.#one(prepositions), ...other];
      case 1:
        return [...head, "that", this.#form(transitive, isPlural), ...other];
      default:
        return [...head, "that", ...other, this.#form(transitive, inner)];
    }
  }

  /** P NP and a comma, or nothing. */
  front(depth: number): string[] {
    if (this.#chance(0.5)) return [];
    return [this.#one(prepositions), ...this.noun(this.#chance(0.5), depth), ","];
  }

  /** VP, the verb first. */
  predicate(isPlural: boolean, depth: number): string[] {
    switch (this.#random.integer(3)) {
      case 0:
        return [this.#form(intransitive, isPlural)];
      case 1:
        return [this.#form(transitive, isPlural), ...this.noun(this.#chance(0.5), depth)];
      default:
        return [copula[Number(isPlural) as 0 | 1], this.#one(adjectives)];
    }
  }

  #chance(probability: number): boolean {
    return this.#random.uniform() < probability;
  }

  #one<T>(of: readonly T[]): T {
    return of[this.#random.integer(of.length)]!;
  }

  #form(of: readonly Forms[], isPlural: boolean): string {
    return this.#one(of)[Number(isPlural) as 0 | 1];
  }
}
