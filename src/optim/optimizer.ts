import type { Tensor, Variable } from "../runtime/tf.js";
import type { LearningRate } from "./learning-rate.js";

/** What an optimizer needs to know of a weight; a model's `Parameter` is one. */
export interface Trainable {
  readonly path: string;
  readonly variable: Variable;
}

/**
 * A rule that moves weights against their gradients, with its memory of earlier steps. The memory belongs to the weights: the
 * same optimizer given to `fit` again goes on where it was, in its schedule, too; given another model, it starts afresh there. Weights
 * that join later, unfrozen, are where the others are in the schedule, and at the beginning in all else.
 */
export interface Optimizer {
  /** As the user wrote it: `adam(0.001)`. */
  readonly label: string;
  /** A number or a schedule; may be set between steps. */
  learningRate: LearningRate;
  /** One step: every parameter moves by its gradient, `gradients[i]` shaped as `parameters[i]`. Throws ValueError, ShapeError. */
  step(parameters: readonly Trainable[], gradients: readonly Tensor[]): void;
  /** Makes the memory for these parameters, which their first step would make. Throws ValueError on a group without any of them. */
  prepare(parameters: readonly Trainable[]): void;
  /** The memory for these parameters by name, `layers.0.weight.mean`; empty before their first step. Not copies. */
  state(parameters: readonly Trainable[]): ReadonlyMap<string, Tensor>;
  /** The number of steps these parameters have made: the most of any, where some were frozen for a while. */
  steps(parameters: readonly Trainable[]): number;
  /** The learning rate of their next step. Throws ValueError, which names the step, where a schedule gives none. */
  nextLearningRate(parameters: readonly Trainable[]): number;
  /** An epoch of these parameters has ended with this loss, of the validation where there was one: schedules may heed it. */
  endEpoch(parameters: readonly Trainable[], loss: number): void;
  /**
   * Gives these parameters the memory that {@link state} told of after so many `steps`: of all of them, or one number for each.
   * Without any memory and steps they begin anew. Throws ValueError on a name too many or missing and ShapeError on another
   * shape; then the memory is as it was.
   */
  restore(
    parameters: readonly Trainable[],
    state: ReadonlyMap<string, Tensor>,
    steps: number | readonly number[],
  ): void;
}
