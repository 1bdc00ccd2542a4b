import type { Tensor } from "../../runtime/tf.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { exactGelu } from "../activations/gelu.js";
import { swish } from "../activations/silu.js";
import { buildDense } from "../dense.js";
import { glorotUniform, type Initial } from "../initializers/initial.js";
import type { Built } from "../layer.js";
import type { Forward } from "../module.js";
import type { Scope } from "../scope.js";

/** What stands between the two dense layers of a block's MLP. */
export type BlockActivation = "gelu" | "relu" | "swiglu";

/** The activations, by the operations that each value costs. */
const activations: Readonly<Record<BlockActivation, readonly [flops: number, forward: (x: Tensor) => Tensor]>> = {
  gelu: [5, exactGelu],
  relu: [1, (x) => x.relu()],
  swiglu: [6, swish],
};

/**
 * The MLP of a transformer block: dense `widen` to `hidden`, activation, dense `narrow`; "swiglu" multiplies silu(`gate`), a third
 * dense layer, by `widen` (arXiv 2002.05202). `exitInitial`: the first weights of `narrow`.
 */
export function buildFeedForward(
  input: Shape,
  hidden: number,
  scope: Scope,
  { activation = "gelu", initial = glorotUniform, exitInitial = initial }: FeedForwardOptions,
): Built {
  const widen = buildDense(input, hidden, scope.at("widen"), { initial });
  const gate = activation === "swiglu" ? buildDense(input, hidden, scope.at("gate"), { initial }) : undefined;
  const narrow = buildDense(widen.output, input.at(-1)!, scope.at("narrow"), { initial: exitInitial });
  const [flops, act] = activations[activation];
  const hiddenOf = (x: Tensor, context: Forward) =>
    gate === undefined ? act(widen.forward(x, context)) : act(gate.forward(x, context)).mul(widen.forward(x, context));
  return {
    output: input,
    flops: widen.flops + (gate?.flops ?? 0) + narrow.flops + sizeOf(widen.output) * flops,
    causal: true,
    forward: (x, context) => narrow.forward(hiddenOf(x, context), context),
  };
}

/** What {@link buildFeedForward} takes besides its sizes. */
export interface FeedForwardOptions {
  readonly activation?: BlockActivation;
  readonly initial?: Initial;
  readonly exitInitial?: Initial;
}
