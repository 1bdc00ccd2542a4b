/** Arithmetic of two tensors that may be stretched over each other, and of complex numbers. */
import {
  BatchMatMul,
  type BatchMatMulAttrs,
  cast,
  complex,
  div,
  EluGrad,
  FloorDiv,
  type GradConfig,
  greaterEqual,
  imag,
  less,
  lessEqual,
  Maximum,
  Minimum,
  Multiply,
  matMul,
  mul,
  neg,
  RealDiv,
  real,
  SquaredDifference,
  sub,
  type Tensor,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { gradient, run, unstretch } from "./gradient.js";

/** The gradient of an operation of `a` and `b`, given for tensors of the shape of the result. */
function binary(name: string, back: (dy: Tensor, a: Tensor, b: Tensor) => Record<"a" | "b", () => Tensor>): GradConfig {
  return gradient(name, { inputs: ["a", "b"] }, (dy, kept) => {
    const [a, b] = kept as [Tensor, Tensor];
    const of = back(dy, a, b);
    return { a: () => unstretch(of.a(), a.shape), b: () => unstretch(of.b(), b.shape) };
  });
}

export const arithmetic: readonly GradConfig[] = [
  binary(Multiply, (dy, a, b) => ({ a: () => mul(dy, conjugate(b, dy)), b: () => mul(dy, conjugate(a, dy)) })),
  binary(RealDiv, division),
  binary(Maximum, (dy, a, b) => ({ a: () => masked(dy, greaterEqual(a, b)), b: () => masked(dy, less(a, b)) })),
  binary(Minimum, (dy, a, b) => ({ a: () => masked(dy, lessEqual(a, b)), b: () => masked(dy, less(b, a)) })),
  binary(SquaredDifference, (dy, a, b) => {
    const twice = () => mul(dy, mul(2, sub(a, b)));
    return { a: twice, b: () => neg(twice()) };
  }),
  binary(FloorDiv, (dy, a, b) => {
    // tfjs divides whole numbers so, and derives that as the division that it stands for.
    if (a.dtype !== "float32") return division(dy, a, b);
    return { a: () => zerosLike(dy), b: () => zerosLike(dy) };
  }),
  // Of y, the exponential unit's result: dy where y ≥ 0, else dy · (y + 1).
  gradient(EluGrad, { inputs: ["dy", "y"] }, (ddx, kept) => {
    const [dy, y] = kept as [Tensor, Tensor];
    return {
      dy: () => run(EluGrad, { dy: ddx, y }),
      y: () => where(less(y, 0), mul(ddx, dy), zerosLike(y)),
    };
  }),
  gradient<BatchMatMulAttrs>(BatchMatMul, { inputs: ["a", "b"] }, (dy, kept, { transposeA, transposeB }) => {
    const [a, b] = kept as [Tensor, Tensor];
    return {
      a: () => unstretch(transposeA ? matMul(b, dy, transposeB, true) : matMul(dy, b, false, !transposeB), a.shape),
      b: () => unstretch(transposeB ? matMul(dy, a, true, transposeA) : matMul(a, dy, !transposeA, false), b.shape),
    };
  }),
];

function division(dy: Tensor, a: Tensor, b: Tensor): Record<"a" | "b", () => Tensor> {
  const byA = () => div(dy, conjugate(b, dy));
  return { a: byA, b: () => neg(mul(byA(), div(conjugate(a, dy), conjugate(b, dy)))) };
}

function masked(dy: Tensor, mask: Tensor): Tensor {
  return mul(dy, cast(mask, "float32"));
}

/** The complex conjugate; a real number is its own. */
function conjugate(z: Tensor, { dtype }: Tensor): Tensor {
  return z.dtype === "complex64" ? complex(real(z), neg(imag(z))) : cast(z, dtype);
}
