import { ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, positiveInteger, trueOrFalse } from "../tensor/arguments.js";
import { withGradient } from "../tensor/gradient.js";
import type { Shape } from "../tensor/shape.js";
import type { OptionOf } from "./convolution/window.js";
import { type Initial, uniform } from "./initializers/initial.js";
import type { InitialName } from "./initializers/initial-names.js";
import { type Built, callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "./layer.js";
import type { Scope } from "./scope.js";
import { checkWeightOptions, type WeightOptions, weightOptions } from "./weight-options.js";

/** What {@link embedding} takes besides its sizes. */
export interface EmbeddingOptions extends WeightOptions {
  /** Token 0 is padding, which recurrent layers, attention and pooling over time leave out. Default false. */
  readonly maskZero?: boolean;
}

/** The type of `embedding(vocab, width, { maskZero })`. */
export interface Embedding<Width extends number, MaskZero extends boolean = false> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape
    ? number extends I["length"]
      ? Shape
      : I extends readonly [number]
        ? [...I, Width]
        : [MaskZero] extends [true]
          ? Reject<"embedding", "[time] for maskZero", I>
          : [...I, Width]
    : never;
}

/**
 * A learned vector for each token: [...] (int32, 0 … vocab − 1) → [..., width]. Weight [vocab, width], `initial`, even
 * between ±0.05 by default (as Keras's Embedding). With `maskZero` token 0 has a vector, too, but is padding to the layers behind it, as Keras's
 * `mask_zero`. Throws ValueError.
 */
export function embedding<const Width extends number, const Options extends EmbeddingOptions = WeightOptions>(
  vocab: number,
  width: Width,
  options?: Options,
): Embedding<Width, OptionOf<Options, "maskZero", false, boolean>> {
  const given: EmbeddingOptions = options ?? {};
  positiveInteger("embedding: vocab", vocab);
  positiveInteger("embedding: width", width);
  checkOptions("embedding", given, ["maskZero", ...weightOptions]);
  checkWeightOptions("embedding", given);
  trueOrFalse("embedding: maskZero", given.maskZero ?? false);
  return makeLayer({
    label: callText("embedding", [vocab, width], given),
    tokens: true,
    build: (input, scope) => buildEmbedding(input, vocab, width, scope, given.initial ?? uniform(0.05), given),
  });
}

/** {@link embedding} for layers made of it, which choose their own first weights. */
export function buildEmbedding(
  input: Shape,
  vocab: number,
  width: number,
  scope: Scope,
  initial: InitialName | Initial,
  { maskZero = false, regularizer }: EmbeddingOptions = {},
): Built {
  if (maskZero && input.length !== 1) throw misfit("embedding", "[time] for maskZero", input, scope);
  const weight = scope.weight("weight", [vocab, width], initial, { kind: "table", regularizer });
  const forward = (x: Tensor) => lookUp(weight.value, x);
  const output = [...input, width];
  // A mask is of the whole text, of which a cache shows the last token only.
  if (!maskZero) return { output, flops: 0, causal: true, forward };
  return { output, flops: 0, forward, masked: (x) => ({ value: forward(x), mask: x.notEqual(0) }) };
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
