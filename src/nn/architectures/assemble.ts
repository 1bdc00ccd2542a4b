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
  /** The first axis may be shorter than planned. Default false. */
  readonly shorter?: boolean;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number | undefined;
}

/** A model of named parts, one after another. Throws ShapeError, MemoryError. */
export function assemble<I extends Shape, O extends Shape>(
  { name, input, dtype = "float32", shorter = false, seed }: Assembly<I>,
  parts: readonly Part[],
): Model<I, O> {
  return new Network<I, O>({
    name,
    input,
    dtype,
    shorter,
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

/** The numbers that models of this kind have in common; each must be a whole number above 0. Throws ValueError. */
export function requireSizes<Name extends string>(
  what: string,
  options: Readonly<Record<Name, unknown>>,
  names: readonly Name[],
): void {
  for (const name of names) positiveInteger(`${what}: ${name}`, options[name]);
}
