import { ValueError } from "../../errors.js";
import { compiled } from "../../runtime/index.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, positiveInteger, show } from "../../tensor/arguments.js";
import { type Shape, sameShape } from "../../tensor/shape.js";
import type { Tensor as Typed } from "../../tensor/shapes/tensor.js";
import { relu } from "../activations/relu.js";
import { conv2d } from "../convolution/convolution.js";
import { globalAveragePool2d } from "../convolution/global-pool.js";
import { maxPool2d } from "../convolution/pool.js";
import { dense } from "../dense.js";
import { heNormal } from "../initializers/initial.js";
import type { Built } from "../layer.js";
import type { Model } from "../module.js";
import { Network } from "../network.js";
import { batchNorm } from "../normalization/batch-norm.js";
import { buildStack } from "../stack.js";
import { type Part, requireImage, requireSizes } from "./assemble.js";

/** The size of an {@link embeddingNet}. */
export interface EmbeddingNetOptions<
  Input extends readonly [number, number, number] = readonly [number, number, number],
  Size extends number = number,
  Views extends number = number,
> {
  /** [height, width, channels] of an image. */
  readonly input: Input;
  /** Numbers that an image becomes; the vector has length 1. */
  readonly size: Size;
  /** Images of one example: 2 for `losses.contrastive` and `infoNCE`, 3 (anchor, positive, negative) for `triplet`. Default 3. */
  readonly views?: Views;
  /** Filters of each stage, which halves the image. Default [32, 64, 128]. */
  readonly filters?: readonly number[];
  /** For the first weights. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/** An {@link embeddingNet}. */
export interface EmbeddingNet<Input extends Shape, Size extends number, Views extends number>
  extends Model<[Views, ...Input], [Views, Size]> {
  /** `images: [n, ...Input]` → `[n, size]`, each of length 1: what is alike lies near. Throws ValueError. */
  embed(images: Tensor): Typed<[number, Size]>;
}

/**
 * Images as points, those of one thing near each other, for verification and search (siamese networks: Bromley et al. 1993; triplets:
 * arXiv 1503.03832): the same convolutions over each of the images of an example, and vectors of length 1. [views, height, width,
 * channels] → [views, size]. First weights of convolutions He normal. Throws ValueError, MemoryError.
 */
export function embeddingNet<
  const Input extends readonly [number, number, number],
  const Size extends number,
  const Views extends number = 3,
>(options: EmbeddingNetOptions<Input, Size, Views>): EmbeddingNet<[...Input], Size, Views> {
  check(options);
  const { input, size, filters = [32, 64, 128], seed } = options;
  const views = (options.views ?? 3) as Views;
  const parts: Part[] = [
    ...filters.flatMap((count, index): Part[] => [
      [`stages.${index}.conv`, conv2d(count, 3, { padding: "same", bias: false, initial: heNormal })],
      [`stages.${index}.norm`, batchNorm()],
      [`stages.${index}.relu`, relu()],
      [`stages.${index}.pool`, maxPool2d(2)],
    ]),
    ["pool", globalAveragePool2d()],
    ["head", dense(size)],
  ];
  let body!: Built;
  const model = new Network<[Views, ...Input], [Views, Size]>({
    name: "embeddingNet",
    input: [views, ...input],
    dtype: "float32",
    ...(seed === undefined ? {} : { seed }),
    build(scope) {
      const built = buildStack(input, parts, scope);
      body = built;
      return {
        output: [views, size],
        rows: built.rows,
        flops: built.flops * views,
        forward(x, context) {
          const apart = built.forward(tf.reshape(x, [-1, ...input] as number[]), context);
          return ofLength1(apart).reshape([-1, views, size]);
        },
      };
    },
  });
  const run = compiled("embed", ([x]) => [ofLength1(body.forward(x!, { training: false }))]);
  const embed = (images: Tensor): Tensor => {
    if (images instanceof tf.Tensor && sameShape(images.shape.slice(1), input)) {
      return tf.tidy(() => run.run([images.toFloat()])[0]!);
    }
    const got = images instanceof tf.Tensor ? `[${images.shape.join(", ")}]` : show(images);
    throw new ValueError({ what: "embed", expected: `images [n, ${input.join(", ")}]`, got });
  };
  return Object.assign(model, { embed }) as unknown as EmbeddingNet<[...Input], Size, Views>;
}

/** `x: [n, size]`, each row divided by its length. */
function ofLength1(x: Tensor): Tensor {
  return x.div(x.square().sum(1, true).add(1e-12).sqrt());
}

function check(options: EmbeddingNetOptions): void {
  checkOptions("embeddingNet", options, ["input", "size", "views", "filters", "seed"]);
  const { input, views = 3, filters = [32, 64, 128] } = options;
  requireImage("embeddingNet", input);
  requireSizes("embeddingNet", { ...options, views }, ["size", "views"]);
  if (!Array.isArray(filters) || filters.length === 0) {
    throw new ValueError({ what: "embeddingNet: filters", expected: "a list, a number a stage", got: show(filters) });
  }
  filters.forEach((count, index) => {
    positiveInteger(`embeddingNet: filters, number ${index}`, count);
  });
  if (Math.min(input[0], input[1]) >= 2 ** filters.length) return;
  const expected = `an image at least ${2 ** filters.length} high and wide, which ${filters.length} stages halve`;
  throw new ValueError({ what: "embeddingNet: input", expected, got: show(input) });
}
