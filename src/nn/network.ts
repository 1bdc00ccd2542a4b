import { ShapeError, ValueError } from "../errors.js";
import { apart, type Compiled, compiled } from "../runtime/index.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, positiveInteger } from "../tensor/arguments.js";
import { nextSeed, Random } from "../tensor/random.js";
import { type Shape, sameShape, showShape } from "../tensor/shape.js";
import type { BatchedOutput, BatchOf } from "../tensor/shapes/batches.js";
import type { Checked } from "../tensor/shapes/dims.js";
import type { Tensor as Batch } from "../tensor/shapes/tensor.js";
import { partLength, quickerInHalves } from "./halves.js";
import type { Built } from "./layer.js";
import { checkMemory } from "./memory.js";
import type { Forward, LayerSummary, Model, ModelStream, Parameter } from "./module.js";
import { Scope, type Whole } from "./scope.js";

/** How a model is made. */
export interface Plan<I extends Shape> {
  /** The function that the user called: `sequential`. */
  readonly name: string;
  readonly input: I;
  readonly dtype: "float32" | "int32";
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number | undefined;
  /** The first axis may be shorter than planned, e.g. a text shorter than the context. */
  readonly shorter?: boolean;
  build(scope: Scope): Built & { readonly rows: readonly LayerSummary[] };
}

const inference: Forward = { training: false };

/** The one implementation of {@link Model}; made by `sequential`, `gpt` and their like. */
export class Network<I extends Shape, O extends Shape> implements Model<I, O> {
  readonly name: string;
  readonly inputShape: I;
  readonly outputShape: O;
  readonly inputDtype: "float32" | "int32";
  readonly causal: boolean;
  readonly parameters: readonly Parameter[];
  readonly streams: readonly ModelStream[];
  readonly summary: readonly LayerSummary[];
  readonly #built: Built;
  readonly #shorter: boolean;
  readonly #predictor: Compiled;
  readonly #wholes: readonly Whole[];

  /** Checks that everything fits together and into memory, then makes the weights. */
  constructor(plan: Plan<I>) {
    const scope = new Scope(plan.seed ?? nextSeed());
    const built = plan.build(scope);
    checkMemory(
      plan.name,
      scope.weights.reduce((sum, weight) => sum + weight.size, 0),
    );
    this.parameters = scope.weights.map((weight) => weight.allocate(new Random(scope.seed, weight.path)));
    this.streams = scope.streams;
    this.#wholes = scope.wholes;
    this.name = plan.name;
    this.inputShape = plan.input;
    // The types computed the same shape from the same layers.
    this.outputShape = built.output as Shape as O;
    this.inputDtype = plan.dtype;
    this.causal = built.causal ?? false;
    this.summary = built.rows;
    this.#built = built;
    this.#shorter = plan.shorter ?? false;
    this.#predictor = compiled("predict", ([x]) => [this.#pass(x!)], { lazy: true });
  }

  forward<X extends Tensor>(x: Checked<X, BatchOf<I, X>>, context?: Forward): Batch<BatchedOutput<I, O, X>, "float32">;
  forward(x: unknown, context: Forward = inference): never {
    return this.#forward(x as Tensor, context) as never;
  }

  /** Whether a layer wants a batch in one piece. */
  keepsWhole(training: boolean): boolean {
    return this.#wholes.some((wants) => wants(training));
  }

  /** A pass without training, as two halves at once where that is quicker. */
  #pass(x: Tensor): Tensor {
    const size = x.shape[0]!;
    if (this.keepsWhole(false) || !quickerInHalves(this, size)) return this.#forward(x, inference);
    apart(2);
    const half = Math.ceil(size / 2);
    return tf.concat(
      tf.split(x, [half, size - half]).map((part) => this.#forward(part, inference)),
      0,
    );
  }

  #forward(x: Tensor, context: Forward): Tensor {
    const accepted = this.#accept(x, context.cache !== undefined);
    if (context.mask !== undefined) this.#checkMask(context.mask, accepted);
    return this.#built.forward(accepted, context);
  }

  predict<X extends Tensor>(
    x: Checked<X, BatchOf<I, X>>,
    options?: { batchSize?: number },
  ): Batch<BatchedOutput<I, O, X>, "float32">;
  predict(x: unknown, options: { batchSize?: number } = {}): never {
    return this.#predict(x as Tensor, options) as never;
  }

  #predict(x: Tensor, options: { batchSize?: number }): Tensor {
    checkOptions("predict", options, ["batchSize"]);
    const { batchSize = 256 } = options;
    positiveInteger("predict: batchSize", batchSize);
    const size = this.#accept(x).shape[0]!;
    if (size === 0) return tf.zeros([0, ...this.outputShape]);
    const predict = (part: () => Tensor) => tf.tidy(() => this.#predictor.run([part()])[0]!);
    const most = Math.min(batchSize, size);
    const length = this.keepsWhole(false) ? most : partLength(this, most);
    if (size <= length) return predict(() => x);
    return tf.tidy(() => {
      const parts: Tensor[] = [];
      for (let start = 0; start < size; start += length) {
        parts.push(predict(() => x.slice(start, Math.min(length, size - start))));
      }
      return tf.concat(parts, 0);
    });
  }

  #accept(x: Tensor, shorter = false): Tensor {
    const [first, ...rest] = this.inputShape;
    const fits =
      sameShape(x.shape.slice(1), this.inputShape) ||
      ((shorter || this.#shorter) &&
        x.rank > 1 &&
        x.shape[1]! > 0 &&
        x.shape[1]! < first! &&
        sameShape(x.shape.slice(2), rest));
    if (!fits) throw this.#wrongShape(x.shape);
    if (x.dtype === this.inputDtype) return x;
    if (this.inputDtype === "float32" && (x.dtype === "int32" || x.dtype === "bool")) return x.toFloat();
    const hint = this.inputDtype === "int32" ? "Tokens are whole numbers: x.toInt()." : "Make it numbers first.";
    throw new ValueError({ what: this.name, expected: `${this.inputDtype} input`, got: x.dtype, hint });
  }

  #checkMask(mask: Tensor, x: Tensor): void {
    const places = x.shape.slice(0, 2);
    if (!sameShape(mask.shape, places)) {
      throw new ShapeError({ what: `${this.name}: mask`, expected: showShape(places), got: showShape(mask.shape) });
    }
    if (mask.dtype === "bool") return;
    const hint = "true where there is something, e.g. x.notEqual(0).";
    throw new ValueError({ what: `${this.name}: mask`, expected: "bool", got: mask.dtype, hint });
  }

  #wrongShape(got: Shape): ShapeError {
    const { name, inputShape } = this;
    const most = this.#shorter ? "at most " : "";
    const expected = `input [batch, ${most}${inputShape.join(", ")}]`;
    const missing = sameShape(got, inputShape);
    const hint = missing ? { hint: "Add the batch dimension: x.expandDims(0)." } : {};
    return new ShapeError({ what: name, expected, got: showShape(got), ...hint });
  }
}
