/** Products with derivatives against central differences, and against matrices that are known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../../src/errors.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { hvp, jvp, vjp } from "../../../src/tensor/products.js";
import { assertClose, fill } from "../../parity.js";

const x = () => fill("x", 3, 2);
const direction = () => fill("direction", 3, 2);
const weight = () => fill("weight", 2, 4);
/** [3, 2] → [3, 4], bent. */
const bent = (at: tf.Tensor) =>
  at
    .matMul(weight() as tf.Tensor2D)
    .tanh()
    .mul(at.sum());
const energy = (at: tf.Tensor) => bent(at).square().sum();

function along(f: (at: tf.Tensor) => tf.Tensor): number[] {
  const step = 1e-2;
  const moved = (steps: number) => f(x().add(direction().mul(steps * step)));
  const five = moved(1).sub(moved(-1)).mul(8).sub(moved(2)).add(moved(-2));
  return Array.from(five.div(12 * step).dataSync());
}

test("jvp is how the values change along a direction", () => {
  const { value, product } = jvp(bent, x(), direction());
  assertClose(value, Array.from(bent(x()).dataSync()), 1e-6, "value");
  assertClose(product, along(bent), 1e-3, "product");
});

test("vjp is the gradient of the values weighed with dy, and agrees with jvp", () => {
  const dy = fill("dy", 3, 4);
  const { gradient } = vjp(bent, x(), dy);
  assertClose(
    gradient,
    Array.from(
      tf
        .grad((at) => bent(at).mul(dy).sum())(x())
        .dataSync(),
    ),
    1e-5,
    "gradient",
  );
  const forward = jvp(bent, x(), direction()).product.mul(dy).sum();
  assertClose(gradient.mul(direction()).sum(), Array.from(forward.dataSync()), 1e-4, "dy · J · direction");
});

test("hvp is how the gradient changes along a direction", () => {
  const { value, product } = hvp(energy, x(), direction());
  assertClose(value, Array.from(energy(x()).dataSync()), 1e-6, "value");
  assertClose(product, along(tf.grad(energy)), 2e-3, "product");
});

test("several inputs have directions and gradients of their own", () => {
  const product = (a: tf.Tensor, b: tf.Tensor) => a.mul(b).mul(a);
  const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])];
  assertClose(jvp(product, [a, b], [tf.ones([2]), tf.zeros([2])]).product, [6, 16], 1e-6, "2ab");
  const { gradient } = vjp(product, [a, b], tf.ones([2]));
  assertClose(gradient[0]!, [6, 16], 1e-6, "2ab");
  assertClose(gradient[1]!, [1, 4], 1e-6, "a²");
  const sum = (a: tf.Tensor, b: tf.Tensor) => product(a, b).sum();
  const [first, second] = hvp(sum, [a, b], [tf.ones([2]), tf.ones([2])]).product;
  assertClose(first!, [2 * 3 + 2 * 1, 2 * 4 + 2 * 2], 1e-6, "2b + 2a");
  assertClose(second!, [2, 4], 1e-6, "2a");
});

test("they can be compiled", () => {
  const quick = compile((at: tf.Tensor, to: tf.Tensor) => [jvp(bent, at, to).product, hvp(energy, at, to).product]);
  const [forward, curved] = quick(x(), direction());
  assertClose(forward!, Array.from(jvp(bent, x(), direction()).product.dataSync()), 1e-5, "jvp");
  assertClose(curved!, Array.from(hvp(energy, x(), direction()).product.dataSync()), 1e-4, "hvp");
});

test("what does not fit is refused", () => {
  const words = (words: RegExp) => (error: Error) => error instanceof ShapeError && words.test(error.message);
  assert.throws(() => jvp(bent, x(), tf.ones([2, 3])), words(/jvp: direction: expected \[3, 2\], got \[2, 3\]/));
  assert.throws(() => vjp(bent, x(), tf.ones([3])), words(/vjp: dy: expected \[3, 4\], got \[3\]/));
  assert.throws(
    () => hvp(bent, x(), direction()),
    words(/hvp: expected a function that gives one number, got \[3, 4\]/),
  );
  assert.throws(() => jvp((a: tf.Tensor) => a, [x()], []), words(/jvp: expected 1 directions, .* got 0/));
});
