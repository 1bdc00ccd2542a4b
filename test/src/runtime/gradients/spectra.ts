/** Complex numbers, transforms of Fourier, images and linear algebra. */
import * as tf from "../../../../src/runtime/tf.js";
import { any, at, type Operation, smooth, some, whole, within } from "./operation.js";

/** The two parts of complex numbers side by side. */
function parts(z: tf.Tensor): tf.Tensor {
  return tf.concat([tf.real(z), tf.imag(z)], -1);
}

/** A function of complex numbers, derived by their real and by their imaginary part. */
function spectral(name: string, f: (z: tf.Tensor) => tf.Tensor, ...shape: number[]): Operation {
  return smooth(
    name,
    at(any(...shape), (x) => parts(f(tf.complex(x, some(...shape)))), "real part"),
    at(any(...shape), (x) => parts(f(tf.complex(some(...shape), x))), "imaginary part"),
  );
}

const box = () =>
  tf.tensor2d([
    [0.1, 0.2, 0.83, 0.94],
    [0, 0, 1, 1],
  ]);
const image4 = (x: tf.Tensor) => x as tf.Tensor4D;

/** A matrix that is far from one without an inverse. */
const regular = (x: tf.Tensor) => tf.add(tf.mul(x, 0.5), tf.mul(tf.eye(...(x.shape as [number, number])), 2));

