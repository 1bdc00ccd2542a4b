import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { before, test } from "node:test";
import * as tf from "../../../../src/runtime/tf.js";

before(() => {
  createRequire(import.meta.url)("@tensorflow/tfjs-backend-cpu");
  // Its first use would advertise tfjs-node.
  Object.assign(tf.findBackend("cpu"), { firstUse: false });
  tf.backend();
});

/** Numbers from -1 to 1 that look random. */
function values(...shape: number[]): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(1 + 12.9898 * i)),
    shape,
  );
}

const image = () => values(2, 5, 4, 3) as tf.Tensor4D;
const transforms = () =>
  tf.tensor2d([
    [1.1, 0.2, -0.7, -0.1, 0.9, 0.4, 0.01, -0.02],
    [0.8, -0.3, 2.1, 0.2, 1.2, -1.3, 0, 0],
  ]);

/** What TensorFlow computes with kernels of our own, and tfjs's JavaScript with its. */
const cases: Readonly<Record<string, () => tf.Tensor>> = {
  "a convolution padded by a number": () =>
    tf.conv2d(image(), values(3, 2, 3, 2) as tf.Tensor4D, 2, 2, "NHWC", 1, "floor"),
  "a convolution padded by a number, rounded up": () =>
    tf.conv2d(image(), values(2, 2, 3, 2) as tf.Tensor4D, 2, 1, "NHWC", 1, "ceil"),
  "a depthwise convolution padded by a number": () =>
    tf.depthwiseConv2d(image(), values(3, 3, 3, 2) as tf.Tensor4D, 1, 1),
  "a dilated convolution over volumes": () =>
    tf.conv3d(values(1, 5, 4, 6, 2) as tf.Tensor5D, values(2, 2, 3, 2, 2) as tf.Tensor5D, 1, "same", "NDHWC", 2),
  "a dilated convolution over volumes, valid": () =>
    tf.conv3d(
      values(1, 6, 5, 6, 1) as tf.Tensor5D,
      values(2, 2, 2, 1, 1) as tf.Tensor5D,
      1,
      "valid",
      "NDHWC",
      [3, 2, 1],
    ),
  "an average of what is not padding": () => tf.avgPool(image(), 3, 2, 1),
  "a maximum of what is not padding": () => tf.maxPool(tf.sub(image(), 3), 3, 2, 1),
  "an average in volumes": () => tf.avgPool3d(values(1, 4, 5, 4, 2) as tf.Tensor5D, 3, 2, 1, "floor"),
  "places of maxima": () => tf.maxPoolWithArgmax(image(), 2, 2, "same").indexes as tf.Tensor,
  "places of maxima, by images": () => tf.maxPoolWithArgmax(image(), 2, 2, "same", true).indexes as tf.Tensor,
  "places of maxima of what is not padding": () => tf.maxPoolWithArgmax(image(), 3, 2, 1, true).indexes as tf.Tensor,
  "a step with a slope": () => tf.step(tf.tensor1d([-2, 0, 3, Number.NaN]), 0.25),
  "a convolution with bias and activation": () =>
    tf.fused.conv2d({
      x: image(),
      filter: values(2, 2, 3, 2) as tf.Tensor4D,
      strides: 1,
      pad: 1,
      bias: values(2),
      activation: "elu",
    }),
  "a rotation": () => tf.image.rotateWithOffset(values(1, 5, 4, 3) as tf.Tensor4D, 0.7, 0.5, [0.4, 0.6]),
  "a rotation before a colour": () =>
    tf.image.rotateWithOffset(values(1, 5, 4, 3) as tf.Tensor4D, -2.1, [0.1, 0.2, 0.3]),
  "a rotation of an image that can be seen through": () =>
    tf.image.rotateWithOffset(values(1, 4, 4, 4) as tf.Tensor4D, 1.2, [0.1, 0.2, 0.3]),
  "a broadcast": () => tf.broadcastTo(values(3, 1), [2, 3, 4]),
  "one place for each of a vector of indices": () => tf.scatterND([4, 3, 1], [9, 10, 11], [6]),
};

for (const [name, compute] of Object.entries(cases)) {
  test(`${name}: what tfjs's JavaScript computes`, async () => {
    const ours = compute();
    const shape = [...ours.shape];
    const computed = ours.dataSync();
    await tf.setBackend("cpu");
    const expected = compute();
    const wanted = expected.dataSync();
    await tf.setBackend("tensorflow");
    assert.deepEqual(shape, expected.shape);
    computed.forEach((value, i) => {
      assert.ok(
        Object.is(value, wanted[i]) || Math.abs(value - (wanted[i] as number)) < 1e-4,
        `${i}: ${value}, not ${wanted[i]}`,
      );
    });
  });
}

/** `sample` and `project` are formulas for TensorFlow's own operation, whose gradient they are. */
test("the formulas by which transforms are derived give what TensorFlow's operation gives", async () => {
  const { project } = await import("../../../../src/runtime/gradients/images.js");
  for (const interpolation of ["nearest", "bilinear"] as const) {
    for (const fillMode of ["constant", "reflect", "wrap", "nearest"] as const) {
      const attributes = { interpolation, fillMode, fillValue: 0.3 };
      const wanted = tf.image.transform(image(), transforms(), interpolation, fillMode, 0.3).dataSync();
      project(image(), transforms(), attributes)
        .dataSync()
        .forEach((value, i) => {
          assert.ok(
            Math.abs(value - (wanted[i] as number)) < 1e-4,
            `${interpolation}, ${fillMode}: ${value}, not ${wanted[i]}`,
          );
        });
    }
  }
});

function same(a: tf.Tensor, b: tf.Tensor): void {
  assert.deepEqual(a.shape, b.shape);
  assert.ok(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]! < 1e-5);
}

test("einsum takes any number of tensors, dots, letters that stand twice, and no arrow", () => {
  const [a, b, c] = [values(2, 3), values(3, 4), values(4, 2)] as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const square = values(3, 3) as tf.Tensor2D;
  const batch = values(5, 2, 3);
  same(tf.einsum("ij,jk,kl->il", a, b, c), a.matMul(b).matMul(c));
  same(tf.einsum("ij,jk,kl", a, b, c), a.matMul(b).matMul(c));
  same(tf.einsum("ij, kl, jk -> li", a, c, b), a.matMul(b).matMul(c).transpose());
  same(tf.einsum("ij,jk,ki->", a, b, c), a.matMul(b).matMul(c).mul(tf.eye(2)).sum());
  same(tf.einsum("...ij,jk,kl->...il", batch, b, c), tf.matMul(batch, tf.matMul(b, c).expandDims(0).tile([5, 1, 1])));
  same(
    tf.einsum("ii,ij,j->j", square, square, values(3)),
    square.mul(tf.eye(3)).sum(1).expandDims(0).matMul(square).squeeze([0]).mul(values(3)),
  );
});

test("einsum is derived with dots and with letters that stand twice", () => {
  const square = values(3, 3);
  same(tf.grad((x) => tf.einsum("ii->", x))(square), tf.eye(3));
  same(tf.grad((x) => tf.einsum("i->ii", x).sum())(values(3)), tf.ones([3]));
  // The dots stretch the first tensor over the batch of the second.
  const [one, many] = [values(1, 3), values(4, 3)];
  same(tf.grad((x) => tf.einsum("...i,...i->...", x, many).sum())(one), many.sum(0, true));
  same(tf.grad((x) => tf.einsum("...i,...i->...", one, x).sum())(many), tf.tile(one, [4, 1]));
});
