import { ValueError } from "../../errors.js";
import { checkOptions, numberIn, positiveInteger, positiveNumber, show, trueOrFalse } from "../../tensor/arguments.js";
import type { Divides, Product } from "../../tensor/arithmetic.js";
import { type Shape, showShape } from "../../tensor/shape.js";
import type { OptionOf } from "../convolution/window.js";
import { buildDense } from "../dense.js";
import { dropper } from "../dropout/dropout.js";
import { glorotUniform, type Initial } from "../initializers/initial.js";
import {
  type Built,
  callText,
  type given,
  type Layer,
  type Misfit,
  makeLayer,
  misfit,
  type Reject,
  type yields,
} from "../layer.js";
import type { Scope } from "../scope.js";
import { linearBiases } from "./alibi.js";
import { attend, splitHeads } from "./attend.js";
import { hiding, paddingHidden, type SightOptions } from "./hiding.js";
import { type RotaryOptions, rotator } from "./rotary.js";

/** What {@link attention} takes besides the number of heads. */
export interface AttentionOptions extends SightOptions {
  /** The share of attention weights dropped in training. Default 0. */
  readonly dropout?: number;
  /** Keys and values have so many heads, each for a group of `heads` (arXiv 2305.13245); 1: multi-query. Default: `heads`. */
  readonly keyHeads?: number;
  /** Turn queries and keys by their positions (arXiv 2104.09864), pairs of neighbours, base 10000. Default false. */
  readonly rotary?: boolean | RotaryOptions;
  /** Take from each score a share of the distance (arXiv 2108.12409). Default false. */
  readonly alibi?: boolean;
}

/** The type of `attention(heads, options)`. */
export interface Attention<Heads extends number, Options = object> extends Layer {
  readonly [yields]: AttentionOutput<"attention", this[typeof given], Heads, Options>;
}

/** The shape itself, where it is [time, width] and `Heads` divides the width as `Options` need it; or a message. */
export type AttentionOutput<Name extends string, I, Heads extends number, Options = object> = Grouped<
  Name,
  Heads,
  OptionOf<Options, "keyHeads", Heads, number>,
  Attended<Name, I, Heads, OptionOf<Options, "rotary", false, boolean | RotaryOptions>>
>;

/** `Fitting` where the heads can share so many keys; or a message. */
export type Grouped<Name extends string, Heads extends number, KeyHeads extends number, Fitting> =
  Divides<KeyHeads, Heads> extends true
    ? Fitting
    : Misfit<`${Name}: keyHeads: expected a number that divides ${Heads} heads, got ${KeyHeads}`>;

type Attended<Name extends string, I, Heads extends number, Rotary> = I extends Shape
  ? number extends I["length"]
    ? Shape
    : I extends readonly [number, infer Width extends number]
      ? Divides<Heads, Width> extends true
        ? false extends Rotary
          ? I
          : Divides<Product<[2, Heads]>, Width> extends true
            ? I
            : Reject<Name, `[time, width] with a width that ${Heads} rotary heads divide into pairs`, I>
        : Reject<Name, `[time, width] with a width that ${Heads} heads divide`, I>
      : Reject<Name, "[time, width]", I>
  : never;

/**
 * Multi-head self-attention (arXiv 1706.03762): [time, width] → [time, width]. Queries, keys and values are one dense layer
 * `qkv`, side by side, scores are scaled by 1 / √(width / heads), `projection` mixes the heads. Padding is not looked at (see
 * `embedding`'s `maskZero`). Captured as `PATH`: the attention weights [batch, heads, query, key]. Throws ValueError.
 */
export function attention<const Heads extends number, const Options extends AttentionOptions = object>(
  heads: Heads,
  options?: Options & AttentionOptions,
): Attention<Heads, Options> {
  const given: AttentionOptions = options ?? {};
  checkAttention("attention", heads, given);
  return makeLayer<Attention<Heads, Options>>({
    label: callText("attention", [heads], given),
    build: (input, scope) => buildAttention("attention", input, heads, scope, given),
  });
}

