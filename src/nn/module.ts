import type { RandomStream } from "../runtime/index.js";
import type { Tensor, Variable } from "../runtime/tf.js";
import type { Shape } from "../tensor/shape.js";
import type { BatchedOutput, BatchOf } from "../tensor/shapes/batches.js";
import type { Checked } from "../tensor/shapes/dims.js";
import type { Tensor as Batch } from "../tensor/shapes/tensor.js";
import type { Cache } from "./attention/cache.js";
import type { Regularizer } from "./regularizer.js";

/**
 * What tells how other libraries lay a weight out: a `"table"` of rows that are looked up by number, as an embedding's; the filters of
 * a `"transposed"` convolution, or those that are moved over each channel by itself (`"depthwise"`).
 */
export type WeightKind = "table" | "transposed" | "depthwise";

/** One weight of a model, trainable or not: batchNorm's moving averages are weights, too. */
export interface Parameter {
  /** Where it sits, unique in its model, as PyTorch writes it: `layers.0.weight`. */
  readonly path: string;
  readonly variable: Variable;
  /** Whether training moves it: not what a layer sets itself, nor what `nn.freeze` has frozen. */
  readonly trainable: boolean;
  /** What it is, where it is no vector, matrix or filter [..., in, out]. */
  readonly kind?: WeightKind | undefined;
  /** What it adds to the loss, while it is trainable. */
  readonly regularizer?: Regularizer | undefined;
}

/** What a layer draws random numbers from, e.g. dropout. */
export interface ModelStream {
  /** Where the layer sits. */
  readonly path: string;
  readonly stream: RandomStream;
}

/** A value [batch, time, ...] and which of its places hold something, [batch, time] (bool); default: all. */
export interface Masked {
  readonly value: Tensor;
  readonly mask: Tensor | undefined;
}

/** What a forward pass is for. */
export interface Forward {
  /** Dropout is active only in training, and batchNorm looks at the batch. */
  readonly training: boolean;
  /** Takes what a layer wants to keep of this batch in a weight that is not trainable. Default: the weight gets it at once. */
  readonly remember?: (weight: Variable, value: Tensor) => void;
  /** Takes what a layer adds to the loss, a scalar, e.g. how far the codes of a VAE are from noise (Keras's `add_loss`). */
  readonly addLoss?: (cost: Tensor) => void;
  /** Called with intermediate values worth seeing: `("blocks.0.attention", weights [batch, heads, query, key])`. */
  readonly capture?: (path: string, value: Tensor) => void;
  /** Called with what comes out of each layer; goes on with what it returns, of the same shape. */
  readonly tap?: (path: string, value: Tensor) => Tensor;
  /** What is known of the text before, where it comes token by token. Only for models that are `causal`. */
  readonly cache?: Cache;
  /**
   * [batch, time] (bool): which places of the first axis hold something; the others are padding. Recurrent layers, attention and
   * pooling over time leave these out. Layers like `embedding(…, { maskZero: true })` make one for those behind them.
   */
  readonly mask?: Tensor;
  /** What an encoder made, for layers that look at it; set by the model around them. */
  readonly memory?: Masked;
}

/** A row of a model's summary. */
export interface LayerSummary {
  readonly path: string;
  /** The layer as the user wrote it: `conv2d(16, 3)`. */
  readonly label: string;
  /** Without the batch dimension. */
  readonly outputShape: Shape;
  readonly parameters: number;
  /** Floating-point operations of one forward pass of one example (a multiply-add counts two). */
  readonly flops: number;
}

/**
 * A network: its weights and its forward pass. `I` and `O` are the shapes of one example, without the batch dimension.
 */
export interface Model<I extends Shape = Shape, O extends Shape = Shape> {
  readonly name: string;
  readonly inputShape: I;
  readonly outputShape: O;
  /** "int32" for models that take tokens. */
  readonly inputDtype: "float32" | "int32";
  /** What comes out at a place of the first axis depends on what came in up to there only, and `forward` heeds a cache. */
  readonly causal?: boolean;
  readonly parameters: readonly Parameter[];
  /** What forward passes draw random numbers from, in the order in which the layers were built. Default: nothing. */
  readonly streams?: readonly ModelStream[];
  readonly summary: readonly LayerSummary[];
  /** `x: [batch, ...I]` → `[batch, ...O]`. Throws ShapeError. Differentiable; call it inside a step. */
  forward<X extends Tensor>(x: Checked<X, BatchOf<I, X>>, context?: Forward): Batch<BatchedOutput<I, O, X>, "float32">;
  /** The forward pass without training and without gradients, in batches. `x: [n, ...I]` → `[n, ...O]`. */
  predict<X extends Tensor>(
    x: Checked<X, BatchOf<I, X>>,
    options?: { batchSize?: number },
  ): Batch<BatchedOutput<I, O, X>, "float32">;
}
