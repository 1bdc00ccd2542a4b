import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { numberIn, positiveInteger } from "../../tensor/arguments.js";
import { nextSeed } from "../../tensor/random.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Tensor as Typed } from "../../tensor/shapes/tensor.js";
import { buildDense } from "../dense.js";
import type { Built } from "../layer.js";
import type { Scope } from "../scope.js";
import { named } from "../stack.js";
import { type Autoencoder, type AutoencoderOptions, checkAutoencoder, coder } from "./autoencoder.js";

/** The size of a {@link vae}. */
export interface VaeOptions<
  Input extends readonly [number, number, number] = readonly [number, number, number],
  Code extends number = number,
> extends AutoencoderOptions<Input, Code> {
  /** How much the divergence counts: the β of β-VAEs (Higgins et al. 2017). Default 1. */
  readonly klWeight?: number;
}

/** A {@link vae}: `encode` gives the means of the codes. */
export interface Vae<Input extends Shape, Code extends number> extends Autoencoder<Input, Code> {
  /** Images of codes drawn from the prior: `[n, ...Input]`. `seed`: default the next of `nn.seed`. Throws ValueError. */
  sample<N extends number>(count: N, options?: { readonly seed?: number }): Typed<[N, ...Input]>;
}

/**
 * A variational autoencoder (arXiv 1312.6114) of convolutions: the encoder gives each image a normal distribution of codes, the decoder
 * sees one drawn from it (the mean, outside of training). [height, width, channels] → logits of the same, for images of 0 … 1:
 * `train.fit(net, data.fromArrays(x, x), { loss: "binaryCrossEntropy" })`. The divergence of the codes from N(0, 1) is added to the
 * loss, divided by the number of values of an image, as the loss is a mean over them: together the negative ELBO a value, in nats.
 * Throws ValueError, MemoryError.
 */
export function vae<const Input extends readonly [number, number, number], const Code extends number>(
  options: VaeOptions<Input, Code>,
): Vae<[...Input], Code> {
  checkAutoencoder("vae", options, ["klWeight"]);
  const { input, code, klWeight = 1 } = options;
  numberIn("vae: klWeight", klWeight, 0);
  const weight = klWeight / sizeOf(input);
  const ending = named("code", `normal code(${code})`, (shape, scope) => buildCode(shape, code, weight, scope));
  const { model, decode } = coder("vae", options, [ending]);
  const sample = (count: number, { seed = nextSeed() }: { readonly seed?: number } = {}): Tensor => {
    positiveInteger("vae: sample: count", count);
    return tf.tidy(() => decode(tf.randomNormal([count, code], 0, 1, "float32", seed)));
  };
  return Object.assign(model, { sample }) as unknown as Vae<[...Input], Code>;
}

/** [features] → [code]: drawn from a normal distribution in training, else its mean; tells how far it is from N(0, 1). */
function buildCode(input: Shape, code: number, klWeight: number, scope: Scope): Built {
  const mean = buildDense(input, code, scope.at("mean"));
  const logVariance = buildDense(input, code, scope.at("logVariance"));
  const random = scope.random();
  return {
    output: [code],
    flops: mean.flops + logVariance.flops + 10 * code,
    forward(x, context) {
      const [centre, spread] = [mean.forward(x, context), logVariance.forward(x, context)];
      // Appendix B of the paper.
      const divergence = () => spread.exp().add(centre.square()).sub(spread).sub(1).sum(1).mul(0.5).mean();
      if (klWeight > 0) context.addLoss?.(divergence().mul(klWeight));
      if (!context.training) return centre;
      return centre.add(spread.mul(0.5).exp().mul(random.normal(centre.shape)));
    },
  };
}