/** Throws ValueError if heads or options cannot be; `known` are the options of the layer around it. */
export function checkAttention(
  what: string,
  heads: number,
  options: AttentionOptions,
  known: readonly string[] = [],
): void {
  positiveInteger(`${what}: heads`, heads);
  checkOptions(what, options, ["causal", "dropout", "keyHeads", "rotary", "alibi", "window", "mask", ...known]);
  const { causal = true, dropout = 0, keyHeads = heads, rotary = false, alibi = false, window = 1, mask } = options;
  trueOrFalse(`${what}: causal`, causal);
  numberIn(`${what}: dropout`, dropout, 0, 1);
  checkKeyHeads(what, heads, keyHeads);
  trueOrFalse(`${what}: alibi`, alibi);
  positiveInteger(`${what}: window`, window);
  if (typeof rotary === "object") {
    checkOptions(`${what}: rotary`, rotary, ["base"]);
    positiveNumber(`${what}: rotary: base`, rotary.base ?? 1);
  } else trueOrFalse(`${what}: rotary`, rotary);
  if (mask === undefined || typeof mask === "function") return;
  const hint = "E.g. (query, key) => key >= query - 8.";
  throw new ValueError({ what: `${what}: mask`, expected: "a function of query and key", got: show(mask), hint });
}

/** Throws ValueError unless `heads` can be put into so many groups. */
export function checkKeyHeads(what: string, heads: number, keyHeads: number): void {
  positiveInteger(`${what}: keyHeads`, keyHeads);
  if (heads % keyHeads === 0) return;
  const expected = `a number that divides ${heads} heads`;
  throw new ValueError({ what: `${what}: keyHeads`, expected, got: show(keyHeads) });
}

/** The first weights of attention in layers made of it, which choose their own. */
export interface AttentionInitials {
  readonly initial?: Initial;
  readonly projectionInitial?: Initial;
}

/** {@link attention} for layers made of it. `name` is the one to complain about. */
export function buildAttention(
  name: string,
  input: Shape,
  heads: number,
  scope: Scope,
  options: AttentionOptions & AttentionInitials,
): Built {
  const { causal = true, dropout = 0, keyHeads = heads, rotary = false, alibi = false } = options;
  const { initial = glorotUniform, projectionInitial = initial } = options;
  const [time, size] = checkWidth(name, input, heads, scope, rotary !== false);
  const width = heads * size;
  const qkv = buildDense(input, width + 2 * keyHeads * size, scope.at("qkv"), { initial });
  const projection = buildDense(input, width, scope.at("projection"), { initial: projectionInitial });
  const hidden = hiding(name, time, options);
  const turn = rotary === false ? undefined : rotator(time, size, rotary === true ? {} : rotary);
  const drop = dropper(dropout, scope.at("dropout"));
  return {
    output: input,
    flops: qkv.flops + projection.flops + 4 * time * time * width,
    causal,
    forward(x, context) {
      const { cache, mask } = context;
      const position = cache?.position;
      const [query, key, value] = splitHeads(qkv.forward(x, context), [heads, keyHeads, keyHeads]);
      const turned = turn === undefined ? [query!, key!] : [turn(query!, position), turn(key!, position)];
      const [keys, values] = cache?.extend(scope.path, turned[1]!, value!) ?? [turned[1]!, value!];
      const biases = [
        cache === undefined || position === undefined ? hidden.whole(x.shape[1]!) : hidden.next(cache),
        mask && paddingHidden(mask),
        alibi ? linearBiases(heads, keys.shape[2]!, position) : undefined,
      ];
      const attended = attend(turned[0]!, keys, values, { biases, path: scope.path, drop }, context);
      return projection.forward(attended, context);
    },
  };
}

/** Throws ShapeError or ValueError unless the heads divide the input; its time, and the width of a head. */
export function checkWidth(
  name: string,
  input: Shape,
  heads: number,
  scope: Scope,
  rotary = false,
): [time: number, size: number] {
  if (input.length !== 2) throw misfit(name, "[time, width]", input, scope);
  const [time, width] = input as readonly [number, number];
  const parts = rotary && width % heads === 0 ? [2 * heads, "rotary heads divide into pairs"] : [heads, "heads divide"];
  if (width % (parts[0] as number) === 0) return [time, width / heads];
  const expected = `input [time, width] with a width that ${heads} ${parts[1]}`;
  throw new ValueError({ what: name, expected, got: showShape(input) });
}
