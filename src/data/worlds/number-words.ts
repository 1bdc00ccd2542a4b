import { oneOf } from "../../tensor/arguments.js";
import { checkEnough, Shuffled } from "./distinct.js";
import { Translation } from "./translation.js";
import { makeWorld, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link numberWords} takes. Default sizes: four fifths and one fifth of the numbers, at most 8,000 and 2,000. */
export interface NumberWordsOptions extends WorldOptions {
  /** Numbers are from 0 to below this one: 10 to a million. Default 10,000. */
  readonly below?: number;
  /** What is to be written: "digits" of words, or "words" of digits. Default "digits". */
  readonly to?: "digits" | "words";
}

const small = (
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen"
).split(" ");
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** A whole number from 0 to 999,999 in British English, as Python's num2words has it: `one thousand, two hundred and five`. */
export function spelled(number: number): string {
  const [thousands, rest] = [Math.floor(number / 1000), number % 1000];
  if (thousands === 0) return belowThousand(rest);
  const head = `${belowThousand(thousands)} thousand`;
  if (rest === 0) return head;
  return `${head}${rest < 100 ? " and" : ","} ${belowThousand(rest)}`;
}

function belowThousand(number: number): string {
  const [hundreds, rest] = [Math.floor(number / 100), number % 100];
  if (hundreds === 0) return belowHundred(rest);
  return `${small[hundreds]} hundred${rest === 0 ? "" : ` and ${belowHundred(rest)}`}`;
}

function belowHundred(number: number): string {
  if (number < 20) return small[number]!;
  return `${tens[Math.floor(number / 10) - 2]}${number % 10 === 0 ? "" : `-${small[number % 10]}`}`;
}

/**
 * Numbers in words and in digits, to be translated: `four thousand and forty-two` ↔ `4042`. Each number occurs once, in one half of the
 * world only, even from 0 to `below` − 1. See {@link Translation} for the form. Throws ValueError, also where there are fewer numbers
 * than are asked for.
 */
export function numberWords(options: NumberWordsOptions = {}): World<Translation> {
  const { below = 10_000, to = "digits", seed = 0 } = options;
  wholeNumber("numberWords: below", below, 10, 1_000_000);
  oneOf("numberWords: to", to, ["digits", "words"]);
  const sizes = { train: Math.min(8_000, Math.floor(below * 0.8)), test: Math.min(2_000, Math.floor(below * 0.2)) };
  const { train = sizes.train, test = sizes.test } = options;
  const words = { characters: " ,-abcdefghijklmnopqrstuvwxyz", longest: longestWords(below) };
  const digits = { characters: "0123456789", longest: String(below - 1).length };
  const [source, target] = to === "digits" ? [words, digits] : [digits, words];
  return makeWorld("numberWords", options, ["below", "to"], sizes, (part) => {
    checkEnough("numberWords", { train, test }, below, "numbers");
    const order = new Shuffled(below, seed, "numberWords");
    return new Translation(part, {
      characters: [source.characters, target.characters],
      longest: [source.longest, target.longest],
      pair(index) {
        const number = order.at(part.from + index);
        return to === "digits" ? [spelled(number), `${number}`] : [`${number}`, spelled(number)];
      },
    });
  });
}

/** Characters of the longest number below this one. */
function longestWords(below: number): number {
  const longest = (from: number, to: number): number => {
    let length = 0;
    for (let number = from; number < to; number++) length = Math.max(length, spelled(number).length);
    return length;
  };
  if (below <= 1000) return longest(0, below);
  const whole = Math.floor(below / 1000);
  // Rests are all free below the last whole thousand; ", " or " and " stands in the one with the longest rest.
  const full = longest(1, whole) + " thousand, ".length + longest(100, 1000);
  return Math.max(whole > 1 ? full : longest(0, 1000), longest(whole * 1000, below));
}
