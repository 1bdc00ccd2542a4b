/** Two tensors, value by value. Shapes broadcast as NumPy's do. */
import * as core from "../../runtime/tf.js";
import { type Broadcast, type Broadcasts, broadcast } from "../shapes/broadcast.js";
import type { Checked } from "../shapes/dims.js";
import type { DtypeOf, Operand, ShapeOf, Tensor, Upcast } from "../shapes/tensor.js";

/** What computes numbers of two operands. */
type Arithmetic<Name extends string> = <A extends Operand, const B extends Operand>(
  a: A,
  b: Checked<B, Broadcasts<Name, ShapeOf<A>, ShapeOf<B>>>,
) => Tensor<Broadcast<ShapeOf<A>, ShapeOf<B>>, Upcast<DtypeOf<A>, DtypeOf<B>>>;

/** What says whether something is so. */
type Comparison<Name extends string> = <A extends Operand, const B extends Operand>(
  a: A,
  b: Checked<B, Broadcasts<Name, ShapeOf<A>, ShapeOf<B>>>,
) => Tensor<Broadcast<ShapeOf<A>, ShapeOf<B>>, "bool">;

/** Throws ShapeError where two tensors do not broadcast; lists are left to tfjs. */
export function checkPair(name: string, a: unknown, b: unknown): void {
  if (a instanceof core.Tensor && b instanceof core.Tensor) broadcast(name, a.shape, b.shape);
}

function checked<F>(name: string, operation: (a: never, b: never) => unknown): F {
  const run = operation as (a: unknown, b: unknown) => unknown;
  return ((a: unknown, b: unknown) => {
    checkPair(name, a, b);
    return run(a, b);
  }) as F;
}

/** a + b */
export const add = checked<Arithmetic<"add">>("add", core.add);
/** a − b */
export const sub = checked<Arithmetic<"sub">>("sub", core.sub);
/** a × b */
export const mul = checked<Arithmetic<"mul">>("mul", core.mul);
/** a / b */
export const div = checked<Arithmetic<"div">>("div", core.div);
/** a / b, and 0 where b is 0 */
export const divNoNan = checked<Arithmetic<"divNoNan">>("divNoNan", core.divNoNan);
/** ⌊a / b⌋ */
export const floorDiv = checked<Arithmetic<"floorDiv">>("floorDiv", core.floorDiv);
/** What is left of a / b, with the sign of b */
export const mod = checked<Arithmetic<"mod">>("mod", core.mod);
/** a to the power of b */
export const pow = checked<Arithmetic<"pow">>("pow", core.pow);
/** The larger one */
export const maximum = checked<Arithmetic<"maximum">>("maximum", core.maximum);
/** The smaller one */
export const minimum = checked<Arithmetic<"minimum">>("minimum", core.minimum);
/** (a − b)² */
export const squaredDifference = checked<Arithmetic<"squaredDifference">>("squaredDifference", core.squaredDifference);
/** The angle of the point (b, a) */
export const atan2 = checked<Arithmetic<"atan2">>("atan2", core.atan2);

/** a = b */
export const equal = checked<Comparison<"equal">>("equal", core.equal);
/** a ≠ b */
export const notEqual = checked<Comparison<"notEqual">>("notEqual", core.notEqual);
/** a > b */
export const greater = checked<Comparison<"greater">>("greater", core.greater);
/** a ≥ b */
export const greaterEqual = checked<Comparison<"greaterEqual">>("greaterEqual", core.greaterEqual);
/** a < b */
export const less = checked<Comparison<"less">>("less", core.less);
/** a ≤ b */
export const lessEqual = checked<Comparison<"lessEqual">>("lessEqual", core.lessEqual);
/** a and b */
export const logicalAnd = checked<Comparison<"logicalAnd">>("logicalAnd", core.logicalAnd);
/** a or b */
export const logicalOr = checked<Comparison<"logicalOr">>("logicalOr", core.logicalOr);
/** Either a or b */
export const logicalXor = checked<Comparison<"logicalXor">>("logicalXor", core.logicalXor);

/** `a` where `condition` holds, else `b`; all three broadcast. */
export const where = core.where as unknown as <C extends core.Tensor, A extends Operand, const B extends Operand>(
  condition: C,
  a: A,
  b: Checked<B, Broadcasts<"where", ShapeOf<A>, ShapeOf<B>>>,
) => Tensor<Broadcast<ShapeOf<C>, Broadcast<ShapeOf<A>, ShapeOf<B>>>, Upcast<DtypeOf<A>, DtypeOf<B>>>;

/** What computes numbers, by name: these are methods, too. */
export const arithmetic = [
  ...(["add", "sub", "mul", "div", "divNoNan", "floorDiv", "mod", "pow"] as const),
  ...(["maximum", "minimum", "squaredDifference", "atan2"] as const),
] as const;

/** What compares, by name: these are methods, too. */
export const comparisons = [
  ...(["equal", "notEqual", "greater", "greaterEqual", "less", "lessEqual"] as const),
  ...(["logicalAnd", "logicalOr", "logicalXor"] as const),
] as const;
