import { ValueError } from "../../errors.js";
import { type Compiled, compiled } from "../../runtime/index.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, positiveInteger, show } from "../../tensor/arguments.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Tensor as Typed } from "../../tensor/shapes/tensor.js";
import { relu } from "../activations/relu.js";
import { conv2d } from "../convolution/convolution.js";
import { conv2dTranspose } from "../convolution/transposed-convolution.js";
import { dense } from "../dense.js";
import { flatten } from "../flatten.js";
import { heNormal } from "../initializers/initial.js";
import type { Built } from "../layer.js";
import type { LayerSummary, Model } from "../module.js";
import { Network } from "../network.js";
import { reshape } from "../reshape.js";
import type { Scope } from "../scope.js";
import { buildStack } from "../stack.js";
import { type Part, requireImage } from "./assemble.js";

/** The size of an {@link autoencoder}. */
export interface AutoencoderOptions<
  Input extends readonly [number, number, number] = readonly [number, number, number],
  Code extends number = number,
> {
  /** [height, width, channels] of an image; each convolution halves height and width. */
  readonly input: Input;
  /** Numbers that an image becomes. */
  readonly code: Code;
  /** Filters of the encoder's convolutions; the decoder has them in reverse. Default [32, 64]. */
  readonly filters?: readonly number[];
  /** For the first weights. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/** An {@link autoencoder}: what comes out is to be what went in, `train.fit(net, data.fromArrays(x, x))`. */
export interface Autoencoder<Input extends Shape, Code extends number> extends Model<Input, Input> {
  /** `x: [n, ...Input]` → `[n, code]`. Throws ShapeError. */
  encode(x: Tensor): Typed<[number, Code]>;
  /** `code: [n, code]` → `[n, ...Input]`. Throws ShapeError. */
  decode(code: Tensor): Typed<[number, ...Input]>;
}

/**
 * A convolutional autoencoder (Hinton and Salakhutdinov 2006): convolutions with stride 2 down to a few numbers, and transposed ones back
 * to the image. [height, width, channels] → the same; values as they are (for `meanSquaredError`) or logits (for `binaryCrossEntropy`).
 * First weights He normal. Throws ValueError, MemoryError.
 */
export function autoencoder<const Input extends readonly [number, number, number], const Code extends number>(
  options: AutoencoderOptions<Input, Code>,
): Autoencoder<[...Input], Code> {
  checkAutoencoder("autoencoder", options, []);
  return coder("autoencoder", options, [["code", dense(options.code)]]).model as Autoencoder<[...Input], Code>;
}

/** Throws ValueError for a size that cannot be; `more` are options beside those of {@link AutoencoderOptions}. */
export function checkAutoencoder(what: string, options: AutoencoderOptions, more: readonly string[]): void {
  checkOptions(what, options, ["input", "code", "filters", "seed", ...more]);
  const { input, code, filters = [32, 64] } = options;
  requireImage(what, input);
  positiveInteger(`${what}: code`, code);
  if (!Array.isArray(filters) || filters.length === 0) {
    throw new ValueError({ what: `${what}: filters`, expected: "a list of numbers of filters", got: show(filters) });
  }
  filters.forEach((count, index) => {
    positiveInteger(`${what}: filters, number ${index}`, count);
  });
  const factor = 2 ** filters.length;
  if (input[0] % factor === 0 && input[1] % factor === 0) return;
  const expected = `a height and a width that ${factor} divides, because ${filters.length} convolutions halve them`;
  throw new ValueError({ what: `${what}: input`, expected, got: show(input), hint: "Pad the images, or take fewer." });
}

/** An encoder that ends in these parts, and a decoder behind it, as one model and apart. */
export function coder(
  name: string,
  { input, code, filters = [32, 64], seed }: AutoencoderOptions,
  ending: readonly Part[],
): { readonly model: Model; readonly encode: (x: Tensor) => Tensor; readonly decode: (code: Tensor) => Tensor } {
  const [height, width, channels] = input;
  const shrunk: [number, number, number] = [
    height / 2 ** filters.length,
    width / 2 ** filters.length,
    filters[filters.length - 1]!,
  ];
  const down = filters.flatMap((count, index): Part[] => [
    [`conv${index + 1}`, conv2d(count, 3, { stride: 2, padding: "same", initial: heNormal })],
    [`relu${index + 1}`, relu()],
  ]);
  const outward = [...filters.slice(0, -1).reverse(), channels];
  const up = outward.flatMap((count, index): Part[] => [
    [`relu${index}`, relu()],
    [`conv${index + 1}`, conv2dTranspose(count, 3, { stride: 2, padding: "same", initial: heNormal })],
  ]);
  const encoderParts: Part[] = [...down, ["flatten", flatten()], ...ending];
  const decoderParts: Part[] = [
    ["dense", dense(sizeOf(shrunk), { initial: heNormal })],
    ["reshape", reshape(...shrunk)],
    ...up,
  ];
  const halves: Built[] = [];
  const build = (scope: Scope): Built & { readonly rows: readonly LayerSummary[] } => {
    const encoder = buildStack(input, encoderParts, scope.at("encoder"));
    const decoder = buildStack([code], decoderParts, scope.at("decoder"));
    halves.push(encoder, decoder);
    return {
      output: decoder.output,
      rows: [...encoder.rows, ...decoder.rows],
      flops: encoder.flops + decoder.flops,
      forward: (x, context) => decoder.forward(encoder.forward(x, context), context),
    };
  };
  const seeded = seed === undefined ? {} : { seed };
  const model = new Network<Shape, Shape>({ name, input: [...input], dtype: "float32", ...seeded, build });
  const [encoder, decoder] = halves as [Built, Built];
  const encode = applied(`${name}: encode`, encoder, input);
  const decode = applied(`${name}: decode`, decoder, [code]);
  return { model: Object.assign(model, { encode, decode }), encode, decode };
}

/** A part of a model by itself, without training, compiled. Throws ShapeError. */
function applied(what: string, built: Built, input: Shape): (x: Tensor) => Tensor {
  const run: Compiled = compiled(what, ([x]) => [built.forward(x!, { training: false })]);
  return (x) => {
    if (x instanceof tf.Tensor && x.rank === input.length + 1 && sizeOf(x.shape.slice(1)) === sizeOf(input)) {
      return tf.tidy(() => run.run([x.toFloat()])[0]!);
    }
    const got = x instanceof tf.Tensor ? `[${x.shape.join(", ")}]` : show(x);
    throw new ValueError({ what, expected: `a tensor [n, ${input.join(", ")}]`, got });
  };
}
