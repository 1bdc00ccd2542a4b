/** Operations that take a part of a tensor, or put values into one. */
import * as tf from "../../../../src/runtime/tf.js";
import { any, at, type Operation, smooth, some, whole } from "./operation.js";

export const picking: readonly Operation[] = [
  smooth(
    "gather",
    at(any(4, 3), (x) => tf.gather(x, whole([3, 0, 3]))),
    at(any(2, 4, 3), (x) => tf.gather(x, whole([[3, 0, 3]]), -2), "another axis"),
    at(
      any(2, 4, 3),
      (x) =>
        tf.gather(
          x,
          whole([
            [3, 0],
            [1, 1],
          ]),
          1,
          1,
        ),
      "of a batch",
    ),
  ),
  smooth(
    "gatherND",
    at(any(4, 3), (x) => tf.gatherND(x, whole([[3], [0], [3]])), "rows"),
    at(
      any(4, 3),
      (x) =>
        tf.gatherND(
          x,
          whole([
            [3, 1],
            [0, 2],
          ]),
        ),
      "values",
    ),
  ),
  smooth(
    "scatterND",
    at(any(3, 2), (x) => tf.scatterND(whole([[3], [0], [3]]), x, [4, 2]), "rows"),
    at(
      any(2),
      (x) =>
        tf.scatterND(
          whole([
            [1, 1],
            [0, 2],
          ]),
          x,
          [2, 3],
        ),
      "values",
    ),
  ),
  smooth(
    "slice",
    at(any(4, 3), (x) => tf.slice(x, [1, 0], [2, 2])),
  ),
  smooth(
    "slice1d",
    at(any(4), (x) => tf.slice1d(x as tf.Tensor1D, 1, 2)),
  ),
  smooth(
    "slice2d",
    at(any(4, 3), (x) => tf.slice2d(x as tf.Tensor2D, [1, 0], [2, 2])),
  ),
  smooth(
    "slice3d",
    at(any(2, 3, 2), (x) => tf.slice3d(x as tf.Tensor3D, [1, 0, 0], [1, 2, 2])),
  ),
  smooth(
    "slice4d",
    at(any(2, 3, 2, 1), (x) => tf.slice4d(x as tf.Tensor4D, [1, 0, 0, 0], [1, 2, 2, 1])),
  ),
  smooth(
    "sparseToDense",
    at(any(3), (x) => tf.sparseToDense(whole([0, 2, 3]), x, [5], tf.scalar(0.5)), "values"),
    at(
      any(),
      (x) =>
        tf.sparseToDense(
          whole([
            [0, 1],
            [1, 0],
          ]),
          some(2),
          [2, 3],
          x as tf.Scalar,
        ),
      "default",
    ),
  ),
  smooth(
    "split",
    at(any(4, 3), (x) => tf.add(tf.split(x, 2)[0] as tf.Tensor, tf.mul(tf.split(x, 2)[1] as tf.Tensor, 2))),
    at(any(2, 5), (x) => tf.split(x, [1, 3, 1], 1)[1] as tf.Tensor, "sizes"),
  ),
  smooth(
    "stridedSlice",
    at(any(4, 5), (x) => tf.stridedSlice(x, [0, 1], [4, 5], [2, 2])),
    at(any(4, 5), (x) => tf.stridedSlice(x, [3, 4], [0, 1], [-1, -2]), "backwards"),
    at(any(4, 5), (x) => tf.stridedSlice(x, [1, 0], [3, 5], [1, 2], 0, 0, 0, 0, 1), "an axis taken out"),
    at(any(4, 5), (x) => tf.stridedSlice(x, [1, 0, 0], [3, 1, 5], [1, 1, 2], 1, 4, 0, 2), "masks, a new axis"),
    at(any(3, 4, 5), (x) => tf.stridedSlice(x, [0, 1], [0, 5], [1, 2], 0, 0, 1), "the rest of the axes"),
  ),
  smooth(
    "tensorScatterUpdate",
    at(any(4, 2), (x) => tf.tensorScatterUpdate(x, whole([[3], [0]]), some(2, 2)), "tensor"),
    at(any(2, 2), (x) => tf.tensorScatterUpdate(some(4, 2), whole([[3], [0]]), x), "updates"),
  ),
  smooth(
    "unstack",
    at(any(3, 2), (x) => tf.mul(tf.unstack(x)[0] as tf.Tensor, tf.unstack(x)[2] as tf.Tensor)),
  ),
];
