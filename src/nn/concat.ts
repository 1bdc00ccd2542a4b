import { ShapeError, ValueError } from "../errors.js";
import * as tf from "../runtime/tf.js";
import { show } from "../tensor/arguments.js";
import type { ShowShape, Sum } from "../tensor/arithmetic.js";
import { type Shape, sameShape, showShape } from "../tensor/shape.js";
import {
  type given,
  isLayer,
  type Layer,
  type ListOf,
  type Misfit,
  makeLayer,
  type recalls,
  type Through,
  type yields,
} from "./layer.js";
import { buildStack, numbered } from "./stack.js";

/** One way through {@link concat}: a layer, several one after another, or none: x as it is. */
export type Branch = Layer | readonly Layer[];

/** The type of `concat(branch, branch, …)`. */
export interface Concat<B extends readonly Branch[]> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? Joined<I, B, this[typeof recalls]> : never;
}

/** The shape of the first branch, its last axis as long as those of all together. */
type Joined<
  I extends Shape,
  B extends readonly Branch[],
  M,
  Past extends Shape | undefined = undefined,
> = B extends readonly [infer First extends Branch, ...infer Rest extends readonly Branch[]]
  ? Through<I, ListOf<First>, M> extends infer O
    ? O extends Shape
      ? number extends O["length"]
        ? Shape
        : Past extends Shape
          ? Beside<Past, O> extends infer Both
            ? Both extends Shape
              ? Joined<I, Rest, M, Both>
              : Both
            : never
          : Joined<I, Rest, M, O>
      : O
    : never
  : Past extends Shape
    ? Past
    : Shape;

type Beside<A extends Shape, B extends Shape> = A extends readonly [
  ...infer Before extends Shape,
  infer Last extends number,
]
  ? B extends readonly [...infer Others extends Shape, infer More extends number]
    ? Others extends Before
      ? readonly [...Before, Sum<Last, More>]
      : Before extends Others
        ? readonly [...Others, Sum<Last, More>]
        : Misfit<`concat: expected branches that give ${ShowShape<Before>} and a last axis, got ${ShowShape<B>}`>
    : Misfit<`concat: expected branches that give ${ShowShape<Before>} and a last axis, got ${ShowShape<B>}`>
  : Shape;

/**
 * What several branches make of x, side by side along the last axis: `concat([], [maxPool2d(2), conv2d(8, 3, { padding: "same" }),
 * upSampling2d(2)])` is a level of a U-Net, `concat(conv2d(8, 1), conv2d(8, 3, { padding: "same" }))` a part of an Inception
 * network (arXiv 1409.4842). An empty branch is x itself. Weights: `0.0.weight`, branch and place in it. Throws ShapeError when built.
 */
export function concat<const B extends readonly Branch[]>(...branches: B): Concat<B> {
  const lists = branches.map((branch): readonly Layer[] => (Array.isArray(branch) ? branch : [branch as Layer]));
  if (lists.length === 0) throw new ValueError({ what: "concat", expected: "some branches", got: "none" });
  for (const layer of lists.flat()) {
    if (isLayer(layer)) continue;
    throw new ValueError({ what: "concat", expected: "layers, or lists of layers", got: show(layer) });
  }
  const texts = branches.map((branch, index) => {
    const list = lists[index]!.map(({ label }) => label).join(", ");
    return Array.isArray(branch) ? `[${list}]` : list;
  });
  return makeLayer<Concat<B>>({
    label: `concat(${texts.join(", ")})`,
    build(input, scope) {
      const parts = lists.map((list, index) => buildStack(input, numbered(list), scope.at(String(index))));
      const outputs = parts.map(({ output }) => output);
      const lead = outputs[0]!.slice(0, -1);
      for (const output of outputs) {
        if (output.length > 0 && sameShape(output.slice(0, -1), lead)) continue;
        const expected = `branches that give ${showShape(lead)} and a last axis`;
        throw new ShapeError({ what: "concat", expected, got: showShape(output) });
      }
      const width = outputs.reduce((sum, output) => sum + output.at(-1)!, 0);
      return {
        output: [...lead, width],
        flops: parts.reduce((sum, { flops }) => sum + flops, 0),
        causal: parts.every(({ causal }) => causal === true),
        forward: (x, context) =>
          tf.concat(
            parts.map((part) => part.forward(x, context)),
            -1,
          ),
      };
    },
  });
}
