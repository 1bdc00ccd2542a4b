/**
 * Complex numbers. The gradient of a real result by z = x + iy is ∂/∂x + i ∂/∂y, as TensorFlow has it: the direction in which
 * the result grows.
 */
import {
  abs,
  Cast,
  type CastAttrs,
  Complex,
  ComplexAbs,
  cast,
  complex,
  div,
  divNoNan,
  FFT,
  fft,
  type GradConfig,
  IFFT,
  Imag,
  ifft,
  imag,
  mul,
  Real,
  real,
  type Tensor,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { gradient } from "./gradient.js";

export const complexNumbers: readonly GradConfig[] = [
  gradient(Complex, {}, (dz) => ({ real: () => real(dz), imag: () => imag(dz) })),
  gradient(Real, {}, (dy) => ({ input: () => complex(dy, zerosLike(dy)) })),
  gradient(Imag, {}, (dy) => ({ input: () => complex(zerosLike(dy), dy) })),
  gradient(ComplexAbs, { inputs: ["x"] }, (dy, kept) => {
    const [z] = kept as [Tensor];
    const scale = () => divNoNan(dy, abs(z));
    return { x: () => complex(mul(scale(), real(z)), mul(scale(), imag(z))) };
  }),
  gradient<CastAttrs>(Cast, { inputs: ["x"] }, (dy, kept) => {
    const [x] = kept as [Tensor];
    return { x: () => cast(dy, x.dtype === "complex64" ? "complex64" : "float32") };
  }),
  gradient(FFT, {}, (dz) => ({ input: () => mul(ifft(dz), cast(lastOf(dz), "complex64")) })),
  gradient(IFFT, {}, (dz) => ({ input: () => div(fft(dz), cast(lastOf(dz), "complex64")) })),
];

function lastOf({ shape }: Tensor): number {
  return shape.at(-1) as number;
}
