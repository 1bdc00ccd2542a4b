/** Names for dimensions, and what is known of a shape only at run time. */
import { ShapeError } from "../../errors.js";
import type * as core from "../../runtime/tf.js";
import { showShape } from "../shape.js";
import type { Checked, Dim, Dims, Open, Same, ShowDims, Written } from "../shapes/dims.js";
import type { DtypeOf, ShapeOf, Tensor } from "../shapes/tensor.js";

type Agrees<S extends Dims, N extends Dims> = true extends Open<S> | Open<N>
  ? unknown
  : Matched<S, N> extends true
    ? unknown
    : `named: expected names for ${ShowDims<S>}, got ${ShowDims<N>}`;

type Matched<S extends Dims, N extends Dims> = S extends readonly [infer A extends Dim, ...infer Rest extends Dims]
  ? N extends readonly [infer B extends Dim, ...infer Others extends Dims]
    ? B extends string
      ? Matched<Rest, Others>
      : [Same<A, B>] extends [never]
        ? false
        : Matched<Rest, Others>
    : false
  : N extends readonly []
    ? true
    : false;

/**
 * The same tensor, its dimensions known to the types by these names and sizes: `named(x, ["batch", "time", 64])`. Two different
 * names never match. A size that is not the tensor's throws ShapeError.
 */
export function named<A extends core.Tensor, const N extends Dims>(
  x: A,
  names: Checked<N, Agrees<ShapeOf<A>, N>>,
): Tensor<Written<N>, DtypeOf<A>> {
  const wanted = names as unknown as Dims;
  const fits =
    wanted.length === x.shape.length && wanted.every((dim, at) => typeof dim === "string" || dim === x.shape[at]);
  const shown = `[${wanted.join(", ")}]`;
  if (!fits) throw new ShapeError({ what: "named", expected: `names for ${showShape(x.shape)}`, got: shown });
  return x as never;
}
