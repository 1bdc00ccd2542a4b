import { ShapeError, ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import { show } from "../tensor/arguments.js";
import type { ShowShape } from "../tensor/arithmetic.js";
import { type Shape, showShape } from "../tensor/shape.js";
import type { Forward, Masked } from "./module.js";
import type { Scope } from "./scope.js";

declare const given: unique symbol;
declare const recalls: unique symbol;
declare const yields: unique symbol;

export type { given, recalls, yields };

/**
 * A layer is a description: how the user wrote it, what shape it makes of a shape (in the types), and how it is built into
 * weights and a forward pass. The same description used twice makes two layers with weights of their own.
 */
export interface Layer {
  /** In the types only: the shape that goes in. */
  readonly [given]: unknown;
  /** In the types only: the shape of what an encoder made, for what looks at it; `unknown` where there is none. */
  readonly [recalls]: unknown;
  /** In the types only: the shape that comes out, computed from `this[typeof given]`. */
  readonly [yields]: unknown;
  /** As the user wrote it: `conv2d(16, 3)`. */
  readonly label: string;
  /** Takes token numbers (int32), so it can only come first. */
  readonly tokens?: true;
  /** Asks `scope` for weights; allocates nothing. `input` is the shape of one example. Throws ShapeError. */
  build(input: Shape, scope: Scope): Built;
}

/** A layer in its place in a model. */
export interface Built {
  /** The shape of one example, without the batch dimension. */
  readonly output: Shape;
  /** Floating-point operations of one forward pass of one example; a multiply-add counts two. */
  readonly flops: number;
  /** What comes out at a place of the first axis depends on what came in up to there only, and `forward` heeds a cache. */
  readonly causal?: boolean;
  /** `x: [batch, ...input]` → `[batch, ...output]` */
  forward(x: Tensor, context: Forward): Tensor;
  /** `forward` with the mask of what comes out, where the layer makes, changes or passes on one. See `forwardMasked`. */
  masked?(x: Tensor, context: Forward): Masked;
}

/** A layer from its parts, without those that exist in the types only. */
export function makeLayer<L extends Layer>(parts: Omit<L, typeof given | typeof recalls | typeof yields>): L {
  return parts as L;
}

/** Whether it is a layer. */
export function isLayer(value: unknown): value is Layer {
  return typeof (value as Layer | null | undefined)?.build === "function";
}

/** Throws ValueError unless all of these are layers, or there are none. */
export function assertLayers(what: string, layers: readonly unknown[]): asserts layers is readonly Layer[] {
  const place = layers.findIndex((layer) => !isLayer(layer));
  if (place < 0) return;
  throw new ValueError({ what, expected: "layers", got: `${show(layers[place])} as layer ${place}` });
}

/** A layer alone, as a list. */
export type ListOf<L> = L extends readonly Layer[] ? L : L extends Layer ? readonly [L] : never;

/** What a layer's type makes of an input that it does not take. */
export interface Misfit<Message extends string> {
  readonly misfit: Message;
}

/** The message for an input of shape `I` where `name` expects another, the same as {@link misfit} says at run time. */
export type Reject<
  Name extends string,
  Expected extends string,
  I extends Shape,
> = Misfit<`${Name}: expected input ${Expected}, got ${ShowShape<I>}`>;

/** The error for an input that a layer does not take, in the words of {@link Reject}. */
export function misfit(name: string, expected: string, got: Shape, scope: Scope): ShapeError {
  return new ShapeError({ what: name, expected: `input ${expected}`, got: showShape(got), ...placeHint(scope) });
}

/** Where a layer sits, for the end of an error. */
export function placeHint(scope: Scope): { readonly hint?: string } {
  return scope.path === "" ? {} : { hint: `It sits at ${scope.path}.` };
}

/** What layer `L` makes of the shape `I`, beside an encoder that made `M`. */
type Apply<L extends Layer, I extends Shape, M> = (L & { readonly [given]: I; readonly [recalls]: M })[typeof yields];

/**
 * What layers one after another make of the shape `I`: a shape, or the {@link Misfit} of the first that does not fit. `M`: the
 * shape of what an encoder made, in a decoder.
 */
export type Through<I, L extends readonly Layer[], M = unknown> = I extends Shape
  ? L extends readonly [infer First extends Layer, ...infer Rest extends readonly Layer[]]
    ? Through<Apply<First, I, M>, Rest, M>
    : L extends readonly []
      ? I
      : Shape
  : I;

/** The shape after all layers; `Shape` where it cannot be known. */
export type OutputOf<I extends Shape, L extends readonly Layer[], M = unknown> =
  Through<I, L, M> extends infer O extends Shape ? O : Shape;

/** The layers as they are, but the first that does not fit is replaced by its message. */
export type Fitting<
  I,
  L extends readonly Layer[],
  M = unknown,
  Done extends readonly unknown[] = [],
> = L extends readonly [infer First extends Layer, ...infer Rest extends readonly Layer[]]
  ? I extends Shape
    ? Apply<First, I, M> extends Misfit<infer Message>
      ? [...Done, Message, ...Rest]
      : Fitting<Apply<First, I, M>, Rest, M, [...Done, First]>
    : never
  : [...Done, ...L];

/** A call as the user wrote it: `conv2d(16, [3, 5], { stride: 2 })`. */
export function callText(name: string, values: readonly unknown[], options: object = {}): string {
  const pairs = Object.entries(options).filter(([, value]) => value !== undefined);
  const texts = values.map((value) => (Array.isArray(value) ? show(value) : String(value)));
  if (pairs.length > 0) texts.push(`{ ${pairs.map(([key, value]) => `${key}: ${optionText(value)}`).join(", ")} }`);
  return `${name}(${texts.join(", ")})`;
}

function optionText(value: unknown): string {
  if (Array.isArray(value)) return show(value);
  if (typeof value !== "function") return JSON.stringify(value);
  // A function says nothing in a line, unless it was made with a label.
  return (value as { readonly label?: string }).label ?? "…";
}
