import { ShapeError, ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import { checkOptions, show } from "../tensor/arguments.js";
import type { ShowShape } from "../tensor/arithmetic.js";
import { type Shape, sameShape, showShape, sizeOf } from "../tensor/shape.js";
import {
  type given,
  isLayer,
  type Layer,
  type Misfit,
  makeLayer,
  type recalls,
  type Through,
  type yields,
} from "./layer.js";
import { forwardMasked } from "./masked.js";
import type { Forward, Masked } from "./module.js";
import { buildStack, numbered } from "./stack.js";

/** What {@link residual} takes before its layers. */
export interface ResidualOptions<S extends readonly Layer[] = readonly Layer[]> {
  /** What x goes through on its way past the layers, e.g. a conv2d of kernel 1 that gives it their shape. Default: nothing. */
  readonly shortcut: S;
}

/** The type of `residual({ shortcut }, ...layers)`. */
export interface Residual<L extends readonly Layer[], S extends readonly Layer[] = []> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape
    ? ResidualOutput<Through<I, S, this[typeof recalls]>, Through<I, L, this[typeof recalls]>>
    : never;
}

type ResidualOutput<S, O> = S extends Shape
  ? O extends Shape
    ? number extends (S | O)["length"]
      ? Shape
      : O extends S
        ? S
        : S extends O
          ? O
          : Misfit<`residual: expected layers that give ${ShowShape<S>}, got ${ShowShape<O>}`>
    : O
  : S;

/**
 * Adds what the layers make of x to x, or to what `shortcut` makes of x (arXiv 1512.03385); both must have one shape. Throws
 * ShapeError when built.
 */
export function residual<L extends readonly Layer[]>(...layers: L): Residual<L>;
export function residual<const S extends readonly Layer[], L extends readonly Layer[]>(
  options: ResidualOptions<S>,
  ...layers: L
): Residual<L, S>;
export function residual(...given: [ResidualOptions | Layer | undefined, ...Layer[]] | []): Layer {
  const [first, ...others] = given;
  const plain = first === undefined || isLayer(first);
  const layers = (plain ? given : others) as readonly Layer[];
  const shortcut = plain ? [] : shortcutOf(first);
  const texts = (list: readonly Layer[]) => list.map((layer) => layer.label);
  const option = plain ? [] : [`{ shortcut: [${texts(shortcut).join(", ")}] }`];
  return makeLayer<Layer>({
    label: `residual(${[...option, ...texts(layers)].join(", ")})`,
    build(input, scope) {
      const inner = buildStack(input, numbered(layers), scope);
      const outer = buildStack(input, numbered(shortcut), scope.at("shortcut"));
      if (!sameShape(inner.output, outer.output)) {
        throw new ShapeError({
          what: "residual",
          expected: `layers that give ${showShape(outer.output)}`,
          got: showShape(inner.output),
        });
      }
      const masked = (x: Tensor, context: Forward): Masked => {
        const past = outer.forward(x, context);
        const { value, mask } = forwardMasked(inner, { value: x, mask: context.mask }, context);
        return { value: past.add(value), mask };
      };
      return {
        output: inner.output,
        flops: inner.flops + outer.flops + sizeOf(inner.output),
        causal: inner.causal === true && outer.causal === true,
        masked,
        forward: (x, context) => masked(x, context).value,
      };
    },
  });
}

function shortcutOf(options: ResidualOptions): readonly Layer[] {
  checkOptions("residual", options, ["shortcut"]);
  const { shortcut } = options;
  if (Array.isArray(shortcut) && shortcut.every(isLayer)) return shortcut;
  throw new ValueError({ what: "residual: shortcut", expected: "a list of layers", got: show(shortcut) });
}
