import { ShapeError, ValueError } from "../errors.js";
import { afterRun, fed, isInPlace } from "../runtime/index.js";
import type { Tensor, Variable } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { numberIn } from "../tensor/arguments.js";
import { sameShape, showShape } from "../tensor/shape.js";
import { makeVariable } from "../tensor/variable.js";

/** What an optimizer needs to know of a weight; a model's `Parameter` is one. */
export interface Trainable {
  readonly path: string;
  readonly variable: Variable;
}

/**
 * A rule that moves weights against their gradients, with its memory of earlier steps. The memory belongs to the weights:
 * the same optimizer given to `fit` again goes on where it was; given another model, it starts afresh there.
 */
export interface Optimizer {
  /** As the user wrote it: `adam(0.001)`. */
  readonly label: string;
  /** May be set between steps. */
  learningRate: number;
  /** One step: every parameter moves by its gradient, `gradients[i]` shaped as `parameters[i]`. Throws ValueError. */
  step(parameters: readonly Trainable[], gradients: readonly Tensor[]): void;
  /** Makes the memory for these parameters, which their first step would make. */
  prepare(parameters: readonly Trainable[]): void;
  /** The memory for these parameters by name, `layers.0.weight.mean`; empty before their first step. Not copies. */
  state(parameters: readonly Trainable[]): ReadonlyMap<string, Variable>;
  /** The number of steps these parameters have made. */
  steps(parameters: readonly Trainable[]): number;
  /**
   * Gives these parameters a memory that {@link state} told, after so many steps. Throws ValueError and ShapeError where it is not
   * theirs; then nothing has changed.
   */
  restore(parameters: readonly Trainable[], state: ReadonlyMap<string, Tensor>, step: number): void;
}

/** How one weight moves: everything that tells one optimizer from another. */
export interface Rule {
  /** Names of the tensors remembered for each weight, each shaped as the weight and zero at first. */
  readonly slots: readonly string[];
  /**
   * The numbers of step `step` (counted from 1), computed in float64; `move` gets them as tensors, made once for all weights.
   */
  scalars(step: number, learningRate: number): readonly number[];
  /** The weight and its slots after the step. */
  move(weight: Tensor, gradient: Tensor, slots: readonly Tensor[], scalars: readonly Tensor[]): readonly Tensor[];
  /** The same with TensorFlow's own operations, which change weight and slots in one pass over them. */
  moveInPlace(weight: Variable, gradient: Tensor, slots: readonly Variable[], scalars: readonly Tensor[]): void;
}

interface Memory {
  step: number;
  readonly slots: readonly Variable[];
}

/** An optimizer that follows `rule`. Throws ValueError on a learning rate below 0. */
export function makeOptimizer(label: string, learningRate: number, rule: Rule): Optimizer {
  numberIn(`${label}: rate`, learningRate, 0);
  return new RuleOptimizer(label, learningRate, rule);
}

class RuleOptimizer implements Optimizer {
  readonly #memories = new WeakMap<Variable, Memory>();
  readonly #rule: Rule;

  constructor(
    readonly label: string,
    public learningRate: number,
    rule: Rule,
  ) {
    this.#rule = rule;
  }

  step(parameters: readonly Trainable[], gradients: readonly Tensor[]): void {
    if (parameters.length !== gradients.length) {
      throw new ValueError({
        what: this.label,
        expected: `${parameters.length} gradients, one for each parameter`,
        got: `${gradients.length}`,
      });
    }
    const memories = parameters.map(({ variable }) => this.#memory(variable));
    tf.tidy(() => {
      // Parameters that have seen equally many steps share their scalars: nearly always all of them.
      const scalars = new Map<number, Tensor[]>();
      parameters.forEach(({ variable }, index) => {
        const memory = memories[index]!;
        if (!scalars.has(memory.step)) scalars.set(memory.step, this.#scalars(memory));
        this.#move(variable, gradients[index]!, memory, scalars.get(memory.step)!);
      });
    });
    afterRun(() => {
      for (const memory of memories) memory.step++;
    });
  }

  prepare(parameters: readonly Trainable[]): void {
    for (const { variable } of parameters) this.#memory(variable);
  }

  state(parameters: readonly Trainable[]): ReadonlyMap<string, Variable> {
    const state = new Map<string, Variable>();
    for (const { path, variable } of parameters) {
      this.#memories.get(variable)?.slots.forEach((slot, index) => {
        state.set(`${path}.${this.#rule.slots[index]}`, slot);
      });
    }
    return state;
  }

  steps(parameters: readonly Trainable[]): number {
    return Math.max(0, ...parameters.map(({ variable }) => this.#memories.get(variable)?.step ?? 0));
  }

  restore(parameters: readonly Trainable[], state: ReadonlyMap<string, Tensor>, step: number): void {
    const { slots } = this.#rule;
    const names = parameters.map(({ path }) => slots.map((slot) => `${path}.${slot}`));
    const known = new Set(names.flat());
    const unknown = [...state.keys()].find((name) => !known.has(name));
    if (unknown !== undefined) {
      throw new ValueError({
        what: this.label,
        expected: `a memory of ${slots.join(", ") || "nothing"}`,
        got: `'${unknown}'`,
      });
    }
    parameters.forEach(({ variable }, index) => {
      for (const name of names[index]!) {
        const value = state.get(name);
        if (value === undefined)
          throw new ValueError({ what: this.label, expected: `a memory of '${name}'`, got: "none" });
        if (!sameShape(value.shape, variable.shape)) {
          const got = showShape(value.shape);
          throw new ShapeError({ what: `${this.label}: ${name}`, expected: showShape(variable.shape), got });
        }
      }
    });
    parameters.forEach(({ variable }, index) => {
      const memory = this.#memory(variable);
      memory.step = step;
      memory.slots.forEach((slot, place) => {
        tf.tidy(() => slot.assign(state.get(names[index]![place]!)!.clone()));
      });
    });
  }

  #scalars(memory: Memory): Tensor[] {
    const numbers = () => this.#rule.scalars(memory.step + 1, this.learningRate);
    return tf.unstack(fed([numbers().length], "float32", numbers));
  }

  #move(variable: Variable, gradient: Tensor, { slots }: Memory, scalars: readonly Tensor[]): void {
    if (isInPlace(variable)) {
      this.#rule.moveInPlace(variable, gradient, slots, scalars);
      return;
    }
    tf.tidy(() => {
      const [weight, ...moved] = this.#rule.move(variable, gradient, slots, scalars);
      variable.assign(weight!);
      moved.forEach((slot, index) => {
        slots[index]!.assign(slot);
      });
    });
  }

  #memory(variable: Variable): Memory {
    const known = this.#memories.get(variable);
    if (known !== undefined) return known;
    const slots = this.#rule.slots.map(() => makeVariable(tf.zeros(variable.shape), false));
    const memory = { step: 0, slots };
    this.#memories.set(variable, memory);
    return memory;
  }
}
