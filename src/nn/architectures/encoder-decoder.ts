import { ValueError } from "../../errors.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, positiveInteger, show } from "../../tensor/arguments.js";
import type { Sum } from "../../tensor/arithmetic.js";
import type { Shape } from "../../tensor/shape.js";
import {
  assertLayers,
  type Built,
  type Fitting,
  type Layer,
  type Misfit,
  type OutputOf,
  type Through,
} from "../layer.js";
import { withMask } from "../masked.js";
import type { Forward, LayerSummary, Model } from "../module.js";
import { Network } from "../network.js";
import type { Scope } from "../scope.js";
import { type Buildable, buildStack, numbered } from "../stack.js";

/** What {@link encoderDecoder} takes. */
export interface EncoderDecoderOptions<Source extends number, Target extends number, Encoder, Decoder> {
  /** Tokens of a source. */
  readonly source: Source;
  /** Tokens of a target. */
  readonly target: Target;
  /** What makes the memory of a source, an embedding first. */
  readonly encoder: Encoder;
  /** What goes over the target; crossAttention and decoderBlock look at the memory. An embedding first. */
  readonly decoder: Decoder;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * A model of two texts, one of which is known and the other is to be predicted: an encoder over `source`, and a decoder over
 * `target`, which looks at what the encoder made (arXiv 1706.03762). One example is both, one behind the other: [source + target]
 * (int32) → what the decoder gives. What `maskZero` says of the source holds for the decoder's looks at it, too. Weights are named
 * `encoder.0.weight`, `decoder.0.weight`. Throws ValueError, ShapeError, MemoryError.
 */
export function encoderDecoder<
  const Source extends number,
  const Target extends number,
  const E extends readonly Layer[],
  const D extends readonly Layer[],
>(
  options: EncoderDecoderOptions<
    Source,
    Target,
    Through<[Source], E> extends Misfit<string> ? Fitting<[Source], E> : E,
    Through<[Target], D, Through<[Source], E>> extends Misfit<string> ? Fitting<[Target], D, Through<[Source], E>> : D
  >,
): Model<[Sum<Source, Target>], OutputOf<[Target], D, Through<[Source], E>>> {
  checkOptions("encoderDecoder", options, ["source", "target", "encoder", "decoder", "seed"]);
  const { source, target, seed } = options;
  positiveInteger("encoderDecoder: source", source);
  positiveInteger("encoderDecoder: target", target);
  const [encoder, decoder] = (["encoder", "decoder"] as const).map((name) => numbered(layersOf(name, options[name])));
  return pairNetwork("encoderDecoder", { source, target, seed }, encoder!, decoder!);
}

/** The sizes of a model of two texts. */
export interface Pair {
  readonly source: number;
  readonly target: number;
  readonly seed?: number | undefined;
}

type NamedLayers = readonly (readonly [name: string, layer: Buildable])[];

/** {@link encoderDecoder} for models made of it, whose layers have names. The types computed its shapes from the same layers. */
export function pairNetwork<I extends Shape, O extends Shape>(
  name: string,
  { source, target, seed }: Pair,
  encoder: NamedLayers,
  decoder: NamedLayers,
): Model<I, O> {
  return new Network<I, O>({
    name,
    input: [source + target] as Shape as I,
    dtype: "int32",
    seed,
    build: (scope) => buildPair(source, target, encoder, decoder, scope),
  });
}

function buildPair(
  source: number,
  target: number,
  encoder: NamedLayers,
  decoder: NamedLayers,
  scope: Scope,
): Built & { readonly rows: readonly LayerSummary[] } {
  const reader = buildStack([source], encoder, scope.at("encoder"));
  const writer = buildStack([target], decoder, scope.at("decoder").recalling(reader.output));
  return {
    output: writer.output,
    rows: [...reader.rows, ...writer.rows],
    flops: reader.flops + writer.flops,
    forward(x, context) {
      const parts = [source, target];
      const [known, written] = tf.split(x, parts, 1);
      const [ofKnown, ofWritten] = context.mask === undefined ? [] : tf.split(context.mask, parts, 1);
      const memory = reader.masked!(known!, withMask(context, ofKnown));
      const beside: Forward = { ...withMask(context, ofWritten), memory };
      return writer.forward(written!, beside);
    },
  };
}

function layersOf(name: "encoder" | "decoder", layers: unknown): readonly Layer[] {
  const what = `encoderDecoder: ${name}`;
  if (!Array.isArray(layers) || layers.length === 0) {
    throw new ValueError({ what, expected: "a list of layers", got: show(layers) });
  }
  const all: readonly unknown[] = layers;
  assertLayers(what, all);
  const [first] = all;
  if (first!.tokens) return all;
  throw new ValueError({
    what,
    expected: "a layer that takes tokens first",
    got: first!.label,
    hint: "nn.embedding(…).",
  });
}
