/** What moves values is derived by moving them back. */
import {
  concat,
  DepthToSpace,
  type DepthToSpaceAttrs,
  Diag,
  depthToSpace,
  diag,
  FlipLeftRight,
  GatherNd,
  type GradConfig,
  gatherND,
  image as images,
  MirrorPad,
  type MirrorPadAttrs,
  mirrorPad,
  reshape,
  ScatterNd,
  SparseToDense,
  type SparseToDenseAttrs,
  SplitV,
  type SplitVAttrs,
  StridedSlice,
  type StridedSliceAttrs,
  scatterND,
  stack,
  stridedSlice,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  TensorScatterUpdate,
  tensorScatterUpdate,
  Unpack,
  type UnpackAttrs,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { MirrorPadGrad, SpaceToDepth } from "../kernels/images.js";
import { DiagPart, StridedSliceGrad, type StridedSliceGradAttributes } from "../kernels/scatter.js";
import { gradient, none, run } from "./gradient.js";

export const movement: readonly GradConfig[] = [
  // tfjs hands over no list where there is one output only.
  gradient<UnpackAttrs, Tensor | Tensor[]>(Unpack, {}, (dy, _, { axis }) => ({
    value: () => stack([dy].flat(), axis),
  })),
  gradient<SplitVAttrs, Tensor | Tensor[]>(SplitV, {}, (dy, _, { axis }) => ({ x: () => concat([dy].flat(), axis) })),
  gradient(FlipLeftRight, {}, (dy) => ({ image: () => images.flipLeftRight(dy as Tensor4D) })),
  gradient(Diag, {}, (dy) => ({ x: () => run(DiagPart, { x: dy }) })),
  gradient(DiagPart, {}, (dy) => ({ x: () => diag(dy) })),
  gradient<DepthToSpaceAttrs>(DepthToSpace, {}, (dy, _, attributes) => ({
    x: () => run(SpaceToDepth, { x: dy }, attributes),
  })),
  gradient<DepthToSpaceAttrs>(SpaceToDepth, {}, (dy, _, { blockSize, dataFormat }) => ({
    x: () => depthToSpace(dy as Tensor4D, blockSize, dataFormat),
  })),
  gradient<MirrorPadAttrs>(MirrorPad, {}, (dy, _, attributes) => ({
    x: () => run(MirrorPadGrad, { x: dy }, attributes),
  })),
  gradient<MirrorPadAttrs>(MirrorPadGrad, {}, (dy, _, { paddings, mode }) => ({
    x: () => mirrorPad(dy, paddings, mode),
  })),
  gradient<StridedSliceAttrs>(StridedSlice, { inputs: ["x"] }, (dy, kept, attributes) => {
    const { shape } = kept[0] as Tensor;
    return { x: () => run(StridedSliceGrad, { dy }, { ...attributes, shape }) };
  }),
  gradient<StridedSliceGradAttributes>(StridedSliceGrad, {}, (ddx, _, attributes) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
    return {
      dy: () => stridedSlice(ddx, begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask),
    };
  }),
  gradient(GatherNd, { inputs: ["params", "indices"] }, (dy, kept) => {
    const [params, indices] = kept as [Tensor, Tensor];
    return { params: () => scatterND(indices, dy, params.shape), indices: () => none(indices) };
  }),
  gradient(ScatterNd, { inputs: ["indices"] }, (dy, kept) => {
    const [indices] = kept as [Tensor];
    return { updates: () => gatherND(dy, column(indices)), indices: () => none(indices) };
  }),
  gradient(TensorScatterUpdate, { inputs: ["indices", "updates"] }, (dy, kept) => {
    const [indices, updates] = kept as [Tensor, Tensor];
    return {
      tensor: () => tensorScatterUpdate(dy, indices, zerosLike(updates)),
      updates: () => gatherND(dy, indices),
      indices: () => none(indices),
    };
  }),
  gradient<SparseToDenseAttrs>(SparseToDense, { inputs: ["sparseIndices", "sparseValues"] }, (dy, kept) => {
    const [indices, values] = kept as [Tensor, Tensor];
    const places = indices.rank === 0 ? reshape(indices, [1, 1]) : column(indices);
    const taken = () => gatherND(dy, places);
    return {
      sparseValues: () => (values.rank === 0 ? sum(taken()) : taken()),
      defaultValue: () => sub(sum(dy), sum(taken())),
      sparseIndices: () => none(indices),
    };
  }),
];

/** A vector of indices stands for one place each. */
function column(indices: Tensor): Tensor {
  return indices.rank === 1 ? reshape(indices, [indices.size, 1]) : indices;
}
