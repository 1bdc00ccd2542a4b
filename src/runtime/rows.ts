/** Rows of a matrix: some of them as a tensor, or written anew, without a copy of the matrix. */
import * as core from "@tensorflow/tfjs-core";
import { typeAttribute } from "./attributes.js";
import { loadedTensorFlow } from "./backend.js";
import { TF } from "./dtypes.js";
import { theEngine } from "./engine.js";
import type { NodeBackend } from "./node-backend.js";
import { currentTrace } from "./tracing.js";

/**
 * Some rows of a matrix, whose numbers lie in `from` one row after the other, as a tensor [n, ...shape]; their `places` must be in
 * range.
 */
export function gatherRows(
  from: Float32Array | Int32Array,
  shape: readonly number[],
  places: readonly number[],
): core.Tensor {
  // The backend must be there before anybody asks whether it is TensorFlow.
  const { backend } = theEngine();
  const whole = [places.length, ...shape];
  const tensorflow = loadedTensorFlow();
  if (tensorflow !== undefined && currentTrace() === undefined) {
    return (backend as NodeBackend).createOutputTensor(tensorflow.tensors.gather(whole, from, places));
  }
  const width = shape.reduce((size, length) => size * length, 1);
  const isInteger = from instanceof Int32Array;
  const values = isInteger ? new Int32Array(places.length * width) : new Float32Array(places.length * width);
  places.forEach((place, row) => {
    values.set(from.subarray(place * width, (place + 1) * width), row * width);
  });
  return core.tensor(values, whole, isInteger ? "int32" : "float32");
}

/**
 * `matrix: [rows, size]` (float32) with `values: [n, size]` at the `places: [n]` (int32, each below `rows`). TensorFlow writes
 * them into the memory of `matrix` itself: from then on only the result may be used. It has no gradient.
 */
export function overwriteRows(matrix: core.Tensor, places: core.Tensor, values: core.Tensor): core.Tensor {
  // The backend must be there before anybody asks whether it is TensorFlow.
  const { backend } = theEngine();
  if (loadedTensorFlow() === undefined) return core.tensorScatterUpdate(matrix, places.expandDims(1), values);
  const native = backend as NodeBackend;
  const ids = native.getInputTensorIds([matrix, places, values]);
  const [result] = native.binding.executeOp("InplaceUpdate", [typeAttribute("T", TF.FLOAT)], ids, 1);
  return native.createOutputTensor(result!);
}
