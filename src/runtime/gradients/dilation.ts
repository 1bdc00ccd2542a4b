/** Morphological dilation: its result is a maximum over a window of pixels and filter, so it gives back to one place of each. */
import {
  add,
  argMax,
  backend_util,
  cast,
  Dilation2D,
  type Dilation2DAttrs,
  Dilation2DBackpropFilter,
  Dilation2DBackpropInput,
  type GradConfig,
  mul,
  oneHot,
  pad,
  reshape,
  slice,
  stack,
  stridedSlice,
  sum,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { gradient, none, run } from "./gradient.js";

type Kept = [x: Tensor, filter: Tensor, dy: Tensor];
const kept = ["x", "filter", "dy"];

export const dilation: readonly GradConfig[] = [
  gradient<Dilation2DAttrs>(Dilation2D, { inputs: ["x", "filter"] }, (dy, [x, filter], attributes) => {
    const inputs = { x: x as Tensor, filter: filter as Tensor, dy };
    return {
      x: () => run(Dilation2DBackpropInput, inputs, attributes),
      filter: () => run(Dilation2DBackpropFilter, inputs, attributes),
    };
  }),
  gradient<Dilation2DAttrs>(Dilation2DBackpropInput, { inputs: kept }, (ddx, saved, attributes) => {
    const [x, filter] = saved as Kept;
    const dy = () => chosen(x, filter, seen(ddx, filter, attributes, 0), attributes);
    return { dy, x: () => none(x), filter: () => none(filter) };
  }),
  gradient<Dilation2DAttrs>(Dilation2DBackpropFilter, { inputs: kept }, (ddw, saved, attributes) => {
    const [x, filter, dy] = saved as Kept;
    // Added to nothing, each value of the filter lies at all places that it is held against.
    const held = () => add(seen(none(x), filter, attributes, 0), laidOut(ddw));
    return {
      dy: () => reshape(chosen(x, filter, held(), attributes), dy.shape),
      x: () => none(x),
      filter: () => none(filter),
    };
  }),
];

/** Of the values at each place of the windows, the one where pixel and filter are largest together. */
function chosen(x: Tensor, filter: Tensor, values: Tensor, attributes: Dilation2DAttrs): Tensor {
  const sums = add(seen(x, filter, attributes, Number.NEGATIVE_INFINITY), laidOut(filter));
  const choice = cast(oneHot(cast(argMax(sums, -1), "int32"), sums.shape.at(-1) as number), "float32");
  return sum(mul(choice, values), -1);
}

/** The filter as it is added to what a window sees: [channels, places of the window]. */
function laidOut(filter: Tensor): Tensor {
  const [rows, columns, channels] = filter.shape as [number, number, number];
  const places = Array.from({ length: rows * columns }, (_, place) => [
    Math.floor(place / columns),
    place % columns,
    0,
  ]);
  return stack(
    places.map((begin) => reshape(slice(filter, begin, [1, 1, channels]), [channels])),
    -1,
  );
}

/** What the windows see of an image: [batch, rows, columns, channels, places of the window]. */
function seen(
  x: Tensor,
  filter: Tensor,
  { strides, pad: padding, dilations }: Dilation2DAttrs,
  outside: number,
): Tensor {
  const info = backend_util.computeDilation2DInfo(
    x.shape as never,
    filter.shape as never,
    strides,
    padding,
    "NHWC",
    dilations,
  );
  const { padInfo, outHeight, outWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const { top, bottom, left, right } = padInfo;
  const padded = pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    outside,
  );
  const [rows, columns] = filter.shape as [number, number];
  const views = Array.from({ length: rows * columns }, (_, place) => {
    const row = Math.floor(place / columns) * dilationHeight;
    const column = (place % columns) * dilationWidth;
    const end = [row + (outHeight - 1) * strideHeight + 1, column + (outWidth - 1) * strideWidth + 1];
    return stridedSlice(padded, [0, row, column], [x.shape[0] as number, ...end], [1, strideHeight, strideWidth]);
  });
  return stack(views, -1);
}
