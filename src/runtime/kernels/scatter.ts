/** Values put at places that are given as indices, and taken from where a slice took them. */
import {
  cast,
  Diag,
  type KernelConfig,
  reshape,
  ScatterNd,
  type ScatterNdAttrs,
  type StridedSliceAttrs,
} from "@tensorflow/tfjs-core";
import { int, kernel } from "./run.js";

/** Takes the diagonal that `diag` makes. No kernel of tfjs. */
export const DiagPart = "DiagPart";
/** Puts `dy` where a strided slice took it from a tensor of the attribute `shape`. No kernel of tfjs. */
export const StridedSliceGrad = "StridedSliceGrad";

/** The attributes of a strided slice and the shape of what it is taken from. */
export interface StridedSliceGradAttributes extends StridedSliceAttrs {
  readonly shape: number[];
}

export const scatters: readonly KernelConfig[] = [
  kernel<"indices" | "updates", ScatterNdAttrs>(ScatterNd, ({ indices, updates }, { shape }, run) => {
    // tfjs takes a vector of indices for one place each, TensorFlow for one place.
    const places = indices.rank === 1 ? reshape(indices, [indices.size, 1]) : indices;
    return run("ScatterNd", [places, updates, shape])[0];
  }),
  kernel<"x">(Diag, ({ x }, _, run) =>
    x.dtype === "bool" ? cast(run("Diag", [cast(x, "int32")])[0], "bool") : run("Diag", [x])[0],
  ),
  kernel<"x">(DiagPart, ({ x }, _, run) => run("DiagPart", [x])[0]),
  kernel<"dy", StridedSliceGradAttributes>(StridedSliceGrad, ({ dy }, attributes, run) => {
    const { shape, begin, end, strides } = attributes;
    const masks = [
      int("begin_mask", attributes.beginMask),
      int("end_mask", attributes.endMask),
      int("ellipsis_mask", attributes.ellipsisMask),
      int("new_axis_mask", attributes.newAxisMask),
      int("shrink_axis_mask", attributes.shrinkAxisMask),
    ];
    return run("StridedSliceGrad", [shape, begin, end, strides, dy], masks)[0];
  }),
];
