import { ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, numberIn, positiveInteger } from "../tensor/arguments.js";
import type { Divides } from "../tensor/arithmetic.js";
import { type Shape, showShape } from "../tensor/shape.js";
import { hiddenScore } from "./cache.js";
import { buildDense } from "./dense.js";
import { dropper } from "./dropout.js";
import { glorotUniform, type Initial } from "./initial.js";
import { type Built, callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "./layer.js";
import type { Scope } from "./scope.js";

/** What {@link attention} takes besides the number of heads. */
export interface AttentionOptions {
  /** Each position sees itself and what came before it. Default true. */
  readonly causal?: boolean;
  /** The share of attention weights dropped in training. Default 0. */
  readonly dropout?: number;
}

/** The type of `attention(heads)`. */
export interface Attention<Heads extends number> extends Layer {
  readonly [yields]: AttentionOutput<"attention", this[typeof given], Heads>;
}

/** The shape itself, where it is [time, width] and `Heads` divides the width; or a message. */
export type AttentionOutput<Name extends string, I, Heads extends number> = I extends Shape
  ? number extends I["length"]
    ? Shape
    : I extends readonly [number, infer Width extends number]
      ? Divides<Heads, Width> extends true
        ? I
        : Reject<Name, `[time, width] with a width that ${Heads} heads divide`, I>
      : Reject<Name, "[time, width]", I>
  : never;

/**
 * Multi-head self-attention (arXiv 1706.03762): [time, width] → [time, width]. Queries, keys and values are one dense layer
 * `qkv`, scores are scaled by 1 / √(width / heads), `projection` mixes the heads. Captured as `PATH`: the attention weights
 * [batch, heads, query, key]. Throws ValueError.
 */
export function attention<const Heads extends number>(heads: Heads, options: AttentionOptions = {}): Attention<Heads> {
  checkAttention("attention", heads, options, ["causal", "dropout"]);
  return makeLayer<Attention<Heads>>({
    label: callText("attention", [heads], options),
    build: (input, scope) => buildAttention("attention", input, heads, scope, options),
  });
}

/** Throws ValueError if heads or options cannot be. */
export function checkAttention(what: string, heads: number, options: AttentionOptions, known: readonly string[]): void {
  positiveInteger(`${what}: heads`, heads);
  checkOptions(what, options, known);
  numberIn(`${what}: dropout`, options.dropout ?? 0, 0, 1);
}

/** {@link attention} for layers made of it, which choose their own first weights. `name` is the one to complain about. */
export function buildAttention(
  name: string,
  input: Shape,
  heads: number,
  scope: Scope,
  options: AttentionOptions & { initial?: Initial; projectionInitial?: Initial },
): Built {
  const { causal = true, dropout = 0, initial = glorotUniform, projectionInitial = initial } = options;
  if (input.length !== 2) throw misfit(name, "[time, width]", input, scope);
  const [time, width] = input as readonly [number, number];
  if (width % heads !== 0) {
    const expected = `input [time, width] with a width that ${heads} heads divide`;
    throw new ValueError({ what: name, expected, got: showShape(input) });
  }
  const qkv = buildDense(input, 3 * width, scope.at("qkv"), { initial });
  const projection = buildDense(input, width, scope.at("projection"), { initial: projectionInitial });
  const dropWeights = dropper(dropout, scope.at("dropout"));
  const mask = causal ? causalMask(time) : undefined;
  return {
    output: input,
    flops: qkv.flops + projection.flops + 4 * time * time * width,
    causal,
    forward(x, context) {
      const { cache } = context;
      const [query, key, value] = splitHeads(qkv.forward(x, context), heads);
      const [keys, values] = cache?.extend(scope.path, key, value) ?? [key, value];
      const scores = query.mul(Math.sqrt(heads / width)).matMul(keys, false, true);
      const hiding = cache?.mask ?? mask?.(x.shape[1]!);
      const weights = (hiding === undefined ? scores : scores.add(hiding)).softmax();
      context.capture?.(scope.path, weights);
      return projection.forward(joinHeads(dropWeights(weights, context).matMul(values)), context);
    },
  };
}

/** `[batch, time, 3 × width]` → query, key and value, each `[batch, heads, time, width / heads]`. */
function splitHeads(qkv: Tensor, heads: number): [Tensor, Tensor, Tensor] {
  const [batch, time, width] = qkv.shape as [number, number, number];
  const split = qkv.reshape([batch, time, 3, heads, width / 3 / heads]).transpose([2, 0, 3, 1, 4]);
  return tf.unstack(split) as [Tensor, Tensor, Tensor];
}

/** `[batch, heads, time, size]` → `[batch, time, heads × size]` */
function joinHeads(x: Tensor): Tensor {
  const [batch, heads, time, size] = x.shape as [number, number, number, number];
  return x.transpose([0, 2, 1, 3]).reshape([batch, time, heads * size]);
}

/** What is added to scores [query, key]: 0 where key ≤ query, else so little that its softmax is 0. */
function causalMask(longest: number): (time: number) => Tensor {
  const masks = new Map<number, Float32Array>();
  return (time) => {
    let values = masks.get(time);
    if (values === undefined) {
      values = new Float32Array(time * time);
      for (let query = 0; query < time; query++) values.fill(hiddenScore, query * time + query + 1, (query + 1) * time);
      if (time === longest) masks.set(time, values);
    }
    return tf.tensor(values, [time, time], "float32");
  };
}
