/** Products of derivatives with vectors, without the matrices of derivatives themselves. */
import { ShapeError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { sameShape, showShape } from "./shape.js";

/** One tensor, or several in a list. */
export type Tensors = Tensor | readonly Tensor[];

/** As many tensors as there were. */
type Like<X extends Tensors> = X extends Tensor ? Tensor : Tensor[];

/** What a function gives at `x`: spread out when there are several. */
type FunctionOf<X extends Tensors> = X extends Tensor ? (x: Tensor) => Tensor : (...x: Tensor[]) => Tensor;

/**
 * Vector–Jacobian product, as `torch.func.vjp`: what `f` is at `x`, and `dy · J`, the gradient at `x` of the sum of `f(x) · dy`.
 * `dy` is shaped as `f(x)`, the gradient as `x`. Throws ShapeError.
 */
export function vjp<X extends Tensors>(f: FunctionOf<X>, x: X, dy: Tensor): { value: Tensor; gradient: Like<X> } {
  const { value, pull } = pullback("vjp", f, x);
  mustFit("vjp: dy", dy, value);
  return { value, gradient: like(x, pull(dy)) };
}

/**
 * Jacobian–vector product, as `torch.func.jvp`: what `f` is at `x`, and `J · direction`, how it changes along it. `direction` is
 * shaped as `x`, the product as `f(x)`. Every operation of `f` needs a gradient that has one. Throws ShapeError.
 */
export function jvp<X extends Tensors>(f: FunctionOf<X>, x: X, direction: X): { value: Tensor; product: Tensor } {
  const along = directions("jvp", x, direction);
  const { value, pull } = pullback("jvp", f, x);
  // dy · J is linear in dy, and its derivative by dy along the direction is J · direction (the double-backward trick).
  const product = tf.grad((dy) => inner(pull(dy), along))(tf.zerosLike(value));
  return { value, product };
}

/**
 * Hessian–vector product, as `torch.autograd.functional.hvp`: what the scalar function `f` is at `x`, and `H · direction`, shaped as
 * `x`. Throws ShapeError.
 */
export function hvp<X extends Tensors>(f: FunctionOf<X>, x: X, direction: X): { value: Tensor; product: Like<X> } {
  const along = directions("hvp", x, direction);
  const { value } = pullback("hvp", f, x);
  if (value.size !== 1) {
    throw new ShapeError({ what: "hvp", expected: "a function that gives one number", got: showShape(value.shape) });
  }
  const slope = (...at: Tensor[]) => inner(tf.grads(spread(f))(at), along);
  return { value, product: like(x, tf.grads(slope)(list(x))) };
}

/** What `f` is at `x`, and what takes gradients of that back to `x`. */
function pullback<X extends Tensors>(
  what: string,
  f: FunctionOf<X>,
  x: X,
): { value: Tensor; pull: (dy: Tensor) => Tensor[] } {
  const at = list(x);
  if (at.length === 0) throw new ShapeError({ what, expected: "at least one tensor", got: "none" });
  const value = tf.tidy(() => spread(f)(...at));
  return { value, pull: (dy) => tf.grads(spread(f))(at, dy) };
}

function directions(what: string, x: Tensors, direction: Tensors): readonly Tensor[] {
  const [at, along] = [list(x), list(direction)];
  if (at.length !== along.length) {
    const expected = `${at.length} directions, one for each input`;
    throw new ShapeError({ what, expected, got: `${along.length}` });
  }
  at.forEach((tensor, index) => {
    mustFit(`${what}: direction`, along[index]!, tensor);
  });
  return along;
}

function mustFit(what: string, given: Tensor, other: Tensor): void {
  if (sameShape(given.shape, other.shape)) return;
  throw new ShapeError({ what, expected: showShape(other.shape), got: showShape(given.shape) });
}

function inner(a: readonly Tensor[], b: readonly Tensor[]): tf.Scalar {
  return tf.addN(a.map((tensor, index) => tensor.mul(b[index]!).sum())) as tf.Scalar;
}

function list(x: Tensors): Tensor[] {
  return Array.isArray(x) ? [...x] : [x as Tensor];
}

function like<X extends Tensors>(x: X, tensors: Tensor[]): Like<X> {
  return (Array.isArray(x) ? tensors : tensors[0]!) as Like<X>;
}

function spread(f: unknown): (...x: Tensor[]) => Tensor {
  return f as (...x: Tensor[]) => Tensor;
}
