import { ShapeError, ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { show } from "../tensor/arguments.js";
import type { Product, Sum } from "../tensor/arithmetic.js";
import { type Shape, sameShape, showShape, sizeOf } from "../tensor/shape.js";
import { type Head, type HeadLoss, type JointLoss, jointLoss, outputOf } from "./joint-loss.js";
import {
  type Built,
  type given,
  isLayer,
  type Layer,
  type ListOf,
  type Misfit,
  makeLayer,
  type Through,
  type yields,
} from "./layer.js";
import type { Loss } from "./losses/loss.js";
import type { LossName } from "./losses/names.js";
import { buildStack, numbered } from "./stack.js";

/** Layers by the name of their head: one, or several one after another. */
export type HeadLayers = Readonly<Record<string, Layer | readonly Layer[]>>;

/** The type of `heads({ digit: dense(10), odd: dense(1) })`. */
export interface Heads<H extends HeadLayers> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? HeadsOutput<I, H> : never;
  /** The outputs by head: `prediction: [batch, sum]` → `[batch, ...O]` each. Throws ShapeError, and ValueError before a model is made. */
  split(prediction: Tensor): { readonly [K in keyof H]: Tensor };
  /**
   * A loss for `fit`, Σ weight · loss of each head. Targets are rows, `[batch, columns]`, in the order of the heads: a column for a
   * class index, as many as the output has numbers for values. Throws ValueError.
   */
  loss(parts: { readonly [K in keyof H]: LossName | Loss | HeadLoss }): JointLoss;
}

type HeadsOutput<I extends Shape, H extends HeadLayers> =
  Extract<{ [K in keyof H]: Through<I, ListOf<H[K]>> }[keyof H], Misfit<string>> extends infer M
    ? [M] extends [never]
      ? [Total<{ [K in keyof H]: Count<Through<I, ListOf<H[K]>>> }>]
      : M
    : never;

type Count<O> = O extends Shape ? Product<O> : number;

/** The sum of numbers by name; `number` for more than a dozen. */
type Total<Sizes extends object, K = keyof Sizes, Done extends unknown[] = []> = Done["length"] extends 12
  ? number
  : One<K> extends infer First
    ? [Exclude<K, First>] extends [never]
      ? Sizes[First & keyof Sizes]
      : Total<Sizes, Exclude<K, First>, [...Done, First]> extends infer Rest extends number
        ? Sum<Extract<Sizes[First & keyof Sizes], number>, Rest>
        : never
    : never;

/** One of several: a function that takes all of their getters takes the last overload's. */
type One<U> = (U extends unknown ? (getter: () => U) => void : never) extends (getter: infer G) => void
  ? G extends () => infer K
    ? K
    : never
  : never;

/**
 * Several heads on one body, the last layer of a model: each takes what comes in, and what they give lies side by side, [...] → [sum].
 * `heads.split(net.predict(x))` takes it apart by name, `heads.loss({ digit: "crossEntropy", odd: { loss: "binaryCrossEntropy", weight:
 * 0.5 } })` is what `fit` makes small. Heads belong to one model, and may have been built for others of the same shapes. Throws
 * ValueError, and ShapeError when built.
 */
export function heads<const H extends HeadLayers>(layers: H): Heads<H> {
  const all = listed(layers);
  let built: ReadonlyMap<string, Head> | undefined;
  const headsOf = (): ReadonlyMap<string, Head> => {
    if (built !== undefined) return built;
    throw new ValueError({ what: "heads", expected: "to be a layer of a model first", got: "no model with them" });
  };
  const texts = all.map(([name, list]) => `${name}: ${list.map(({ label }) => label).join(", ")}`);
  return makeLayer<Heads<H>>({
    label: `heads({ ${texts.join("; ")} })`,
    build(input, scope): Built {
      const stacks = all.map(([name, list]) => buildStack(input, numbered(list), scope.at(name)));
      const made = new Map<string, Head>();
      let from = 0;
      stacks.forEach(({ output }, index) => {
        made.set(all[index]![0], { output, from });
        from += sizeOf(output);
      });
      requireSame(built, made);
      built = made;
      return {
        output: [from],
        flops: stacks.reduce((sum, { flops }) => sum + flops, 0),
        forward(x, context) {
          const flat = stacks.map((stack) => stack.forward(x, context).reshape([x.shape[0]!, sizeOf(stack.output)]));
          return flat.length === 1 ? flat[0]! : tf.concat(flat, 1);
        },
      };
    },
    split(prediction) {
      const entries = [...headsOf()].map(([name, head]) => [name, outputOf(prediction, head, headsOf())] as const);
      return Object.fromEntries(entries) as { [K in keyof H]: Tensor };
    },
    loss(parts) {
      const names = all.map(([name]) => name);
      return jointLoss(names, parts, headsOf);
    },
  });
}

function listed(layers: HeadLayers): (readonly [string, readonly Layer[]])[] {
  const entries = typeof layers === "object" && layers !== null ? Object.entries(layers) : [];
  if (entries.length === 0) {
    const hint = "Write heads({ digit: dense(10), odd: dense(1) }).";
    throw new ValueError({ what: "heads", expected: "layers by name", got: show(layers), hint });
  }
  return entries.map(([name, given]) => {
    const list: readonly Layer[] = Array.isArray(given) ? given : [given as Layer];
    if (list.length > 0 && list.every(isLayer)) return [name, list] as const;
    throw new ValueError({ what: `heads: ${name}`, expected: "a layer, or a list of some", got: show(given) });
  });
}

function requireSame(before: ReadonlyMap<string, Head> | undefined, now: ReadonlyMap<string, Head>): void {
  for (const [name, { output }] of now) {
    const other = before?.get(name)?.output;
    if (other === undefined || sameShape(other, output)) continue;
    const hint = "Make heads of their own for another model.";
    throw new ShapeError({
      what: `heads: ${name}`,
      expected: `output ${showShape(other)}, as in their first model`,
      got: showShape(output),
      hint,
    });
  }
}
