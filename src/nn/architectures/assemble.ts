import { ValueError } from "../../errors.js";
import { positiveInteger, show } from "../../tensor/arguments.js";
import type { Shape } from "../../tensor/shape.js";
import type { Model } from "../module.js";
import { Network } from "../network.js";
import { type Buildable, buildStack } from "../stack.js";

/** A part of a model and its name, which begins the paths of its weights. */
export type Part = readonly [name: string, layer: Buildable];

/** What models of parts have in common. */
export interface Assembly<I extends Shape> {
  /** The function that the user called. */
  readonly name: string;
  readonly input: I;
  readonly dtype?: "float32" | "int32";
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number | undefined;
}

/** A model of named parts, one after another. Throws ShapeError, MemoryError. */
export function assemble<I extends Shape, O extends Shape>(
  { name, input, dtype = "float32", seed }: Assembly<I>,
  parts: readonly Part[],
): Model<I, O> {
  return new Network<I, O>({
    name,
    input,
    dtype,
    ...(seed === undefined ? {} : { seed }),
    build: (scope) => buildStack(input, parts, scope),
  });
}

/** Throws ValueError unless `input` is [height, width, channels]. */
export function requireImage(what: string, input: unknown): void {
  if (!Array.isArray(input) || input.length !== 3) {
    throw new ValueError({ what: `${what}: input`, expected: "[height, width, channels]", got: show(input) });
  }
  input.forEach((size, axis) => {
    positiveInteger(`${what}: input, axis ${axis}`, size);
  });
}
