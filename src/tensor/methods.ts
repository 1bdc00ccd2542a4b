/**
 * The methods of tensors, `x.matMul(w).add(b)`, with types that know shapes; a clash is an error of types, and ShapeError with the
 * same words at run time. They are tfjs's own methods: its types for them, which know no shapes, stay out.
 */

import type * as core from "../runtime/tf.js";
import type { DataType, Rank, TensorLike } from "../runtime/tf.js";
import type { Arithmetic, Comparisons, Questions, Reductions, Searches, Unary } from "./method-groups.js";
import type { ExpandDims, HasAxes, Permutes, Squeeze, Transpose } from "./shapes/axes.js";
import type { Gather, Inside, Pad, PerAxis, Slice, Tile } from "./shapes/cut.js";
import type { Blank, Checked, Dims, Drop, Open, Place, Shaped, Written } from "./shapes/dims.js";
import type { Split } from "./shapes/join.js";
import type { MatMul } from "./shapes/matmul.js";
import type { Flatten, Reshape } from "./shapes/reshape.js";
import type { DtypeOf, ShapeOf, Tensor as Typed, Upcast } from "./shapes/tensor.js";

type Any = core.Tensor;
type Lengths = readonly number[];
type Size = [number, number] | number;
type Pads = "valid" | "same" | number;