export const spectra: readonly Operation[] = [
  spectral("complex", (z) => tf.mul(z, z), 2, 3),
  spectral("real", (z) => tf.complex(tf.real(z), tf.square(tf.real(z))), 3),
  spectral("imag", (z) => tf.complex(tf.imag(z), tf.square(tf.imag(z))), 3),
  ...(["fft", "ifft", "spectral.fft", "spectral.ifft"] as const).map((name) => {
    const transform = {
      fft: tf.fft,
      ifft: tf.ifft,
      "spectral.fft": tf.spectral.fft,
      "spectral.ifft": tf.spectral.ifft,
    }[name];
    return spectral(name, transform, 2, 5);
  }),
  smooth(
    "rfft",
    at(any(2, 6), (x) => parts(tf.rfft(x))),
    at(any(2, 5), (x) => parts(tf.rfft(x, 7)), "longer"),
  ),
  smooth(
    "spectral.rfft",
    at(any(2, 6), (x) => parts(tf.spectral.rfft(x))),
  ),
  spectral("irfft", (z) => tf.cast(tf.irfft(z), "complex64"), 2, 4),
  spectral("spectral.irfft", (z) => tf.cast(tf.spectral.irfft(z), "complex64"), 2, 3),
  smooth(
    "signal.frame",
    at(any(7), (x) => tf.signal.frame(x as tf.Tensor1D, 3, 2)),
    at(any(7), (x) => tf.signal.frame(x as tf.Tensor1D, 3, 2, true, 0.5), "padded"),
  ),
  smooth(
    "signal.stft",
    at(any(12), (x) => parts(tf.signal.stft(x as tf.Tensor1D, 4, 2))),
  ),

  smooth(
    "image.cropAndResize",
    at(any(1, 4, 5, 2), (x) => tf.image.cropAndResize(image4(x), box(), [0, 0], [3, 2], "bilinear"), "image"),
    at(any(1, 4, 5, 2), (x) => tf.image.cropAndResize(image4(x), box(), [0, 0], [3, 2], "nearest"), "image, nearest"),
    at(
      () =>
        tf.tensor2d([
          [0.11, 0.22, 0.83, 0.94],
          [0.03, 0.05, 0.93, 0.91],
        ]),
      (boxes) => tf.image.cropAndResize(image4(some(1, 4, 5, 2)), boxes as tf.Tensor2D, [0, 0], [3, 2]),
      "boxes",
      0.002,
    ),
  ),
  smooth(
    "image.flipLeftRight",
    at(any(1, 2, 3, 2), (x) => tf.image.flipLeftRight(image4(x))),
  ),
  smooth(
    "image.grayscaleToRGB",
    at(any(2, 3, 1), (x) => tf.image.grayscaleToRGB(x as tf.Tensor3D)),
  ),
  smooth(
    "image.resizeBilinear",
    at(any(1, 3, 3, 2), (x) => tf.image.resizeBilinear(image4(x), [5, 4])),
    at(any(1, 3, 3, 2), (x) => tf.image.resizeBilinear(image4(x), [5, 4], true), "aligned corners"),
    at(any(1, 3, 3, 2), (x) => tf.image.resizeBilinear(image4(x), [2, 2], false, true), "half-pixel centers"),
  ),
  smooth(
    "image.resizeNearestNeighbor",
    at(any(1, 3, 3, 2), (x) => tf.image.resizeNearestNeighbor(image4(x), [5, 4])),
    at(any(1, 3, 3, 2), (x) => tf.image.resizeNearestNeighbor(image4(x), [5, 4], true), "aligned corners"),
    at(any(1, 3, 3, 2), (x) => tf.image.resizeNearestNeighbor(image4(x), [2, 2], false, true), "half-pixel centers"),
  ),
  smooth(
    "image.rgbToGrayscale",
    at(any(2, 2, 3), (x) => tf.image.rgbToGrayscale(x as tf.Tensor3D)),
  ),
  smooth(
    "image.rotateWithOffset",
    at(any(1, 4, 4, 2), (x) => tf.image.rotateWithOffset(image4(x), 0.6, 0.25)),
  ),
  smooth(
    "image.transform",
    at(any(1, 4, 4, 2), (x) =>
      tf.image.transform(image4(x), tf.tensor2d([[1, 0.2, 0.3, -0.1, 0.9, 0.4, 0, 0]]), "bilinear", "reflect"),
    ),
    at(
      any(1, 4, 4, 2),
      (x) => tf.image.transform(image4(x), tf.tensor2d([[1, 0.2, 0.3, -0.1, 0.9, 0.4, 0, 0]])),
      "nearest",
    ),
  ),
  smooth(
    "linalg.bandPart",
    at(any(3, 4), (x) => tf.linalg.bandPart(x, 1, 0)),
  ),
  smooth(
    "linalg.gramSchmidt",
    at(any(3, 3), (x) => tf.linalg.gramSchmidt(regular(x) as tf.Tensor2D) as tf.Tensor),
  ),
  smooth(
    "linalg.qr",
    at(any(3, 3), (x) => tf.linalg.qr(regular(x))[0], "Q"),
    at(any(4, 2), (x) => tf.linalg.qr(regular(x))[1], "R of a tall matrix"),
    at(any(2, 3), (x) => tf.linalg.qr(regular(x))[1], "R of a wide matrix"),
  ),
  smooth(
    "sparse.sparseSegmentMean",
    at(any(4, 2), (x) =>
      tf.sparse.sparseSegmentMean(x, whole([3, 0, 3]) as tf.Tensor1D, whole([0, 1, 1]) as tf.Tensor1D),
    ),
  ),
  smooth(
    "sparse.sparseSegmentSum",
    at(any(4, 2), (x) =>
      tf.sparse.sparseSegmentSum(x, whole([3, 0, 3]) as tf.Tensor1D, whole([0, 1, 1]) as tf.Tensor1D),
    ),
  ),
  smooth(
    "raggedGather",
    at(
      within(0, 1, 5),
      (x) => tf.raggedGather([whole([0, 2, 5]) as tf.Tensor1D], x, whole([1, 0]), 1).outputDenseValues,
    ),
  ),
  smooth(
    "raggedTensorToTensor",
    at(
      any(5),
      (x) => tf.raggedTensorToTensor(whole([2, 3]), x, tf.scalar(0.5), [whole([0, 2, 5])], ["ROW_SPLITS"]),
      "values",
    ),
    at(any(), (x) => tf.raggedTensorToTensor(whole([2, 3]), some(5), x, [whole([0, 2, 5])], ["ROW_SPLITS"]), "default"),
  ),
];
