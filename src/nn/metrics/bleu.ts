import { ShapeError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import { sameShape, showShape } from "../../tensor/shape.js";
import { checkIndex } from "../losses/cross-entropy.js";
import { type BleuOptions, bleuScore, checkBleu, type Sentence } from "./bleu-score.js";
import { type Gathered, type KnownMetric, streaming } from "./metric.js";

/** What {@link bleu} takes. */
export interface BleuMetricOptions extends BleuOptions {
  /** The token at which a sentence ends; it and what comes behind are left out. Default: none. */
  readonly end?: number;
  /** A token that is left out wherever it stands. Default: none. */
  readonly padding?: number;
  /** Makes text of tokens, e.g. a tokenizer's `decode`; it is then split as sacrebleu does. Default: tokens are compared as they are. */
  readonly decode?: (tokens: readonly number[]) => string;
}

/**
 * BLEU, 0 … 100, of the most likely tokens over the whole data set (Papineni et al. 2002), which it keeps until the end.
 * `prediction: [batch, time, vocab]` are logits, `target: [batch, time]` tokens (int32). As sacrebleu's `corpus_bleu`; for texts that are
 * there already: {@link bleuScore}. Throws ShapeError, ValueError.
 */
export function bleu(options: BleuMetricOptions = {}): KnownMetric {
  const { end, padding, decode, ...score } = options;
  checkBleu("bleu", options, ["end", "padding", "decode"]);
  checkIndex("bleu: end", end);
  checkIndex("bleu: padding", padding);
  const sentence = (tokens: readonly number[]): Sentence => {
    const stop = end === undefined ? -1 : tokens.indexOf(end);
    const kept = (stop < 0 ? tokens : tokens.slice(0, stop)).filter((token) => token !== padding);
    return decode === undefined ? kept : decode(kept);
  };
  const sentences = ({ values, shape }: Gathered): Sentence[] => {
    const [count, time] = shape as [number, number];
    return Array.from({ length: count }, (_, row) =>
      sentence(Array.from({ length: time }, (_, at) => values[row * time + at]!)),
    );
  };
  return streaming("bleu", {
    gather: "rows",
    state,
    result: ([said, wanted]) => {
      const references = sentences(wanted!).map((one) => [one]);
      return bleuScore(sentences(said!), references, score);
    },
  });
}

/** → tokens that were said, tokens that were wanted, [batch, time] both. */
function state(prediction: Tensor, target: Tensor): Tensor[] {
  if (prediction.rank !== 3 || !sameShape(prediction.shape.slice(0, 2), target.shape)) {
    const expected = "logits [batch, time, vocab] and tokens [batch, time]";
    const got = `${showShape(prediction.shape)} and ${showShape(target.shape)}`;
    throw new ShapeError({ what: "bleu", expected, got });
  }
  return [prediction.argMax(-1).toFloat(), target.toFloat()];
}
