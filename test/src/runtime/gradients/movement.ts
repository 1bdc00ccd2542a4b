/** Operations that move values without changing them. */
import * as tf from "../../../../src/runtime/tf.js";
import { any, at, type Operation, smooth, some } from "./operation.js";

export const movement: readonly Operation[] = [
  smooth(
    "batchToSpaceND",
    at(any(4, 2, 2, 1), (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 0],
          [1, 0],
        ],
      ),
    ),
  ),
  smooth(
    "broadcastTo",
    at(any(3, 1), (x) => tf.broadcastTo(x, [2, 3, 4])),
  ),
  smooth(
    "concat",
    at(any(2, 3), (x) => tf.concat([x, some(2, 2), x], 1), "last axis"),
    at(any(2, 3), (x) => tf.concat([some(1, 3), x]), "first axis"),
  ),
  smooth(
    "concat1d",
    at(any(3), (x) => tf.concat1d([x as tf.Tensor1D, some(2) as tf.Tensor1D])),
  ),
  smooth(
    "concat2d",
    at(any(2, 3), (x) => tf.concat2d([x as tf.Tensor2D, some(2, 1) as tf.Tensor2D], 1)),
  ),
  smooth(
    "concat3d",
    at(any(2, 3, 1), (x) => tf.concat3d([x as tf.Tensor3D, some(2, 3, 2) as tf.Tensor3D], 2)),
  ),
  smooth(
    "concat4d",
    at(any(2, 3, 1, 2), (x) => tf.concat4d([x as tf.Tensor4D, some(1, 3, 1, 2) as tf.Tensor4D], 0)),
  ),
  smooth(
    "depthToSpace",
    at(any(1, 2, 2, 8), (x) => tf.depthToSpace(x as tf.Tensor4D, 2)),
  ),
  smooth("diag", at(any(3), tf.diag), at(any(2, 2), tf.diag, "of a matrix")),
  smooth(
    "expandDims",
    at(any(2, 3), (x) => tf.expandDims(x, 1)),
  ),
  smooth(
    "meshgrid",
    at(any(3), (x) => tf.meshgrid(x, some(2))[0] as tf.Tensor, "x"),
    at(any(3), (y) => tf.meshgrid(some(2), y)[1] as tf.Tensor, "y"),
  ),
  smooth(
    "mirrorPad",
    at(
      any(3, 4),
      (x) =>
        tf.mirrorPad(
          x,
          [
            [1, 2],
            [2, 0],
          ],
          "reflect",
        ),
      "reflect",
    ),
    at(
      any(3, 4),
      (x) =>
        tf.mirrorPad(
          x,
          [
            [1, 2],
            [2, 0],
          ],
          "symmetric",
        ),
      "symmetric",
    ),
  ),
  smooth(
    "pad",
    at(any(2, 3), (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [0, 2],
        ],
        0.5,
      ),
    ),
  ),
  smooth(
    "pad1d",
    at(any(3), (x) => tf.pad1d(x as tf.Tensor1D, [1, 2])),
  ),
  smooth(
    "pad2d",
    at(any(2, 3), (x) =>
      tf.pad2d(x as tf.Tensor2D, [
        [1, 0],
        [0, 2],
      ]),
    ),
  ),
  smooth(
    "pad3d",
    at(any(2, 3, 1), (x) =>
      tf.pad3d(x as tf.Tensor3D, [
        [1, 0],
        [0, 2],
        [1, 1],
      ]),
    ),
  ),
  smooth(
    "pad4d",
    at(any(2, 3, 1, 1), (x) =>
      tf.pad4d(x as tf.Tensor4D, [
        [1, 0],
        [0, 2],
        [1, 1],
        [0, 0],
      ]),
    ),
  ),
  smooth(
    "reshape",
    at(any(2, 3), (x) => tf.reshape(x, [3, 2])),
  ),
  smooth(
    "reverse",
    at(any(2, 3), (x) => tf.reverse(x, [1])),
  ),
  smooth(
    "reverse1d",
    at(any(3), (x) => tf.reverse1d(x as tf.Tensor1D)),
  ),
  smooth(
    "reverse2d",
    at(any(2, 3), (x) => tf.reverse2d(x as tf.Tensor2D, 0)),
  ),
  smooth(
    "reverse3d",
    at(any(2, 3, 2), (x) => tf.reverse3d(x as tf.Tensor3D, [0, 2])),
  ),
  smooth(
    "reverse4d",
    at(any(2, 1, 3, 2), (x) => tf.reverse4d(x as tf.Tensor4D, [0, -1])),
  ),
  smooth(
    "spaceToBatchND",
    at(any(1, 3, 4, 1), (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [1, 0],
          [0, 0],
        ],
      ),
    ),
  ),
  smooth(
    "squeeze",
    at(any(2, 1, 3), (x) => tf.squeeze(x, [1])),
  ),
  smooth(
    "stack",
    at(any(2, 3), (x) => tf.stack([x, some(2, 3), x], 1)),
  ),
  smooth(
    "tile",
    at(any(2, 3), (x) => tf.tile(x, [2, 3])),
  ),
  smooth(
    "transpose",
    at(any(2, 3, 2), (x) => tf.transpose(x, [2, 0, 1])),
    at(any(2, 3), (x) => tf.transpose(x), "all axes"),
    at(
      any(2, 3),
      (x) => {
        const turned = tf.transpose(tf.complex(x, some(2, 3)), undefined, true);
        return tf.concat([tf.real(turned), tf.imag(turned)]);
      },
      "conjugate",
    ),
  ),
];