declare module "@tensorflow/tfjs-core/dist/tensor.js" {
  interface Tensor<R extends Rank = Rank>
    extends Unary,
      Questions,
      Arithmetic,
      Comparisons,
      Reductions<"same">,
      Reductions<"float32">,
      Reductions<"bool">,
      Searches {
    as1D<A extends Any>(this: A): Typed<Shaped<Flatten<ShapeOf<A>>>, DtypeOf<A>>;
    as2D<A extends Any, const S extends [number, number]>(
      this: A,
      ...shape: S
    ): Typed<Extract<Written<S>, Dims>, DtypeOf<A>>;
    as3D<A extends Any, const S extends [number, number, number]>(
      this: A,
      ...shape: S
    ): Typed<Extract<Written<S>, Dims>, DtypeOf<A>>;
    as4D<A extends Any, const S extends [number, number, number, number]>(
      this: A,
      ...shape: S
    ): Typed<Extract<Written<S>, Dims>, DtypeOf<A>>;
    asScalar<A extends Any>(this: A): Typed<[], DtypeOf<A>>;
    asType<A extends Any, D extends DataType>(this: A, dtype: D): Typed<ShapeOf<A>, D>;
    avgPool<A extends Any>(this: A, size: Size, strides: Size, pad: Pads): Typed<number[], DtypeOf<A>>;
    batchToSpaceND<A extends Any>(this: A, blockShape: number[], crops: number[][]): Typed<number[], DtypeOf<A>>;
    broadcastTo<A extends Any, const S extends Lengths>(this: A, shape: S): Typed<Written<S>, DtypeOf<A>>;
    cast<A extends Any, D extends DataType>(this: A, dtype: D): Typed<ShapeOf<A>, D>;
    clipByValue<A extends Any>(this: A, min: number, max: number): Typed<ShapeOf<A>, DtypeOf<A>>;
    concat<A extends Any>(this: A, tensors: Any | readonly Any[], axis?: number): Typed<number[], DtypeOf<A>>;
    conv1d<A extends Any>(
      this: A,
      filter: Any,
      stride: number,
      pad: Pads,
      format?: "NWC" | "NCW",
      dilation?: number,
    ): Typed<number[], DtypeOf<A>>;
    conv2d<A extends Any>(
      this: A,
      filter: Any,
      strides: Size,
      pad: Pads,
      format?: "NHWC" | "NCHW",
      dilations?: Size,
    ): Typed<number[], DtypeOf<A>>;
    conv2dTranspose<A extends Any>(
      this: A,
      filter: Any,
      outputShape: Lengths,
      strides: Size,
      pad: Pads,
    ): Typed<number[], DtypeOf<A>>;
    cumprod<A extends Any>(
      this: A,
      axis?: number,
      exclusive?: boolean,
      reverse?: boolean,
    ): Typed<ShapeOf<A>, DtypeOf<A>>;
    cumsum<A extends Any>(
      this: A,
      axis?: number,
      exclusive?: boolean,
      reverse?: boolean,
    ): Typed<ShapeOf<A>, DtypeOf<A>>;
    depthToSpace<A extends Any>(this: A, blockSize: number, format?: "NHWC" | "NCHW"): Typed<number[], DtypeOf<A>>;
    depthwiseConv2d<A extends Any>(
      this: A,
      filter: Any,
      strides: Size,
      pad: Pads,
      format?: "NHWC" | "NCHW",
      dilations?: Size,
    ): Typed<number[], DtypeOf<A>>;
    dilation2d<A extends Any>(
      this: A,
      filter: Any,
      strides: Size,
      pad: "valid" | "same",
      dilations?: Size,
    ): Typed<number[], DtypeOf<A>>;
    dot<A extends Any>(this: A, b: Any | TensorLike): Typed<number[], DtypeOf<A>>;
    expandDims<A extends Any, const X extends number = 0>(
      this: A,
      axis?: X,
    ): Typed<ExpandDims<ShapeOf<A>, X>, DtypeOf<A>>;
    flatten<A extends Any>(this: A): Typed<Shaped<Flatten<ShapeOf<A>>>, DtypeOf<A>>;
    gather<A extends Any, I extends Any | TensorLike, const X extends number = 0>(
      this: A,
      indices: I,
      axis?: Checked<X, Gather<ShapeOf<A>, ShapeOf<I>, X>>,
      batchDims?: number,
    ): Typed<Shaped<Gather<ShapeOf<A>, ShapeOf<I>, X>>, DtypeOf<A>>;
    irfft<A extends Any>(this: A): Typed<number[], "float32">;
    leakyRelu<A extends Any>(this: A, alpha?: number): Typed<ShapeOf<A>, DtypeOf<A>>;
    localResponseNormalization<A extends Any>(
      this: A,
      radius?: number,
      bias?: number,
      alpha?: number,
      beta?: number,
    ): Typed<ShapeOf<A>, DtypeOf<A>>;
    logSoftmax<A extends Any>(this: A, axis?: number): Typed<ShapeOf<A>, DtypeOf<A>>;
    matMul<A extends Any, B extends Any, const TA extends boolean = false, const TB extends boolean = false>(
      this: A,
      b: Checked<B, MatMul<ShapeOf<A>, ShapeOf<B>, TA, TB>>,
      transposeA?: TA,
      transposeB?: TB,
    ): Typed<Shaped<MatMul<ShapeOf<A>, ShapeOf<B>, TA, TB>>, Upcast<DtypeOf<A>, DtypeOf<B>>>;
    maxPool<A extends Any>(this: A, size: Size, strides: Size, pad: Pads): Typed<number[], DtypeOf<A>>;
    mirrorPad<A extends Any>(
      this: A,
      paddings: [number, number][],
      mode: "reflect" | "symmetric",
    ): Typed<number[], DtypeOf<A>>;
    norm<A extends Any>(
      this: A,
      ord?: number | "euclidean" | "fro",
      axis?: number | number[],
      keepDims?: boolean,
    ): Typed<number[], DtypeOf<A>>;
    oneHot<A extends Any, const N extends number>(
      this: A,
      depth: N,
      onValue?: number,
      offValue?: number,
    ): Typed<[...ShapeOf<A>, ...Written<[N]>], "int32">;
    pad<A extends Any, const P extends readonly (readonly [number, number])[]>(
      this: A,
      paddings: P,
      value?: number,
    ): Typed<Pad<ShapeOf<A>, P>, DtypeOf<A>>;
    pool<A extends Any>(
      this: A,
      size: Size,
      kind: "avg" | "max",
      pad: Pads,
      dilation?: Size,
      strides?: Size,
    ): Typed<number[], DtypeOf<A>>;
    prelu<A extends Any>(this: A, alpha: Any | TensorLike): Typed<ShapeOf<A>, DtypeOf<A>>;
    reshape<A extends Any, const S extends Lengths>(
      this: A,
      shape: Checked<S, Reshape<ShapeOf<A>, Written<S>>>,
    ): Typed<Shaped<Reshape<ShapeOf<A>, Written<S>>>, DtypeOf<A>>;
    reshapeAs<A extends Any, B extends Any>(this: A, x: B): Typed<ShapeOf<B>, DtypeOf<A>>;
    resizeBilinear<A extends Any>(
      this: A,
      size: [number, number],
      alignCorners?: boolean,
      halfPixelCenters?: boolean,
    ): Typed<number[], DtypeOf<A>>;
    resizeNearestNeighbor<A extends Any>(
      this: A,
      size: [number, number],
      alignCorners?: boolean,
      halfPixelCenters?: boolean,
    ): Typed<number[], DtypeOf<A>>;
    reverse<A extends Any>(this: A, axis?: number | number[]): Typed<ShapeOf<A>, DtypeOf<A>>;
    rfft<A extends Any>(this: A): Typed<number[], "complex64">;
    separableConv2d<A extends Any>(
      this: A,
      depthwise: Any,
      pointwise: Any,
      strides: Size,
      pad: "valid" | "same",
      dilation?: Size,
    ): Typed<number[], DtypeOf<A>>;
    slice<A extends Any, const B extends PerAxis, const S extends PerAxis = undefined>(
      this: A,
      begin: Checked<B, Inside<ShapeOf<A>, B, S>>,
      size?: S,
    ): Typed<Slice<ShapeOf<A>, B, S>, DtypeOf<A>>;
    softmax<A extends Any>(this: A, axis?: number): Typed<ShapeOf<A>, DtypeOf<A>>;
    spaceToBatchND<A extends Any>(this: A, blockShape: number[], paddings: number[][]): Typed<number[], DtypeOf<A>>;
    split<A extends Any, const N extends number | Lengths, const X extends number = 0>(
      this: A,
      parts: Checked<N, N extends number ? Split<ShapeOf<A>, N, X> : []>,
      axis?: X,
    ): Typed<N extends number ? Shaped<Split<ShapeOf<A>, N, X>> : Blank<ShapeOf<A>>, DtypeOf<A>>[];
    squeeze<A extends Any, const X extends Lengths | undefined = undefined>(
      this: A,
      axes?: Checked<X, HasAxes<"squeeze", ShapeOf<A>, X>>,
    ): Typed<Squeeze<ShapeOf<A>, X>, DtypeOf<A>>;
    stack<A extends Any>(this: A, x: Any | readonly Any[], axis?: number): Typed<number[], DtypeOf<A>>;
    step<A extends Any>(this: A, alpha?: number): Typed<ShapeOf<A>, DtypeOf<A>>;
    stridedSlice<A extends Any>(
      this: A,
      begin: number[],
      end: number[],
      strides?: number[],
      ...masks: number[]
    ): Typed<number[], DtypeOf<A>>;
    tile<A extends Any, const T extends Lengths>(this: A, repeats: T): Typed<Tile<ShapeOf<A>, T>, DtypeOf<A>>;
    toFloat<A extends Any>(this: A): Typed<ShapeOf<A>, "float32">;
    toInt<A extends Any>(this: A): Typed<ShapeOf<A>, "int32">;
    topk<A extends Any>(
      this: A,
      k?: number,
      sorted?: boolean,
    ): { values: Typed<number[], DtypeOf<A>>; indices: Typed<number[], "int32"> };
    transpose<A extends Any, const P extends Lengths | undefined = undefined>(
      this: A,
      order?: Checked<P, Permutes<ShapeOf<A>, P>>,
    ): Typed<Transpose<ShapeOf<A>, P>, DtypeOf<A>>;
    unique<A extends Any>(
      this: A,
      axis?: number,
    ): { values: Typed<number[], DtypeOf<A>>; indices: Typed<number[], "int32"> };
    unsortedSegmentSum<A extends Any>(this: A, segments: Any | TensorLike, count: number): Typed<number[], DtypeOf<A>>;
    unstack<A extends Any, const X extends number = 0>(
      this: A,
      axis?: Checked<X, HasAxes<"unstack", ShapeOf<A>, X>>,
    ): Typed<Open<ShapeOf<A>> extends true ? number[] : Drop<ShapeOf<A>, Place<ShapeOf<A>, X>>, DtypeOf<A>>[];
    where<A extends Any>(this: A, condition: Any | TensorLike, x: Any | TensorLike): Typed<ShapeOf<A>, DtypeOf<A>>;
  }
}
