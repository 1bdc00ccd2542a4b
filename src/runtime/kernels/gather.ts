/** Slices by their indices along one axis. tfjs-node reads all indices on the host to check them; TensorFlow checks them itself. */
import { backend_util, GatherV2, type GatherV2Attrs, util } from "@tensorflow/tfjs-core";
import { RuntimeError, ValueError } from "../../errors.js";
import { int, kernel } from "./run.js";

const { collectGatherOpShapeInfo } = backend_util.segment_util;

/**
 * `GatherV2`: x: [...batch, ...outer, size, ...inner], indices: [...batch, ...rest] → [...batch, ...outer, ...rest, ...inner].
 *
 * @throws ValueError where an index is not in [0, size), on a CPU; a GPU gives zeros there.
 */
export const gather = kernel<"x" | "indices", GatherV2Attrs>(GatherV2, ({ x, indices }, { axis, batchDims }, run) => {
  const [along = 0] = util.parseAxisParam(axis, x.shape);
  collectGatherOpShapeInfo(x as never, indices as never, along, batchDims);
  try {
    return run("GatherV2", [x, indices, along], [int("batch_dims", batchDims)])[0];
  } catch (error) {
    throw outOfBounds(error, along, x.shape);
  }
});

/** TensorFlow's `indices[0] = 100 is not in [0, 2)`, in the house words and in those that tfjs's own specs expect. */
function outOfBounds(error: unknown, axis: number, shape: readonly number[]): unknown {
  const found = error instanceof RuntimeError && /indices.* = (-?\d+) is not in \[0, (\d+)\)/.exec(error.message);
  if (!found) return error;
  const [, index, size] = found;
  const last = Number(size) - 1;
  return new ValueError({
    what: "gather",
    expected: `indices from 0 to ${last} for axis ${axis} of [${shape.join(", ")}]`,
    got: `${index}`,
    hint: `GatherV2: the index value ${index} is not in [0, ${last}].`,
  });
}
