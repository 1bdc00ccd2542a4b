/** Images resized, turned and cut out. */
import {
  add,
  CropAndResize,
  type CropAndResizeAttrs,
  div,
  type GradConfig,
  gather,
  greaterEqual,
  image as images2D,
  lessEqual,
  linspace,
  logicalAnd,
  mul,
  ResizeBilinear,
  ResizeBilinearGrad,
  ResizeNearestNeighbor,
  ResizeNearestNeighborGrad,
  RotateWithOffset,
  type RotateWithOffsetAttrs,
  reshape,
  scalar,
  slice,
  sub,
  type Tensor,
  type Tensor4D,
  Transform,
  type TransformAttrs,
  tile,
  where,
} from "@tensorflow/tfjs-core";
import { nearest, type ResizeAttributes, rotation } from "../kernels/images.js";
import { byFormula } from "./formula.js";
import { gradient, none, run } from "./gradient.js";
import { inside, type Places, sample } from "./sampling.js";

type Projection = Pick<TransformAttrs, "interpolation" | "fillMode" | "fillValue"> & { outputShape?: number[] };

export const images: readonly GradConfig[] = [
  ...resizing(ResizeBilinear, ResizeBilinearGrad, images2D.resizeBilinear),
  ...resizing(ResizeNearestNeighbor, ResizeNearestNeighborGrad, images2D.resizeNearestNeighbor),
  byFormula<TransformAttrs>(Transform, ["image", "transforms"], ([image, transforms], attributes) => {
    return project(image as Tensor, transforms as Tensor, attributes);
  }),
  byFormula<RotateWithOffsetAttrs>(RotateWithOffset, ["image"], ([image], attributes) => {
    const turn = rotation((image as Tensor).shape, attributes);
    // What lies outside is not made of the image, so that its colour does not matter.
    return project(image as Tensor, turn, { ...nearest, fillValue: 0 });
  }),
  byFormula<CropAndResizeAttrs>(CropAndResize, ["image", "boxes", "boxInd"], crop),
];

type Resize = (x: Tensor4D, size: [number, number], alignCorners: boolean, halfPixelCenters: boolean) => Tensor4D;

function resizing(there: string, back: string, resize: Resize): GradConfig[] {
  return [
    gradient<ResizeAttributes>(there, { inputs: ["images"] }, (dy, kept, attributes) => ({
      images: () => run(back, { dy, images: kept[0] as Tensor }, attributes),
    })),
    gradient<ResizeAttributes>(back, { inputs: ["dy", "images"] }, (ddx, kept, { alignCorners, halfPixelCenters }) => {
      const [dy, images] = kept as [Tensor, Tensor];
      const size = dy.shape.slice(1, 3) as [number, number];
      return { dy: () => resize(ddx as Tensor4D, size, alignCorners, halfPixelCenters), images: () => none(images) };
    }),
  ];
}

/** `image.transform` in operations that can be derived. */
export function project(
  image: Tensor,
  transforms: Tensor,
  { interpolation, fillMode, fillValue, outputShape }: Projection,
): Tensor {
  const [images, height, width, channels] = image.shape as [number, number, number, number];
  const [rows, columns] = (outputShape ?? [height, width]) as [number, number];
  const each = transforms.shape[0] === images ? transforms : tile(transforms, [images, 1]);
  const factor = (i: number) => slice(each, [0, i], [images, 1]);
  const y = reshape(tile(reshape(linspace(0, rows - 1, rows), [rows, 1]), [1, columns]), [1, rows * columns]);
  const x = tile(reshape(linspace(0, columns - 1, columns), [1, columns]), [1, rows]);
  const plane = (i: number, constant: Tensor) => add(add(mul(factor(i), x), mul(factor(i + 1), y)), constant);
  const depth = plane(6, scalar(1));
  const places: Places = {
    row: inside(div(plane(3, factor(5)), depth), height, fillMode),
    column: inside(div(plane(0, factor(2)), depth), width, fillMode),
  };
  return reshape(sample(image, places, interpolation, fillValue), [images, rows, columns, channels]);
}

/** `image.cropAndResize` in operations that can be derived. */
function crop(
  [image, boxes, boxInd]: readonly Tensor[],
  { cropSize, method, extrapolationValue }: CropAndResizeAttrs,
): Tensor {
  const pictures = gather(image as Tensor, boxInd as Tensor);
  const [count, height, width, channels] = pictures.shape as [number, number, number, number];
  const [rows, columns] = cropSize;
  const edge = (i: number) => slice(boxes as Tensor, [0, i], [count, 1]);
  const row = spread(edge(0), edge(2), height, rows);
  const column = spread(edge(1), edge(3), width, columns);
  const places: Places = {
    row: reshape(tile(reshape(row, [count, rows, 1]), [1, 1, columns]), [count, rows * columns]),
    column: tile(column, [1, rows]),
  };
  const within = (x: Tensor, size: number) => logicalAnd(greaterEqual(x, 0), lessEqual(x, size - 1));
  const isInside = logicalAnd(within(places.row, height), within(places.column, width));
  const values = sample(pictures, places, method, extrapolationValue);
  const mask = reshape(isInside, [count, rows * columns, 1]);
  return reshape(where(mask, values, scalar(extrapolationValue)), [count, rows, columns, channels]);
}

/** Places from one edge to another, both included; their middle where there is only one. */
function spread(from: Tensor, to: Tensor, size: number, count: number): Tensor {
  const parts = count > 1 ? reshape(linspace(0, 1, count), [1, count]) : scalar(0.5);
  return mul(add(from, mul(sub(to, from), parts)), size - 1);
}
