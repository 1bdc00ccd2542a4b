/** Running sums and products, the largest values, and weighted counts. */
import {
  add,
  Bincount,
  BroadcastTo,
  Cumprod,
  type CumprodAttrs,
  Cumsum,
  type CumsumAttrs,
  cast,
  cumprod,
  cumsum,
  DenseBincount,
  type DenseBincountAttrs,
  div,
  type GradConfig,
  gather,
  greaterEqual,
  less,
  Mean,
  type MeanAttrs,
  maximum,
  minimum,
  mul,
  pad,
  reshape,
  reverse,
  Sum,
  type SumAttrs,
  scalar,
  slice,
  sum,
  type Tensor,
  Tile,
  type TileAttrs,
  TopK,
  UnsortedSegmentSum,
  type UnsortedSegmentSumAttrs,
  util,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { scatterBack } from "./gather.js";
import { gradient, none, stretch, unstretch } from "./gradient.js";

export const reductions: readonly GradConfig[] = [
  gradient<SumAttrs>(Sum, { inputs: ["x"] }, (dy, kept, { axis }) => ({ x: () => ofSum(dy, kept[0] as Tensor, axis) })),
  gradient<MeanAttrs>(Mean, { inputs: ["x"] }, (dy, kept, { axis }) => {
    const [x] = kept as [Tensor];
    const count = x.size / dy.size;
    return { x: () => ofSum(div(dy, count), x, axis) };
  }),
  gradient(BroadcastTo, { inputs: ["x"] }, (dy, kept) => ({ x: () => unstretch(dy, (kept[0] as Tensor).shape) })),
  gradient<TileAttrs>(Tile, { inputs: ["x"] }, (dy, kept, { reps }) => ({
    x: () => ofTiles(dy, kept[0] as Tensor, reps),
  })),
  gradient<UnsortedSegmentSumAttrs>(UnsortedSegmentSum, { inputs: ["segmentIds"] }, (dy, kept) => {
    const [segments] = kept as [Tensor];
    return { x: () => ofSegments(dy, segments), segmentIds: () => none(segments) };
  }),
  gradient<CumsumAttrs>(Cumsum, {}, (dy, _, { axis, exclusive, reverse }) => ({
    x: () => cumsum(dy, axis, exclusive, !reverse),
  })),
  gradient<CumprodAttrs>(Cumprod, { inputs: ["x"] }, (dy, kept, attributes) => ({
    x: () => ofProducts(dy, kept[0] as Tensor, attributes),
  })),
  gradient<object, Tensor[]>(TopK, { inputs: ["x"], outputs: [1] }, ([dy], kept) => {
    const [x, indices] = kept as [Tensor, Tensor];
    const last = { axis: x.rank - 1, batchDims: x.rank - 1 };
    return { x: () => scatterBack(dy as Tensor, x.shape, indices, last) };
  }),
  gradient<{ readonly size: number }>(Bincount, { inputs: ["x", "weights"] }, (dy, kept, { size }) => {
    const [x, weights] = kept as [Tensor, Tensor];
    return { weights: () => ofWeights(dy, x, weights, size), x: () => none(x) };
  }),
  gradient<DenseBincountAttrs>(DenseBincount, { inputs: ["x", "weights"] }, (dy, kept, { size, binaryOutput }) => {
    const [x, weights] = kept as [Tensor, Tensor];
    return { weights: () => (binaryOutput ? none(weights) : ofWeights(dy, x, weights, size)), x: () => none(x) };
  }),
];

/** Every value went to the sum of its axes. */
function ofSum(dy: Tensor, x: Tensor, axis: number | number[]): Tensor {
  const axes = util.parseAxisParam(axis, x.shape);
  return stretch(
    reshape(
      dy,
      x.shape.map((length, i) => (axes.includes(i) ? 1 : length)),
    ),
    x.shape,
  );
}

/** Every value went to each of its copies. */
function ofTiles(dy: Tensor, x: Tensor, reps: readonly number[]): Tensor {
  const copies = reps.flatMap((count, axis) => [count, x.shape[axis] as number]);
  return reshape(
    sum(
      reshape(dy, copies),
      reps.map((_, axis) => 2 * axis),
    ),
    x.shape,
  );
}

/** Every row went to the sum of its segment, or was dropped where that is negative. */
function ofSegments(dy: Tensor, segments: Tensor): Tensor {
  const zero = scalar(0, "int32");
  const rows = gather(dy, maximum(segments, zero));
  const isKept = reshape(greaterEqual(segments, zero), [
    ...segments.shape,
    ...Array(rows.rank - segments.rank).fill(1),
  ]);
  return mul(rows, cast(isKept, "float32"));
}

/** Each weight went to the count of its value; values from `size` on are not counted. */
function ofWeights(dy: Tensor, x: Tensor, weights: Tensor, size: number): Tensor {
  if (weights.size === 0) return none(weights);
  const last = minimum(x, scalar(size - 1, "int32"));
  const taken = gather(dy, last, x.rank - 1, x.rank - 1);
  return reshape(where(less(x, scalar(size, "int32")), taken, zerosLike(taken)), weights.shape);
}

/**
 * The gradient of a running product without a division, so that it is right at zeros too, and derived again: that of x[i] is the
 * product of what comes before it, times the sum over all later results of dy times what comes in between. The sum obeys
 * `sum[i] = dy[i] + x[i + 1] · sum[i + 1]`, which is solved by doubling, in log₂(length) steps.
 */
function ofProducts(dy: Tensor, x: Tensor, { axis, exclusive, reverse: backwards }: CumprodAttrs): Tensor {
  const [along = 0] = util.parseAxisParam(axis, x.shape);
  const turn = (y: Tensor) => (backwards ? reverse(y, along) : y);
  const later = (y: Tensor, steps: number, fill: number) => shift(y, along, steps, fill);
  const [factors, own] = [turn(x), turn(dy)];
  let sums = exclusive ? later(own, 1, 0) : own;
  let between = later(factors, 1, 0);
  for (let steps = 1; steps < (x.shape[along] as number); steps *= 2) {
    sums = add(sums, mul(between, later(sums, steps, 0)));
    between = mul(between, later(between, steps, 0));
  }
  return turn(mul(cumprod(factors, along, true), sums));
}

/** The values that come `steps` later along an axis, and `fill` behind the end. */
function shift(x: Tensor, axis: number, steps: number, fill: number): Tensor {
  const length = x.shape[axis] as number;
  const begin = x.shape.map((_, i) => (i === axis ? Math.min(steps, length) : 0));
  const rest = slice(
    x,
    begin,
    x.shape.map((size, i) => size - (begin[i] as number)),
  );
  return pad(
    rest,
    x.shape.map((_, i) => [0, begin[i] as number]),
    fill,
  );
}
