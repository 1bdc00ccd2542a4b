import { ValueError } from "../errors.js";
import { show } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import type { Input } from "./input.js";
import { assertLayers, type Fitting, type Layer, type Misfit, type OutputOf, type Through } from "./layer.js";
import type { Model } from "./module.js";
import { Network } from "./network.js";
import { buildStack, numbered } from "./stack.js";

/**
 * A model of layers one after another: `sequential(input(784), dense(128), relu(), dense(10))` is a `Model<[784], [10]>`.
 * Weights are named by the layer's place: `layers.0.weight`. A layer that does not fit is an error of types, and ShapeError
 * with the same words at run time. Throws MemoryError before anything is allocated.
 */
export function sequential<I extends Shape, L extends readonly Layer[]>(
  input: Input<I>,
  ...layers: Through<I, L> extends Misfit<string> ? Fitting<I, L> : L
): Model<I, OutputOf<I, L>> {
  const all = layers as readonly Layer[];
  if (!Array.isArray(input?.shape)) {
    const hint = "Start with the shape of one example: sequential(input(28, 28, 1), ...).";
    throw new ValueError({ what: "sequential", expected: "an input first", got: show(input), hint });
  }
  assertLayers("sequential", all);
  if (all.length === 0) throw new ValueError({ what: "sequential", expected: "at least one layer", got: "none" });
  return new Network<I, OutputOf<I, L>>({
    name: "sequential",
    input: input.shape,
    dtype: all[0]!.tokens ? "int32" : "float32",
    build: (scope) => buildStack(input.shape, numbered(all), scope.at("layers")),
  });
}
