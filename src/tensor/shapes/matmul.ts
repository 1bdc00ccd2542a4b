import { ShapeError } from "../../errors.js";
import { type Shape, showShape } from "../shape.js";
import { type Broadcast, broadcast } from "./broadcast.js";
import type { Dim, Dims, Open, Same, ShowDims } from "./dims.js";

/** A matrix's last two dimensions, turned if `Turned`, and what comes before them. */
type Matrix<S extends Dims, Turned extends boolean> = S extends readonly [
  ...infer Batch extends Dims,
  infer Rows extends Dim,
  infer Columns extends Dim,
]
  ? Turned extends true
    ? [Batch, Columns, Rows]
    : [Batch, Rows, Columns]
  : undefined;

/** The shape of a product of matrices [..., n, k] × [..., k, m], or the message of what does not fit. */
export type MatMul<
  A extends Dims,
  B extends Dims,
  TurnA extends boolean = false,
  TurnB extends boolean = false,
> = true extends Open<A> | Open<B>
  ? number[]
  : Matrix<A, TurnA> extends [infer ABatch extends Dims, infer N extends Dim, infer K extends Dim]
    ? Matrix<B, TurnB> extends [infer BBatch extends Dims, infer L extends Dim, infer M extends Dim]
      ? [Same<K, L>] extends [never]
        ? `matMul: expected ${Fit<K, TurnB>} to multiply ${ShowDims<A>}${Note<TurnA, "a">}, got ${ShowDims<B>}${Note<TurnB, "b">}`
        : [Broadcast<ABatch, BBatch>] extends [never]
          ? `matMul: expected batches that broadcast with ${ShowDims<ABatch>}, got ${ShowDims<BBatch>}`
          : [...Broadcast<ABatch, BBatch>, N, M]
      : `matMul: expected at least 2 axes, got ${ShowDims<B>}`
    : `matMul: expected at least 2 axes, got ${ShowDims<A>}`;

type Fit<K extends Dim, Turn extends boolean> = number extends K
  ? "a matrix"
  : Turn extends true
    ? `[..., m, ${K}]`
    : `[..., ${K}, m]`;

type Note<Turn extends boolean, Which extends string> = Turn extends true ? ` (${Which} transposed)` : "";

/** {@link MatMul} at run time. Throws ShapeError with the same words. */
export function matMulShape(a: Shape, b: Shape, turnA = false, turnB = false): number[] {
  for (const shape of [a, b]) {
    if (shape.length < 2) throw new ShapeError({ what: "matMul", expected: "at least 2 axes", got: showShape(shape) });
  }
  const [n, k] = ends(a, turnA);
  const [l, m] = ends(b, turnB);
  if (k !== l) {
    const fit = turnB ? `[..., m, ${k}]` : `[..., ${k}, m]`;
    const note = (turn: boolean, which: string) => (turn ? ` (${which} transposed)` : "");
    throw new ShapeError({
      what: "matMul",
      expected: `${fit} to multiply ${showShape(a)}${note(turnA, "a")}`,
      got: `${showShape(b)}${note(turnB, "b")}`,
      ...hintFor(k, l, m, turnB),
    });
  }
  return [...batches(a.slice(0, -2), b.slice(0, -2)), n, m];
}

function ends(shape: Shape, turned: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return turned ? [columns, rows] : [rows, columns];
}

function hintFor(k: number, l: number, m: number, turnB: boolean): { hint?: string } {
  if (k !== m || k === l) return {};
  return { hint: turnB ? "Leave out transposeB." : "Turn the second one: matMul(a, b, false, true)." };
}

function batches(a: Shape, b: Shape): number[] {
  try {
    return broadcast("matMul", a, b);
  } catch {
    throw new ShapeError({
      what: "matMul",
      expected: `batches that broadcast with ${showShape(a)}`,
      got: showShape(b),
    });
  }
}
