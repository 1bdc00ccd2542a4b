import { ValueError } from "../../errors.js";
import { checkOptions, numberIn, positiveInteger, show } from "../../tensor/arguments.js";
import { sizeOf } from "../../tensor/shape.js";
import { relu } from "../activations/relu.js";
import { conv1d } from "../convolution/convolution.js";
import { dense } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { heNormal } from "../initializers/initial.js";
import type { Model } from "../module.js";
import { type Buildable, buildStack } from "../stack.js";
import { assemble, type Part, requireSizes } from "./assemble.js";

/** The size of a {@link tcn}. */
export interface TcnOptions<
  Time extends number = number,
  Features extends number = number,
  Outputs extends number = number,
> {
  readonly time: Time;
  /** Numbers that are known of a step. */
  readonly features: Features;
  /** Numbers that it tells of each step. */
  readonly outputs: Outputs;
  /** Filters of each block; the steps that block i looks at are 2 ** i apart. */
  readonly filters: readonly number[];
  /** Steps that a convolution sees. Default 3. */
  readonly kernel?: number;
  /** The share of values dropped in training, behind each convolution. Default 0. */
  readonly dropout?: number;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * The temporal convolutional network of arXiv 1803.01271: residual blocks of two causal convolutions, each twice as widely spread as
 * those of the block before, so that n blocks see 1 + 2 (kernel − 1)(2ⁿ − 1) steps back; without its weight normalization. What comes
 * out at a step depends on what came in up to there. [time, features] → [time, outputs]. First weights of convolutions He normal.
 * Throws ValueError, MemoryError.
 */
export function tcn<const Time extends number, const Features extends number, const Outputs extends number>(
  options: TcnOptions<Time, Features, Outputs>,
): Model<[Time, Features], [Time, Outputs]> {
  const sizes = ["time", "features", "outputs"] as const;
  checkOptions("tcn", options, [...sizes, "filters", "kernel", "dropout", "seed"]);
  const { time, features, outputs, filters, kernel = 3, dropout: rate = 0, seed } = options;
  requireSizes("tcn", { ...options, kernel }, [...sizes, "kernel"]);
  numberIn("tcn: dropout", rate, 0, 1);
  if (!Array.isArray(filters) || filters.length === 0) {
    throw new ValueError({ what: "tcn: filters", expected: "a list, a number a block", got: show(filters) });
  }
  filters.forEach((count, index) => {
    positiveInteger(`tcn: filters, number ${index}`, count);
  });
  const blocks = filters.map((count, index): Part => [`blocks.${index}`, block(count, kernel, 2 ** index, rate)]);
  const input: [Time, Features] = [time, features];
  const parts: Part[] = [...blocks, ["head", dense(outputs)]];
  return assemble<[Time, Features], [Time, Outputs]>({ name: "tcn", input, seed }, parts);
}

/** Two convolutions, and x beside them, through one of kernel 1 where it has another number of channels. */
function block(filters: number, kernel: number, dilation: number, rate: number): Buildable {
  const convolution = (index: number): Part[] => [
    [`conv${index}`, conv1d(filters, kernel, { padding: "causal", dilation, initial: heNormal })],
    [`relu${index}`, relu()],
    ...(rate > 0 ? [[`dropout${index}`, dropout(rate)] as const] : []),
  ];
  return {
    label: `block(${filters}, { dilation: ${dilation} })`,
    build(input, scope) {
      const inner = buildStack(input, [...convolution(1), ...convolution(2)], scope);
      const shortcut: Part[] = input[1] === filters ? [] : [["shortcut", conv1d(filters, 1)]];
      const past = buildStack(input, shortcut, scope);
      return {
        output: inner.output,
        flops: inner.flops + past.flops + 2 * sizeOf(inner.output),
        forward: (x, context) => inner.forward(x, context).add(past.forward(x, context)).relu(),
      };
    },
  };
}
