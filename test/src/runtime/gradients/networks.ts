/** Products of matrices, normalizations and what else networks are made of. */
import * as tf from "../../../../src/runtime/tf.js";
import { any, at, type Operation, smooth, some, within } from "./operation.js";

/** A normalization derived by each of its arguments. */
function normalization(name: string, norm: typeof tf.batchNorm, ...shape: number[]): Operation {
  const variance = () => tf.add(tf.square(some(3)), 0.5);
  const as1D = (x: tf.Tensor) => x as tf.Tensor1D;
  return smooth(
    name,
    at(any(...shape), (x) => norm(x, some(3), variance(), some(3), some(3)), "x"),
    at(any(...shape), (x) => norm(x, some(3), variance()), "x, without scale and offset"),
    at(any(3), (mean) => norm(some(...shape), as1D(mean), variance(), some(3), some(3)), "mean"),
    at(within(0.5, 2, 3), (variance) => norm(some(...shape), some(3), as1D(variance), some(3), some(3)), "variance"),
    at(any(3), (offset) => norm(some(...shape), some(3), variance(), as1D(offset), some(3)), "offset"),
    at(any(3), (scale) => norm(some(...shape), some(3), variance(), some(3), as1D(scale)), "scale"),
  );
}

export const networks: readonly Operation[] = [
  smooth(
    "basicLSTMCell",
    ...([0, 1, 2, 3] as const).map((part) =>
      at(
        any(
          ...([
            [2, 3],
            [5, 8],
            [2, 2],
            [2, 2],
          ][part] as number[]),
        ),
        (x) => {
          const [data, kernel, c, h] = [some(2, 3), some(5, 8), some(2, 2), some(2, 2)].map((y, i) =>
            i === part ? x : y,
          );
          const bias = tf.zeros<tf.Rank.R1>([8]);
          const results = tf.basicLSTMCell(
            tf.scalar(1),
            kernel as tf.Tensor2D,
            bias,
            data as tf.Tensor2D,
            c as tf.Tensor2D,
            h as tf.Tensor2D,
          );
          return tf.concat(results as tf.Tensor[], 1);
        },
        ["data", "kernel", "c", "h"][part],
      ),
    ),
  ),
  normalization("batchNorm", tf.batchNorm, 4, 3),
  normalization("batchNorm2d", tf.batchNorm2d as typeof tf.batchNorm, 4, 3),
  normalization("batchNorm3d", tf.batchNorm3d as typeof tf.batchNorm, 2, 2, 3),
  normalization("batchNorm4d", tf.batchNorm4d as typeof tf.batchNorm, 2, 2, 1, 3),
  smooth(
    "dot",
    at(any(3), (x) => tf.dot(x, some(3))),
    at(any(2, 3), (x) => tf.dot(x, some(3, 2)), "of matrices"),
  ),
  smooth(
    "dropout",
    at(any(20), (x) => tf.dropout(x, 0.5, undefined, 7)),
  ),
  smooth(
    "einsum",
    at(any(2, 3), (x) => tf.einsum("ij,jk->ik", x, some(3, 4)), "a product"),
    at(any(3, 4), (x) => tf.einsum("ij,jk->ki", some(2, 3), x), "a turned product"),
    at(any(2, 3), (x) => tf.einsum("ij->j", x), "a sum"),
    at(any(2, 3, 2), (x) => tf.einsum("bij,bjk->bik", x, some(2, 2, 3)), "a batch"),
    at(any(3), (x) => tf.einsum("i,j->ij", x, some(2)), "an outer product"),
    at(any(2, 3), (x) => tf.einsum("ij,ij->", x, some(2, 3)), "an inner product"),
    at(any(2, 3), (x) => tf.einsum("ij,jk,kl->il", x, some(3, 2), some(2, 2)), "three"),
  ),
  smooth(
    "fused.matMul",
    at(any(2, 3), (a) => tf.fused.matMul({ a, b: some(3, 2), bias: some(2), activation: "sigmoid" }), "a"),
    at(any(3, 2), (b) => tf.fused.matMul({ a: some(2, 3), b }), "b"),
    at(any(2), (bias) => tf.fused.matMul({ a: some(2, 3), b: some(3, 2), bias }), "bias"),
    at(any(3, 2), (a) => tf.fused.matMul({ a, b: some(2, 3), transposeA: true, transposeB: true }), "a, turned"),
  ),
  smooth(
    "localResponseNormalization",
    at(any(1, 2, 2, 5), (x) => tf.localResponseNormalization(x as tf.Tensor4D, 1, 1, 0.5, 0.75)),
  ),
  smooth(
    "logSoftmax",
    at(any(2, 4), (x) => tf.logSoftmax(x)),
  ),
  smooth(
    "matMul",
    at(any(2, 3), (a) => tf.matMul(a, some(3, 2)), "a"),
    at(any(3, 2), (b) => tf.matMul(some(2, 3), b), "b"),
    at(any(3, 2), (a) => tf.matMul(a, some(2, 3), true, true), "a, both turned"),
    at(any(2, 3), (b) => tf.matMul(some(2, 3), b, false, true), "b, turned"),
    at(any(3, 2), (b) => tf.matMul(some(4, 2, 3), b), "b, stretched"),
  ),
  smooth(
    "multiRNNCell",
    at(any(2, 3), (x) => {
      const cell = (width: number) => (data: tf.Tensor2D, c: tf.Tensor2D, h: tf.Tensor2D) =>
        tf.basicLSTMCell(tf.scalar(1), some(width + 2, 8) as tf.Tensor2D, tf.zeros([8]), data, c, h);
      const state = [some(2, 2), some(2, 2)] as tf.Tensor2D[];
      const [c, h] = tf.multiRNNCell([cell(3), cell(2)], x as tf.Tensor2D, state, state);
      return tf.concat([...(c as tf.Tensor[]), ...(h as tf.Tensor[])], 1);
    }),
  ),
  smooth(
    "outerProduct",
    at(any(3), (x) => tf.outerProduct(x as tf.Tensor1D, some(2) as tf.Tensor1D)),
  ),
  smooth(
    "softmax",
    at(any(2, 4), (x) => tf.softmax(x)),
  ),
];
