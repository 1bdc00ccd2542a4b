import { Generated } from "./generated.js";
import { Vocabulary } from "./vocabulary.js";
import type { Part } from "./world.js";

/** What a model of two texts must know of a {@link Translation}: `nn.transformer({ ...pairs.sizes, width: 64, heads: 4, layers: 2 })`. */
export interface TranslationSizes {
  readonly sourceVocab: number;
  readonly targetVocab: number;
  /** Tokens of the longest source. */
  readonly source: number;
  /** Tokens of the longest target, its end included. */
  readonly target: number;
}

/** What a {@link Translation} is made of. */
export interface Pairs {
  /** All characters of sources, and of targets. */
  readonly characters: readonly [source: string, target: string];
  /** Characters of the longest source, and of the longest target. */
  readonly longest: readonly [source: number, target: number];
  pair(index: number): readonly [source: string, target: string];
}

/**
 * Pairs of texts, a character a token, as `nn.transformer` and `nn.encoderDecoder` take them. x: [source + target] (int32): the source
 * filled up with 0, then `<start>` and the target; y: [target]: the target and `<end>`, filled up with 0, which
 * `crossEntropy({ ignoreIndex: 0 })` leaves out. `nn.translate(model, pairs.source.encode("forty-two"), pairs.target)` writes.
 */
export class Translation extends Generated<readonly [number]> {
  readonly source: Vocabulary;
  readonly target: Vocabulary;
  readonly sizes: TranslationSizes;
  readonly #pair: Pairs["pair"];

  constructor(part: Part, { characters, longest, pair }: Pairs) {
    const [source, target] = characters.map((all) => new Vocabulary(all, "")) as [Vocabulary, Vocabulary];
    const sizes = {
      sourceVocab: source.vocab,
      targetVocab: target.vocab,
      source: longest[0],
      target: longest[1] + 1,
    };
    super({
      ...part,
      inputShape: [sizes.source + sizes.target],
      inputs: "int32",
      targetShape: [sizes.target],
      targets: "int32",
      classes: target.tokens,
      draw(_, x, y, index) {
        const [from, to] = pair(index);
        const answer = target.encode(to);
        x.set(source.encode(from));
        x[sizes.source] = target.start;
        x.set(answer, sizes.source + 1);
        y.set(answer);
        y[answer.length] = target.end;
      },
    });
    this.source = source;
    this.target = target;
    this.sizes = sizes;
    this.#pair = pair;
  }

  /** One pair as texts. */
  pair(index: number): readonly [source: string, target: string] {
    return this.#pair(index);
  }
}
