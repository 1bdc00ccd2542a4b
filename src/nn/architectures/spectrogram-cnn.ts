import { ValueError } from "../../errors.js";
import { checkOptions, numberIn, positiveInteger, show } from "../../tensor/arguments.js";
import { relu } from "../activations/relu.js";
import { conv2d } from "../convolution/convolution.js";
import { globalAveragePool2d } from "../convolution/global-pool.js";
import { maxPool2d } from "../convolution/pool.js";
import { dense } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { heNormal } from "../initializers/initial.js";
import type { Model } from "../module.js";
import { batchNorm } from "../normalization/batch-norm.js";
import { reshape } from "../reshape.js";
import { assemble, type Part, requireSizes } from "./assemble.js";

/** The size of a {@link spectrogramCnn}. */
export interface SpectrogramCnnOptions<
  Time extends number = number,
  Bands extends number = number,
  Classes extends number = number,
> {
  /** Frames of a spectrogram. */
  readonly time: Time;
  /** Numbers of a frame: mel bands, or MFCCs. */
  readonly bands: Bands;
  readonly classes: Classes;
  /** Filters of each stage, which halves time and bands. Default [16, 32, 64]. */
  readonly filters?: readonly number[];
  /** The share of values dropped in training, before the head. Default 0. */
  readonly dropout?: number;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * What a sound is, by its spectrogram as an image (Hershey et al. 2017, arXiv 1609.09430): stages of a convolution, batchNorm, ReLU and a
 * max pool, the mean over what is left of time and bands, a head. [time, bands] → [classes] logits. First weights of convolutions He
 * normal. Throws ValueError, MemoryError.
 */
export function spectrogramCnn<const Time extends number, const Bands extends number, const Classes extends number>(
  options: SpectrogramCnnOptions<Time, Bands, Classes>,
): Model<[Time, Bands], [Classes]> {
  const sizes = ["time", "bands", "classes"] as const;
  checkOptions("spectrogramCnn", options, [...sizes, "filters", "dropout", "seed"]);
  requireSizes("spectrogramCnn", options, sizes);
  const { time, bands, classes, filters = [16, 32, 64], dropout: rate = 0, seed } = options;
  numberIn("spectrogramCnn: dropout", rate, 0, 1);
  if (!Array.isArray(filters) || filters.length === 0) {
    throw new ValueError({ what: "spectrogramCnn: filters", expected: "a list, a number a stage", got: show(filters) });
  }
  filters.forEach((count, index) => {
    positiveInteger(`spectrogramCnn: filters, number ${index}`, count);
  });
  if (Math.min(time, bands) < 2 ** filters.length) {
    const expected = `time and bands of at least ${2 ** filters.length}, which ${filters.length} stages halve`;
    throw new ValueError({ what: "spectrogramCnn", expected, got: `${time} and ${bands}` });
  }
  const stages = filters.flatMap((count, index): Part[] => [
    [`stages.${index}.conv`, conv2d(count, 3, { padding: "same", bias: false, initial: heNormal })],
    [`stages.${index}.norm`, batchNorm()],
    [`stages.${index}.relu`, relu()],
    [`stages.${index}.pool`, maxPool2d(2)],
  ]);
  const parts: Part[] = [
    ["image", reshape(time, bands, 1)],
    ...stages,
    ["pool", globalAveragePool2d()],
    ...(rate > 0 ? [["dropout", dropout(rate)] as const] : []),
    ["head", dense(classes)],
  ];
  return assemble<[Time, Bands], [Classes]>({ name: "spectrogramCnn", input: [time, bands], seed }, parts);
}
