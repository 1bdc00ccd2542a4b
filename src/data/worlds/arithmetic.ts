import { ValueError } from "../../errors.js";
import { show, trueOrFalse } from "../../tensor/arguments.js";
import { Random } from "../../tensor/random.js";
import { checkEnough, Shuffled } from "./distinct.js";
import { Generated } from "./generated.js";
import { Vocabulary, writeNext } from "./vocabulary.js";
import { makeWorld, type Part, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link arithmetic} takes. Default sizes: 10,000 and 1,000. */
export interface ArithmeticOptions extends WorldOptions {
  /** Digits that a number has at most: 1 to 7. Default 3. */
  readonly digits?: number;
  /** Which of `+`, `-` and `*` occur, e.g. "+-". Default "+". */
  readonly operations?: string;
  /** Writes the answer from its last digit to its first, which is much easier to learn (arXiv 2307.03381). Default false. */
  readonly reversed?: boolean;
}

/** Sums as text: `x: [width]` characters, `y: [width]` the next ones where the answer is asked for, else 0. */
export class Sums extends Generated<readonly [number]> {
  /** Characters as tokens: digits, operations, `=`. */
  readonly tokenizer: Vocabulary;
  readonly #sum: (index: number) => readonly [question: string, answer: string];

  constructor(
    part: Part,
    width: number,
    tokenizer: Vocabulary,
    sum: (index: number) => readonly [question: string, answer: string],
  ) {
    super({
      ...part,
      inputShape: [width],
      inputs: "int32",
      targetShape: [width],
      targets: "int32",
      classes: tokenizer.tokens,
      draw(_, x, y, index) {
        const [question, answer] = sum(index);
        writeNext([...tokenizer.encode(question + answer), tokenizer.end], x, y, question.length - 1);
      },
    });
    this.tokenizer = tokenizer;
    this.#sum = sum;
  }

  /** What is given: `12+345=`. */
  question(index: number): string {
    return this.#sum(index)[0];
  }

  /** What is to follow: `357`. */
  answer(index: number): string {
    return this.#sum(index)[1];
  }
}

/**
 * Arithmetic as text, a character a token: `12+345=357`, for models of language. Numbers are even from 0 to 10^digits − 1. x: [width]
 * tokens of the text, filled up with 0; y: [width] the token that follows where the answer is to be written, its end included, and 0
 * elsewhere: take `crossEntropy({ ignoreIndex: 0 })`. Each pair of numbers occurs once, in one half of the world only, whatever the
 * operation and the order. Throws ValueError, also where there are fewer pairs than are asked for.
 */
export function arithmetic(options: ArithmeticOptions = {}): World<Sums> {
  const { digits = 3, operations = "+", reversed = false, seed = 0 } = options;
  wholeNumber("arithmetic: digits", digits, 1, 7);
  trueOrFalse("arithmetic: reversed", reversed);
  if (typeof operations !== "string" || !/^[-+*]+$/.test(operations)) {
    throw new ValueError({ what: "arithmetic: operations", expected: 'some of "+-*"', got: show(operations) });
  }
  const below = 10 ** digits;
  const pairs = (below * (below + 1)) / 2;
  const sizes = { train: Math.min(10_000, Math.floor(pairs * 0.8)), test: Math.min(1_000, Math.floor(pairs * 0.2)) };
  const { train = sizes.train, test = sizes.test } = options;
  const tokenizer = new Vocabulary(`0123456789${operations}-=`, "");
  const answers = Math.max(
    ...Array.from(operations, (sign) => String(result(below - 1, sign, below - 1)).length),
    digits + 1,
  );
  const width = 2 * digits + 2 + answers;
  return makeWorld("arithmetic", options, ["digits", "operations", "reversed"], sizes, (part) => {
    checkEnough("arithmetic", { train, test }, pairs, "pairs of numbers");
    const order = new Shuffled(pairs, seed, "arithmetic");
    return new Sums(part, width, tokenizer, (index) => {
      const random = new Random(part.seed, `${part.name} pair ${index}`);
      const [low, high] = pair(order.at(part.from + index));
      const [a, b] = random.uniform() < 0.5 ? [low, high] : [high, low];
      const sign = operations[random.integer(operations.length)]!;
      const value = String(result(a, sign, b));
      return [`${a}${sign}${b}=`, reversed ? [...value].reverse().join("") : value];
    });
  });
}

function result(a: number, sign: string, b: number): number {
  return sign === "+" ? a + b : sign === "-" ? a - b : a * b;
}

/** The pair with this number of all pairs low ≤ high, counted row by row of a triangle. */
function pair(number: number): [low: number, high: number] {
  let high = Math.floor((Math.sqrt(8 * number + 1) - 1) / 2);
  // The root of a large number may be off by one.
  while ((high * (high + 1)) / 2 > number) high--;
  while (((high + 1) * (high + 2)) / 2 <= number) high++;
  return [number - (high * (high + 1)) / 2, high];
}
