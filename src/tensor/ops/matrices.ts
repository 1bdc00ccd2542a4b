/** Products of matrices and their kin. */
import * as core from "../../runtime/tf.js";
import type { Checked, Dims, Shaped } from "../shapes/dims.js";
import { checkEinsum, type Einsum } from "../shapes/einsum.js";
import { type MatMul, matMulShape } from "../shapes/matmul.js";
import type { DtypeOf, ShapeOf, Tensor, Upcast } from "../shapes/tensor.js";

/** Products of matrices: [..., n, k] × [..., k, m] → [..., n, m]; batches broadcast. Throws ShapeError. */
export function matMul<
  A extends core.Tensor,
  B extends core.Tensor,
  const TurnA extends boolean = false,
  const TurnB extends boolean = false,
>(
  a: A,
  b: Checked<B, MatMul<ShapeOf<A>, ShapeOf<B>, TurnA, TurnB>>,
  transposeA?: TurnA,
  transposeB?: TurnB,
): Tensor<Shaped<MatMul<ShapeOf<A>, ShapeOf<B>, TurnA, TurnB>>, Upcast<DtypeOf<A>, DtypeOf<B>>> {
  if (a instanceof core.Tensor && (b as unknown) instanceof core.Tensor)
    matMulShape(a.shape, (b as unknown as core.Tensor).shape, transposeA, transposeB);
  return core.matMul(a, b as unknown as core.Tensor, transposeA, transposeB) as never;
}

type ShapesOf<T extends readonly core.Tensor[]> = { -readonly [K in keyof T]: ShapeOf<T[K]> };

/**
 * An Einstein sum: `einsum("bqd,bkd->bqk", queries, keys)`. Letters behind the arrow stay, the others are summed over. Throws
 * ShapeError, ValueError.
 */
export function einsum<const Equation extends string, T extends readonly core.Tensor[]>(
  equation: Checked<Equation, Einsum<Equation, ShapesOf<T>>>,
  ...tensors: T
): Tensor<Shaped<Einsum<Equation, ShapesOf<T>>>, "float32"> {
  checkEinsum(
    equation as string,
    tensors.map(({ shape }) => shape),
  );
  return core.einsum(equation as string, ...tensors) as never;
}

/** The inner product of two vectors, or of a matrix and a vector: as `matMul`, with vectors standing as rows or columns. */
export const dot = core.dot as unknown as <A extends core.Tensor, B extends core.Tensor>(
  a: A,
  b: B,
) => Tensor<Dot<ShapeOf<A>, ShapeOf<B>>, Upcast<DtypeOf<A>, DtypeOf<B>>>;

type Dot<A extends Dims, B extends Dims> = A extends readonly [infer N, unknown]
  ? B extends readonly [unknown, infer M]
    ? Extract<[N, M], Dims>
    : Extract<[N], Dims>
  : A extends readonly [unknown]
    ? B extends readonly [unknown, infer M]
      ? Extract<[M], Dims>
      : B extends readonly [unknown]
        ? []
        : number[]
    : number[];
