import { ValueError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, numberIn, show } from "../../tensor/arguments.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { buildBlock } from "../attention/block.js";
import { buildPositions } from "../attention/positions.js";
import { buildDense, linear } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { buildEmbedding } from "../embedding.js";
import { constant, normal } from "../initializers/initial.js";
import { type Built, callText } from "../layer.js";
import type { Model } from "../module.js";
import { layerNorm } from "../normalization/layer-norm.js";
import type { Scope } from "../scope.js";
import { named } from "../stack.js";
import { assemble, type Part, requireSizes } from "./assemble.js";

/** The size of a {@link contactMap}. */
export interface ContactMapOptions<Length extends number = number> {
  /** Number of different residues: 20 for amino acids, 2 for the HP model. */
  readonly vocab: number;
  /** Residues of a chain. */
  readonly length: Length;
  /** Numbers that stand for a residue inside. `heads` must divide it. */
  readonly width: number;
  readonly heads: number;
  /** Number of transformer blocks. */
  readonly layers: number;
  /** Ways in which two residues are compared. Default: `heads`. */
  readonly channels?: number;
  /** The share of values dropped in training. Default 0. */
  readonly dropout?: number;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * Which residues of a protein touch: transformer blocks that look both ways over the chain, and a head over pairs of residues, which
 * compares them in several ways, both ways round, and weighs these, and how far they are apart in the chain (after the logistic
 * regression over attention maps of Rao et al. 2021, whose maps are learned here for the purpose). [length] residues (int32) →
 * symmetric logits [length, length], for `binaryCrossEntropy`. Captured as `blocks.N.attention`. Throws ValueError, MemoryError.
 */
export function contactMap<const Length extends number>(
  options: ContactMapOptions<Length>,
): Model<[Length], [Length, Length]> {
  const sizes = ["vocab", "length", "width", "heads", "layers"] as const;
  checkOptions("contactMap", options, [...sizes, "channels", "dropout", "seed"]);
  const { vocab, length, width, heads, layers, channels = heads, dropout: rate = 0, seed } = options;
  requireSizes("contactMap", { ...options, channels }, [...sizes, "channels"]);
  numberIn("contactMap: dropout", rate, 0, 1);
  for (const [name, parts] of [
    ["heads", heads],
    ["channels", channels],
  ] as const) {
    if (width % parts === 0) continue;
    const expected = `a number that ${parts} ${name} divide`;
    throw new ValueError({ what: "contactMap: width", expected, got: show(width) });
  }
  const initial = normal(0.02);
  const plan = { causal: false, dropout: rate, initial };
  const parts: Part[] = [
    named("residues", `embedding(${vocab}, ${width})`, (input, scope) =>
      buildEmbedding(input, vocab, width, scope, initial),
    ),
    named("positions", "positions()", (input, scope) => buildPositions(input, scope, initial)),
    ...(rate > 0 ? [["dropout", dropout(rate)] as const] : []),
    ...Array.from({ length: layers }, (_, index) =>
      named(`blocks.${index}`, callText("encoderBlock", [heads], { norm: "pre", activation: "gelu" }), (input, scope) =>
        buildBlock("contactMap", input, heads, scope, plan),
      ),
    ),
    ["norm", layerNorm()],
    named("pairs", `pairs(${channels})`, (input, scope) => buildPairs(input, channels, scope)),
  ];
  return assemble<[Length], [Length, Length]>({ name: "contactMap", input: [length], dtype: "int32", seed }, parts);
}

/** [length, width] → symmetric [length, length] */
function buildPairs(input: Shape, channels: number, scope: Scope): Built {
  const [length, width] = input as readonly [number, number];
  const size = width / channels;
  const sides = buildDense(input, 2 * width, scope.at("sides"), { initial: normal(width ** -0.5) });
  const weight = scope.weight("weight", [channels, 1], constant(1));
  // How far two residues are apart in the chain says much by itself.
  const distances = scope.weight("distances", [length, 1], constant(0), { kind: "table" });
  const apart = Int32Array.from({ length: length * length }, (_, at) =>
    Math.abs(Math.floor(at / length) - (at % length)),
  );
  return {
    output: [length, length],
    flops: sides.flops + 2 * length * length * (width + channels) + sizeOf([length, length]),
    forward(x, context) {
      const batch = x.shape[0]!;
      const both = sides.forward(x, context).reshape([batch, length, 2, channels, size]).transpose([2, 0, 3, 1, 4]);
      const [one, other] = tf.unstack(both) as [Tensor, Tensor];
      const compared = one.matMul(other, false, true).mul(size ** -0.5);
      const symmetric = compared.add(compared.transpose([0, 1, 3, 2])).transpose([0, 2, 3, 1]);
      const weighed = linear(symmetric, weight.value).reshape([batch, length, length]);
      const rows = tf.gather(distances.value.flatten(), tf.tensor1d(apart, "int32"));
      return weighed.add(rows.reshape([length, length]));
    },
  };
}
