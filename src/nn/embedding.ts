import { ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { positiveInteger } from "../tensor/arguments.js";
import { withGradient } from "../tensor/gradient.js";
import type { Shape } from "../tensor/shape.js";
import { type Initial, uniform } from "./initial.js";
import { type Built, callText, type given, type Layer, makeLayer, type yields } from "./layer.js";
import type { Scope } from "./scope.js";

/** The type of `embedding(vocab, width)`. */
export interface Embedding<Width extends number> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape
    ? number extends I["length"]
      ? Shape
      : [...I, Width]
    : never;
}

/**
 * A learned vector for each token: [...] (int32, 0 … vocab − 1) → [..., width]. Weight [vocab, width], even between ±0.05 (the
 * default of Keras's Embedding). Throws ValueError.
 */
export function embedding<const Width extends number>(vocab: number, width: Width): Embedding<Width> {
  positiveInteger("embedding: vocab", vocab);
  positiveInteger("embedding: width", width);
  return makeLayer<Embedding<Width>>({
    label: callText("embedding", [vocab, width]),
    tokens: true,
    build: (input, scope) => buildEmbedding(input, vocab, width, scope, uniform(0.05)),
  });
}

/** {@link embedding} for layers made of it, which choose their own first weights. */
export function buildEmbedding(input: Shape, vocab: number, width: number, scope: Scope, initial: Initial): Built {
  const weight = scope.weight("weight", [vocab, width], initial, { kind: "table" });
  return { output: [...input, width], flops: 0, causal: true, forward: (x) => lookUp(weight.value, x) };
}

/** `table: [vocab, width]`, `tokens: [...]` → `[..., width]`. The gradient adds up the rows of equal tokens. */
function lookUp(table: Tensor, tokens: Tensor): Tensor {
  const [vocab, width] = table.shape as [number, number];
  const flat = tokens.flatten() as tf.Tensor1D;
  const rows = withGradient(
    table,
    (value, save) => {
      save([flat]);
      return gather(value, flat);
    },
    (dy, [flat]) => tf.unsortedSegmentSum(dy.reshape([flat!.size, width]), flat as tf.Tensor1D, vocab),
  );
  return rows.reshape([...tokens.shape, width]);
}

/** The lookup; the kernel itself sees tokens out of range, and only its words must be changed. */
function gather(table: Tensor, tokens: tf.Tensor1D): Tensor {
  try {
    return tf.gather(table, tokens);
  } catch (cause) {
    const stranger = /index value (-?\d+) is not in/.exec(String(cause))?.[1];
    if (stranger === undefined) throw cause;
    const expected = `tokens from 0 to ${table.shape[0]! - 1}`;
    throw new ValueError({ what: "embedding", expected, got: stranger }, { cause });
  }
}
