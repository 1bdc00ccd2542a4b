/** Sparse and ragged tensors. */
import {
  cast,
  type KernelConfig,
  RaggedGather,
  type RaggedGatherAttrs,
  RaggedRange,
  RaggedTensorToTensor,
  type RaggedTensorToTensorAttrs,
  SparseFillEmptyRows,
  SparseReshape,
  SparseSegmentMean,
  SparseSegmentSum,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { TF } from "../dtypes.js";
import { Int64, int, kernel, text, type, typeOf } from "./run.js";

export const sparse: readonly KernelConfig[] = [
  kernel<"data" | "indices" | "segmentIds">(SparseSegmentSum, ({ data, indices, segmentIds }, _, run) => {
    return run("SparseSegmentSum", [data, indices, segmentIds])[0];
  }),
  kernel<"data" | "indices" | "segmentIds">(SparseSegmentMean, ({ data, indices, segmentIds }, _, run) => {
    // TensorFlow has no mean of whole numbers.
    return cast(run("SparseSegmentMean", [cast(data, "float32"), indices, segmentIds])[0], data.dtype);
  }),
  kernel<"indices" | "values" | "denseShape" | "defaultValue">(
    SparseFillEmptyRows,
    ({ indices, values, denseShape, defaultValue }, _, run) =>
      run("SparseFillEmptyRows", [new Int64(indices), values, new Int64(denseShape), defaultValue], [], 4),
  ),
  kernel<"inputIndices" | "inputShape" | "newShape">(
    SparseReshape,
    ({ inputIndices, inputShape, newShape }, _, run) => {
      return run("SparseReshape", [new Int64(inputIndices), new Int64(inputShape), new Int64(newShape)], [], 2);
    },
  ),
  kernel<"starts" | "limits" | "deltas">(RaggedRange, ({ starts, limits, deltas }, _, run) => {
    return run("RaggedRange", [starts, limits, deltas], [type("Tsplits", TF.INT32)], 2);
  }),
  kernel<"paramsNestedSplits" | "paramsDenseValues" | "indices", RaggedGatherAttrs>(
    RaggedGather,
    ({ paramsNestedSplits, paramsDenseValues, indices }, { outputRaggedRank }, run) => {
      const splits = paramsNestedSplits as unknown as readonly Tensor[];
      const attributes = [
        int("PARAMS_RAGGED_RANK", splits.length),
        int("OUTPUT_RAGGED_RANK", outputRaggedRank),
        type("Tsplits", TF.INT32),
        typeOf("Tvalues", paramsDenseValues),
        typeOf("Tindices", indices),
      ];
      return run("RaggedGather", [...splits, paramsDenseValues, indices], attributes, outputRaggedRank + 1);
    },
  ),
  kernel<"shape" | "values" | "defaultValue" | "rowPartitionTensors", RaggedTensorToTensorAttrs>(
    RaggedTensorToTensor,
    ({ shape, values, defaultValue, rowPartitionTensors }, { rowPartitionTypes }, run) => {
      const partitions = rowPartitionTensors as unknown as readonly Tensor[];
      const attributes = [
        int("num_row_partition_tensors", partitions.length),
        text("row_partition_types", rowPartitionTypes),
        type("Tindex", TF.INT32),
        typeOf("Tshape", shape),
        typeOf("T", values),
      ];
      return run("RaggedTensorToTensor", [shape, values, defaultValue, ...partitions], attributes)[0];
    },
  ),
];
