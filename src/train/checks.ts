import { assertNotEmpty } from "../data/arrays.js";
import type { Dataset } from "../data/dataset.js";
import { DataError, ShapeError, ValueError } from "../errors.js";
import { assertModel } from "../nn/assert-model.js";
import type { Model } from "../nn/module.js";
import { show } from "../tensor/arguments.js";
import type { ShowShape } from "../tensor/arithmetic.js";
import { type Shape, sameShape, showShape } from "../tensor/shape.js";
import { checkTargets, type Wanted } from "./targets.js";

/** `unknown` where a data set of examples [J] can be given to a model of inputs [I], as far as the types know; else a message. */
export type Matching<J extends Shape, I extends Shape> =
  Matches<J, I> extends true ? unknown : `expected examples of shape ${ShowShape<I>}, got ${ShowShape<J>}`;

type Matches<J extends Shape, I extends Shape> = number extends J["length"] | I["length"]
  ? true
  : J extends readonly [infer A, ...infer Js extends Shape]
    ? I extends readonly [infer B, ...infer Is extends Shape]
      ? number extends A | B
        ? Matches<Js, Is>
        : A extends B
          ? Matches<Js, Is>
          : false
      : false
    : I extends readonly []
      ? true
      : false;

/**
 * Throws before anything is changed: ValueError where something else than a model and a data set was given, ShapeError where
 * their shapes differ, DataError where the data set is empty, of the wrong kind for the loss, or has labels outside the model's classes.
 */
export function checkData(what: string, model: Model, dataset: Dataset, wanted?: Wanted): void {
  assertModel(what, model);
  assertDataset(what, dataset);
  assertNotEmpty(`${what}: ${dataset.name}`, dataset.size);
  checkInputs(what, model, dataset);
  if (wanted === undefined) return;
  // Of examples that come one after another the first is known; the others are looked at when they come.
  const { name, classes } = dataset;
  const first = { name, size: 1, y: (index: number) => dataset.y(index), ...(classes !== undefined && { classes }) };
  checkTargets(what, model, dataset.sequential === true ? first : dataset, wanted);
}

/** Whether the targets are class indices: one an example, or one a position. */
export function hasClasses(model: Model, dataset: Dataset): boolean {
  const target = dataset.y(0);
  return typeof target === "number" || (model.outputShape.length > 1 && dataset.classes !== undefined);
}

/** Throws ValueError unless it is a data set. */
export function assertDataset(what: string, dataset: Dataset): void {
  if (typeof dataset?.batch === "function" && typeof dataset.size === "number") return;
  const hint =
    (dataset as unknown) instanceof Promise
      ? "Put await before it."
      : "Take one of data.mnist(), text.blocks(…), data.fromArrays(…).";
  throw new ValueError({ what, expected: "a data set", got: show(dataset), hint });
}

function checkInputs(what: string, model: Model, dataset: Dataset): void {
  if (!sameShape(model.inputShape, dataset.inputShape)) {
    throw new ShapeError({
      what,
      expected: `examples of shape ${showShape(model.inputShape)}, which ${model.name} takes`,
      got: `${showShape(dataset.inputShape)} from ${dataset.name}`,
    });
  }
  const example = dataset.x(0);
  const { dtype } = example;
  example.dispose();
  if (model.inputDtype !== "int32" || dtype === "int32") return;
  const hint = "Give rows as Int32Array.";
  throw new DataError({ what, expected: `tokens (int32), which ${model.name} takes`, got: `${dtype} inputs`, hint });
}
