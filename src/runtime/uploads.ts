/** When values of JavaScript become tensors of TensorFlow, and what a trace learns of it. */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { NodeBackend } from "./node-backend.js";
import { currentTrace, during, setUpload } from "./tracing.js";

/**
 * tfjs-node keeps the values of a new tensor until an operation needs them. A tensor that is older than the trace under way may
 * get its number only now; it comes from outside all the same and is no constant of the traced function.
 */
export function installUploads(backend: NodeBackend): void {
  const { move, getInputTensorIds } = backend;
  backend.move = (dataId, values, shape, dtype, refCount) => {
    currentTrace()?.born.add(dataId);
    move.call(backend, dataId, values, shape, dtype, refCount);
  };
  backend.getInputTensorIds = (tensors) => {
    const { born } = currentTrace() ?? {};
    if (born !== undefined) {
      // A number of tfjs-node's own (Int64Scalar) has no data, and is made for this very call.
      const waits = ({ dataId }: TensorInfo) => dataId !== undefined && backend.tensorMap.get(dataId).values !== null;
      const older = tensors.filter((tensor) => !born.has(tensor.dataId) && waits(tensor));
      during(undefined, () => getInputTensorIds.call(backend, older));
    }
    return getInputTensorIds.call(backend, tensors);
  };
  setUpload((tensor) => backend.getInputTensorIds([tensor])[0]!);
}
