/** What transformerBlock, encoderBlock and decoderBlock share. */
import { ValueError } from "../../errors.js";
import { oneOf, positiveInteger, show } from "../../tensor/arguments.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { dropper } from "../dropout/dropout.js";
import type { Initial } from "../initializers/initial.js";
import type { Built } from "../layer.js";
import { buildLayerNorm } from "../normalization/layer-norm.js";
import { buildRmsNorm } from "../normalization/rms-norm.js";
import type { Scope } from "../scope.js";
import { watched } from "../watched.js";
import { type AttentionOptions, buildAttention, checkAttention } from "./attention.js";
import { buildCrossAttention } from "./cross-attention.js";
import { type BlockActivation, buildFeedForward } from "./feed-forward.js";

/** What a block of a transformer is made of. */
export interface BlockParts {
  /** How many times wider than the block the hidden layer of its MLP is. Default 4. */
  readonly expansion?: number;
  /** "pre": each part has its norm before it (arXiv 2002.04745). "post": behind its addition (arXiv 1706.03762). */
  readonly norm?: "pre" | "post";
  /** "layer" (default): layerNorm. "rms": rmsNorm (arXiv 1910.07467). */
  readonly normalization?: "layer" | "rms";
  /** "gelu", "relu", or "swiglu", which takes a third dense layer, `mlp.gate` (arXiv 2002.05202). */
  readonly activation?: BlockActivation;
}

/** What a block takes besides the number of heads. */
export interface BlockOptions extends AttentionOptions, BlockParts {}

/** The names of {@link BlockParts}. */
export const blockPartNames = ["expansion", "norm", "normalization", "activation"] as const;

/** Of these options, those that were written. */
export function pick<T extends object, Name extends keyof T>(options: T, names: readonly Name[]): Pick<T, Name> {
  return Object.fromEntries(
    names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  ) as Pick<T, Name>;
}

/** Throws ValueError if heads or options cannot be. */
export function checkBlock(what: string, heads: number, options: BlockOptions): void {
  checkAttention(what, heads, options, blockPartNames);
  checkBlockParts(what, options);
}

/** Throws ValueError if the parts cannot be. */
export function checkBlockParts(what: string, options: BlockParts): void {
  const { expansion = 4, norm = "pre", normalization = "layer", activation = "gelu" } = options;
  positiveInteger(`${what}: expansion`, expansion);
  oneOf(`${what}: norm`, norm, ["pre", "post"]);
  oneOf(`${what}: normalization`, normalization, ["layer", "rms"]);
  oneOf(`${what}: activation`, activation, ["gelu", "relu", "swiglu"]);
}

/** Throws ValueError unless the heads divide the width of a model, into pairs where positions are rotary. */
export function checkHeadWidth(what: string, width: number, heads: number, rotary = false): void {
  if (width % (rotary ? 2 * heads : heads) === 0) return;
  const expected = `a number that ${heads} heads divide${rotary ? " into pairs" : ""}`;
  throw new ValueError({ what: `${what}: width`, expected, got: show(width) });
}

/** The first weights of a block in models made of it: `initial` for all, `exitInitial` for those that end in an addition. */
export interface BlockInitials {
  readonly initial?: Initial;
  readonly exitInitial?: Initial;
}

/** How a block is built: with cross attention, to what an encoder made, or without. */
export interface BlockPlan extends BlockOptions, BlockInitials {
  readonly cross?: boolean;
}

/** Attention, with `cross` also to a memory, and an MLP, each with its norm and added to what came in. */
export function buildBlock(name: string, input: Shape, heads: number, scope: Scope, plan: BlockPlan): Built {
  const { dropout = 0, expansion = 4, norm = "pre", cross = false, keyHeads = heads } = plan;
  const attends = { ...plan, ...(plan.exitInitial && { projectionInitial: plan.exitInitial }) };
  const numbered: Part[] = [
    part("attention", "attention.projection", () => buildAttention(name, input, heads, scope.at("attention"), attends)),
    ...(cross
      ? [
          part("cross", "cross.projection", () =>
            buildCrossAttention(name, input, heads, scope.at("cross"), { ...attends, keyHeads }),
          ),
        ]
      : []),
    part("mlp", "mlp.narrow", () => buildFeedForward(input, expansion * input[1]!, scope.at("mlp"), plan)),
  ];
  const normOf = plan.normalization === "rms" ? buildRmsNorm : buildLayerNorm;
  const sublayers = numbered.map(({ name, dropped, build }, index) => {
    const place = scope.at(`norm${index + 1}`);
    const normed = watched(place.path, normOf(input, place));
    const inner = watched(scope.at(name).path, build());
    const drop = dropper(dropout, scope.at(dropped));
    return { normed, inner, drop };
  });
  return {
    output: input,
    causal: sublayers.every(({ inner }) => inner.causal),
    flops: sublayers.reduce((sum, { normed, inner }) => sum + normed.flops + inner.flops + sizeOf(input), 0),
    forward: (x, context) =>
      sublayers.reduce((value, { normed, inner, drop }) => {
        if (norm === "post") return normed.forward(value.add(drop(inner.forward(value, context), context)), context);
        return value.add(drop(inner.forward(normed.forward(value, context), context), context));
      }, x),
  };
}

interface Part {
  readonly name: string;
  /** Where dropout before the addition draws its masks. */
  readonly dropped: string;
  readonly build: () => Built;
}

function part(name: string, dropped: string, build: () => Built): Part {
  return { name, dropped, build };
}
