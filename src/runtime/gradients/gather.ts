/** The gradient of gather: what goes back to a slice is the sum over all places that took it. */
import {
  add,
  GatherV2,
  type GatherV2Attrs,
  type GradConfig,
  range,
  reshape,
  type Tensor,
  type Tensor1D,
  transpose,
  unsortedSegmentSum,
  util,
  zeros,
} from "@tensorflow/tfjs-core";

/** `GatherV2`, along any axis and with any number of batch dimensions; tfjs has it for axes from 0 and at most one of them. */
export const gather: GradConfig = {
  kernelName: GatherV2,
  inputsToSave: ["x", "indices"],
  gradFunc: (dy, saved, attrs) => {
    const [x, indices] = saved as [Tensor, Tensor];
    return {
      x: () => scatterBack(dy as Tensor, x.shape, indices, attrs as unknown as GatherV2Attrs),
      indices: () => zeros(indices.shape),
    };
  },
};

/** The gradient of `x`, of this shape, by what was gathered from it. */
export function scatterBack(dy: Tensor, shape: number[], indices: Tensor, { axis, batchDims }: GatherV2Attrs): Tensor {
  const [along = 0] = util.parseAxisParam(axis, shape);
  const batchRank = batchDims < 0 ? batchDims + indices.rank : batchDims;
  const sizeOf = (from: number, to?: number) => util.sizeFromShape(shape.slice(from, to));
  const [batch, outer, inner] = [sizeOf(0, batchRank), sizeOf(batchRank, along), sizeOf(along + 1)];
  const size = shape[along] as number;
  const taken = util.sizeFromShape(indices.shape.slice(batchRank));

  const slices = swap(reshape(dy, [batch, outer, taken, inner]));
  const segments = reshape(offset(reshape(indices, [batch, taken]), size), [batch * taken]) as Tensor1D;
  const sums = unsortedSegmentSum(reshape(slices, [batch * taken, outer * inner]), segments, batch * size);
  return reshape(swap(reshape(sums, [batch, size, outer, inner])), shape);
}

/** [batch, a, b, inner] → [batch, b, a, inner]. */
function swap(x: Tensor): Tensor {
  const [batch, a, b, inner] = x.shape as [number, number, number, number];
  return a === 1 || b === 1 ? reshape(x, [batch, b, a, inner]) : transpose(x, [0, 2, 1, 3]);
}

/** Numbers the segments of all batches one after the other. */
function offset(indices: Tensor, size: number): Tensor {
  const [batch = 1] = indices.shape;
  return batch === 1 ? indices : add(indices, reshape(range(0, batch * size, size, "int32"), [batch, 1]));
}
