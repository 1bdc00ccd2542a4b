import { ShapeError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import { type Shape, sameShape, showShape } from "../../tensor/shape.js";
import { requireLabels } from "./arguments.js";

/** What one of several losses takes of a row of targets. */
export interface PartialTargets {
  readonly name: string;
  readonly lossName: string;
  /** Undefined for a function of the user's. */
  readonly targets: Targets | undefined;
  /** What the model gives it for one example. */
  readonly output: Shape;
  /** Of its targets, for one example. */
  readonly shape: Shape;
  /** Where its columns begin, and how many there are. */
  readonly from: number;
  readonly width: number;
  /** Whether they are class indices. */
  readonly areClasses: boolean;
}

/** What targets a loss takes: `fit` holds a data set against it before anything is changed. */
export interface Targets {
  /**
   * "classes": class indices, one a position. "values": numbers. "either": class indices or numbers, told apart by their shape.
   * "any": the loss alone knows.
   */
  readonly kind: "classes" | "values" | "either" | "any";
  /** The shape of the values for one example, from the model's output. Default: the same. */
  readonly shape?: (output: Shape) => Shape;
  /** Where values must lie, both ends included. Default: anywhere. */
  readonly range?: readonly [least: number, most: number];
  /** Values are distributions: along the last axis they sum to 1. */
  readonly distributions?: true;
  /** The class index of positions that do not count. */
  readonly ignored?: number | undefined;
  /** Targets are rows, of which each of several losses takes its part. Throws ValueError before a model is made. */
  readonly parts?: () => readonly PartialTargets[];
  /** Says what is wrong with the targets of one example, where something is. */
  readonly check?: (target: readonly number[], output: Shape) => string | undefined;
}

/** Throws ShapeError unless both have one shape: broadcasting [n, 1] against [n] would train on n² pairs and say nothing. */
export function requireSame(what: string, prediction: Tensor, target: Tensor): void {
  if (sameShape(prediction.shape, target.shape)) return;
  throw new ShapeError({
    what,
    expected: `targets ${showShape(prediction.shape)}, like the predictions`,
    got: showShape(target.shape),
  });
}

/** Whether the targets are shaped as the predictions; if not, they must be class indices. Throws ShapeError. */
export function areValues(what: string, prediction: Tensor, target: Tensor, ignored?: number): boolean {
  if (prediction.rank > 0 && sameShape(prediction.shape, target.shape)) return true;
  requireClasses(what, prediction, target, { otherwise: ", or one value each", ignored });
  return false;
}

/** Throws ShapeError or DataError unless `target: [...]` are class indices of `prediction: [..., classes]`, or the one that is `ignored`. */
export function requireClasses(
  what: string,
  prediction: Tensor,
  target: Tensor,
  { otherwise = "", ignored }: { readonly otherwise?: string; readonly ignored?: number | undefined } = {},
): void {
  const positions = prediction.shape.slice(0, -1);
  if (prediction.rank > 0 && sameShape(positions, target.shape)) {
    requireLabels(what, target, prediction.shape[prediction.rank - 1]!, ignored);
    return;
  }
  throw new ShapeError({
    what,
    expected: `targets ${showShape(positions)} (class indices) for logits ${showShape(prediction.shape)}${otherwise}`,
    got: showShape(target.shape),
  });
}
