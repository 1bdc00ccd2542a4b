import { oneOf } from "../../tensor/arguments.js";
import { Random } from "../../tensor/random.js";
import { drawOf } from "./distinct.js";
import { Generated } from "./generated.js";
import { Phrases, words } from "./phrases.js";
import { Vocabulary, writeNext } from "./vocabulary.js";
import { makeWorld, type Part, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link grammar} takes. Default sizes: 10,000 and 1,000. */
export interface GrammarOptions extends WorldOptions {
  /** "next": the next word, everywhere. "agreement": the number of the verb that follows. Default "next". */
  readonly task?: "next" | "agreement";
  /** How deep phrases may stand within phrases, 0 to 10. Default 2. */
  readonly depth?: number;
}

/** Sentences as words. */
export class Sentences extends Generated<readonly [number]> {
  /** Words as tokens. */
  readonly tokenizer: Vocabulary;
  readonly #sentence: (index: number) => Sentence;

  constructor(part: Part, width: number, task: "next" | "agreement", sentence: (index: number) => Sentence) {
    const tokenizer = vocabulary;
    const isNext = task === "next";
    super({
      ...part,
      inputShape: [width],
      inputs: "int32",
      targetShape: isNext ? [width] : [],
      targets: "int32",
      classes: isNext ? tokenizer.tokens : ["singular", "plural"],
      draw(_, x, y, index) {
        const { tokens, verb, isPlural } = sentence(index);
        if (isNext) {
          writeNext([tokenizer.start, ...tokens, tokenizer.end], x, y);
        } else {
          x.set(tokens.subarray(0, verb), width - verb);
          y[0] = Number(isPlural);
        }
      },
    });
    this.tokenizer = tokenizer;
    this.#sentence = sentence;
  }

  /** The whole sentence: `the keys near the door are old .` */
  sentence(index: number): string {
    return this.tokenizer.decode(this.#sentence(index).tokens);
  }
}

interface Sentence {
  readonly tokens: Int32Array;
  /** Where the main verb stands. */
  readonly verb: number;
  readonly isPlural: boolean;
}

const vocabulary = new Vocabulary(words, " ");

/**
 * English sentences of a small context-free grammar in which verbs agree with their subjects over phrases that stand between, whose
 * nouns often have the other number: `with the men , the keys near the door are old .` (the test of Linzen, Dupoux and Goldberg, arXiv
 * 1611.01368). The grammar: S → NP[n] VP[n] . | P NP , NP[n] VP[n] .; NP[n] → Det[n] N[n] (PP | RC[n]); PP → P NP; RC[n] → that Vt[n] NP |
 * that NP[m] Vt[m]; VP[n] → Vi[n] | Vt[n] NP | is/are Adj. Choices and numbers are even; a noun has a phrase behind it with probability ½
 * (the subject ¾), up to `depth` deep; half of the sentences begin with P NP.
 *
 * "next": x: [width] words with `<start>` before them, filled up with 0, y: [width] the next words, then 0: `crossEntropy({ ignoreIndex:
 * 0 })`. "agreement": x: [width] the words before the main verb, with 0 in front of them; y: 0 where it is singular, 1 where it is plural,
 * as many of each; who goes by the last noun, or by the first, is right in two cases of three, or three of four. No sentence (or
 * beginning, in "agreement") is in both halves. Throws ValueError.
 */
export function grammar(options: GrammarOptions = {}): World<Sentences> {
  const { task = "next", depth = 2 } = options;
  oneOf("grammar: task", task, ["next", "agreement"]);
  wholeNumber("grammar: depth", depth, 0, 10);
  const inner = Math.max(0, depth - 1);
  const longest = (depth: number) => 2 + 4 * depth;
  // What stands in front with its comma, and the subject.
  const beginning = 2 + longest(inner) + longest(depth);
  // And <start>, the verb, its object, the full stop.
  const width = task === "agreement" ? beginning : 1 + beginning + 1 + longest(inner) + 1;
  return makeWorld("grammar", options, ["task", "depth"], { train: 10_000, test: 1_000 }, (part) => {
    return new Sentences(part, width, task, (index) => {
      const random = new Random(part.seed, `${part.name} sentence ${index}`);
      const isPlural = task === "agreement" ? index % 2 === 1 : random.uniform() < 0.5;
      let verb = 0;
      const draw = (): Int32Array => {
        const phrases = new Phrases(random);
        const subject = [...phrases.front(inner), ...phrases.noun(isPlural, depth, 0.75)];
        verb = subject.length;
        return vocabulary.encode([...subject, ...phrases.predicate(isPlural, inner), "."].join(" "));
      };
      const key = (all: Int32Array) => (task === "agreement" ? all.subarray(0, verb) : all);
      const tokens = drawOf(part.name, part.isTest, draw, key);
      return { tokens, verb, isPlural };
    });
  });
}
