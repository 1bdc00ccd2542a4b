import { ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { Built, Layer } from "./layer.js";
import { forwardMasked } from "./masked.js";
import type { Forward, LayerSummary, Masked } from "./module.js";
import type { Scope } from "./scope.js";
import { watched } from "./watched.js";

/** What a stack needs to know of a layer; a {@link Layer} is one. */
export type Buildable = Pick<Layer, "label" | "build" | "tokens">;

/** Layers one after another, each under its name in `scope`, with a row of summary each. Throws ShapeError, ValueError. */
export function buildStack(
  input: Shape,
  layers: readonly (readonly [name: string, layer: Buildable])[],
  scope: Scope,
): Built & { readonly rows: readonly LayerSummary[] } {
  const rows: LayerSummary[] = [];
  let output = input;
  const parts = layers.map(([name, layer], index) => {
    if (layer.tokens && index > 0) {
      const hint = "It takes tokens, and what comes out of a layer is no longer tokens.";
      throw new ValueError({ what: layer.label, expected: "to be the first layer", got: `layer ${index}`, hint });
    }
    const place = scope.at(name);
    const before = scope.weights.length;
    const built = watched(place.path, layer.build(output, place));
    output = built.output;
    const parameters = scope.weights.slice(before).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    rows.push({ path: place.path, label: layer.label, outputShape: output, parameters, flops: built.flops });
    return built;
  });
  const masked = (x: Tensor, context: Forward): Masked =>
    parts.reduce<Masked>((past, part) => forwardMasked(part, past, context), { value: x, mask: context.mask });
  return {
    output,
    rows,
    flops: parts.reduce((sum, part) => sum + part.flops, 0),
    causal: parts.every((part) => part.causal),
    masked,
    forward: (x, context) => masked(x, context).value,
  };
}

/** A layer of a model, under a name, from what builds it. */
export function named(name: string, label: string, build: Buildable["build"]): readonly [string, Buildable] {
  return [name, { label, build }];
}

/** Layers under their numbers: 0, 1, … */
export function numbered(layers: readonly Buildable[]): (readonly [string, Buildable])[] {
  return layers.map((layer, index) => [String(index), layer] as const);
}
