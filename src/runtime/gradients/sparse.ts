/** Sums and means of rows that are picked by their numbers. */
import {
  div,
  type GradConfig,
  gather,
  ones,
  reshape,
  SparseSegmentMean,
  SparseSegmentSum,
  type Tensor,
  type Tensor1D,
  unsortedSegmentSum,
} from "@tensorflow/tfjs-core";
import { gradient, none } from "./gradient.js";

export const sparse: readonly GradConfig[] = [
  ofSegments(SparseSegmentSum, (dy) => dy),
  ofSegments(SparseSegmentMean, (dy, segmentIds) => {
    const counts = unsortedSegmentSum(ones(segmentIds.shape), segmentIds, dy.shape[0] as number);
    return div(dy, reshape(counts, [-1, ...Array(dy.rank - 1).fill(1)]));
  }),
];

function ofSegments(name: string, share: (dy: Tensor, segmentIds: Tensor1D) => Tensor): GradConfig {
  return gradient(name, { inputs: ["data", "indices", "segmentIds"] }, (dy, kept) => {
    const [data, indices, segmentIds] = kept as [Tensor, Tensor1D, Tensor1D];
    return {
      data: () => unsortedSegmentSum(gather(share(dy, segmentIds), segmentIds), indices, data.shape[0] as number),
      indices: () => none(indices),
      segmentIds: () => none(segmentIds),
    };
  });
}
