/** Images resized, turned, and their places dealt out to channels. */
import {
  add,
  backend_util,
  type KernelConfig,
  mul,
  onesLike,
  ResizeBilinearGrad,
  type ResizeBilinearGradAttrs,
  ResizeNearestNeighborGrad,
  RotateWithOffset,
  type RotateWithOffsetAttrs,
  scalar,
  sub,
  type Tensor,
  Transform,
  type TransformAttrs,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { bool, int, kernel, type Run, text } from "./run.js";

/** Deals squares of places out to channels, as `depthToSpace` makes squares of channels. No kernel of tfjs. */
export const SpaceToDepth = "SpaceToDepth";
/** Adds up what `mirrorPad` mirrored. No kernel of tfjs. */
export const MirrorPadGrad = "MirrorPadGrad";

/** The attributes of a resizing on its way back; tfjs-node knows the first only. */
export type ResizeAttributes = ResizeBilinearGradAttrs & { readonly halfPixelCenters: boolean };

export const images: readonly KernelConfig[] = [
  kernel<"images" | "dy", ResizeAttributes>(ResizeBilinearGrad, ({ images, dy }, attributes, run) => {
    return run("ResizeBilinearGrad", [dy, images], corners(attributes))[0];
  }),
  kernel<"images" | "dy", ResizeAttributes>(ResizeNearestNeighborGrad, ({ images, dy }, attributes, run) => {
    return run("ResizeNearestNeighborGrad", [dy, images.shape.slice(1, 3)], corners(attributes))[0];
  }),
  kernel<"x", { readonly blockSize: number; readonly dataFormat: string }>(
    SpaceToDepth,
    ({ x }, { blockSize, dataFormat }, run) =>
      run("SpaceToDepth", [x], [int("block_size", blockSize), text("data_format", dataFormat)])[0],
  ),
  kernel<"x", { readonly paddings: [number, number][]; readonly mode: string }>(
    MirrorPadGrad,
    ({ x }, { paddings, mode }, run) => run("MirrorPadGrad", [x, paddings], [text("mode", mode.toUpperCase())])[0],
  ),
  kernel<"image" | "transforms", TransformAttrs>(Transform, ({ image, transforms }, attributes, run) =>
    project(image, transforms, attributes, run),
  ),
  kernel<"image", RotateWithOffsetAttrs>(RotateWithOffset, ({ image }, attributes, run) => {
    const turn = (x: Tensor, fillValue: number) =>
      project(x, rotation(image.shape, attributes), { ...nearest, fillValue }, run);
    const { fillValue } = attributes;
    if (typeof fillValue === "number") return turn(image, fillValue);
    const outside = sub(1, turn(onesLike(image), 0));
    // A fourth channel is how opaque a place is.
    return add(turn(image, 0), mul(outside, tensor1d([...fillValue, 255].slice(0, image.shape[3]))));
  }),
];

/** How `rotateWithOffset` looks up its places. */
export const nearest = { interpolation: "nearest", fillMode: "constant" } as const;

/** A turn around a center as a transform of `image.transform`: [1, 8]. */
export function rotation(shape: readonly number[], { radians, center }: RotateWithOffsetAttrs): Tensor {
  const [, height, width] = shape as [number, number, number];
  const [x, y] = backend_util.getImageCenter(center, height, width);
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return tensor2d([[cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos, 0, 0]]);
}

function corners({ alignCorners, halfPixelCenters }: ResizeAttributes) {
  return [bool("align_corners", alignCorners), bool("half_pixel_centers", halfPixelCenters)];
}

type Projection = Omit<TransformAttrs, "outputShape"> & Partial<Pick<TransformAttrs, "outputShape">>;

function project(image: Tensor, transforms: Tensor, attributes: Projection, run: Run): Tensor {
  const { interpolation, fillMode, fillValue, outputShape } = attributes;
  return run(
    "ImageProjectiveTransformV3",
    [image, transforms, outputShape ?? image.shape.slice(1, 3), scalar(fillValue)],
    [text("interpolation", interpolation.toUpperCase()), text("fill_mode", fillMode.toUpperCase())],
  )[0];
}
