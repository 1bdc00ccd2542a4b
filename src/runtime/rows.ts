/** Rows of a matrix written anew, without a copy of the matrix. */
import * as core from "@tensorflow/tfjs-core";
import { typeAttribute } from "./attributes.js";
import { loadedTensorFlow } from "./backend.js";
import { TF } from "./dtypes.js";
import { theEngine } from "./engine.js";
import type { NodeBackend } from "./node-backend.js";

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
