/** Texts. */
import {
  type KernelConfig,
  StringNGrams,
  type StringNGramsAttrs,
  StringSplit,
  type StringSplitAttrs,
  StringToHashBucketFast,
  type StringToHashBucketFastAttrs,
} from "@tensorflow/tfjs-core";
import { bool, int, ints, kernel, text } from "./run.js";

export const strings: readonly KernelConfig[] = [
  kernel<"data" | "dataSplits", StringNGramsAttrs>(StringNGrams, ({ data, dataSplits }, attributes, run) => {
    const { separator, nGramWidths, leftPad, rightPad, padWidth, preserveShortSequences } = attributes;
    return run(
      "StringNGrams",
      [data, dataSplits],
      [
        text("separator", separator),
        ints("ngram_widths", nGramWidths),
        text("left_pad", leftPad),
        text("right_pad", rightPad),
        int("pad_width", padWidth),
        bool("preserve_short_sequences", preserveShortSequences),
      ],
      2,
    );
  }),
  kernel<"input" | "delimiter", StringSplitAttrs>(StringSplit, ({ input, delimiter }, { skipEmpty }, run) => {
    return run("StringSplit", [input, delimiter], [bool("skip_empty", skipEmpty)], 3);
  }),
  kernel<"input", StringToHashBucketFastAttrs>(StringToHashBucketFast, ({ input }, { numBuckets }, run) => {
    return run("StringToHashBucketFast", [input], [int("num_buckets", numBuckets)])[0];
  }),
];
