/** Optimizers that keep an average of the weights beside them. */
import { ValueError } from "../errors.js";
import { afterRun, changeInPlace, fed, isInPlace } from "../runtime/index.js";
import type { Tensor, Variable } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, numberIn, positiveInteger, show } from "../tensor/arguments.js";
import { makeVariable } from "../tensor/variable.js";
import type { Optimizer, Trainable } from "./optimizer.js";
import type { Rate } from "./rate.js";
import { checkValues } from "./state.js";

/** An optimizer that keeps an average of each weight it moves: `layers.0.weight.average` in its state. */
export interface Averaging extends Optimizer {
  /**
   * Weights and averages change places; the second time they are back, to the bit. Weights without an average stay. Throws
   * ValueError when there is none at all.
   */
  swap(model: Averaged): void;
  /** What `work` gives while the model has the averages for weights. It is not to be trained meanwhile. Throws what `work` throws. */
  withAverages<T>(model: Averaged, work: () => Promise<T>): Promise<T>;
  withAverages<T>(model: Averaged, work: () => T): T;
}

/** A model, or whatever has weights. */
export interface Averaged {
  readonly parameters: readonly Trainable[];
}

/** What {@link ema} takes besides the optimizer. */
export interface EmaOptions {
  /** How much of the average stays in each step, 0 … 1. Default 0.999. */
  readonly decay?: number;
}

/** What {@link swa} takes besides the optimizer. */
export interface SwaOptions {
  /** The number of steps before the first one whose weights are averaged. Default 0. */
  readonly from?: number;
  /** Every so many steps the weights are taken into the average. Default 1. */
  readonly every?: number;
}

/**
 * `optimizer`, with an exponential moving average of the weights: after the first step the weights, then `decay` of it and the
 * rest of the weights, as `torch.optim.swa_utils.get_ema_multi_avg_fn` and Keras's `use_ema`. Throws ValueError.
 */
export function ema(optimizer: Optimizer, options: EmaOptions = {}): Averaging {
  checkOptions("ema", options, ["decay"]);
  const { decay = 0.999 } = options;
  numberIn("ema: decay", decay, 0, 1);
  checkOptimizer("ema", optimizer);
  return new AveragingOptimizer(`ema(${optimizer.label}, { decay: ${decay} })`, optimizer, (step) =>
    step === 1 ? 1 : 1 - decay,
  );
}

/**
 * `optimizer`, with the mean of the weights of all steps, or some of them (arXiv 1803.05407), as
 * `torch.optim.swa_utils.AveragedModel`. Throws ValueError.
 */
export function swa(optimizer: Optimizer, options: SwaOptions = {}): Averaging {
  checkOptions("swa", options, ["from", "every"]);
  const { from = 0, every = 1 } = options;
  if (from !== 0) positiveInteger("swa: from", from);
  positiveInteger("swa: every", every);
  checkOptimizer("swa", optimizer);
  return new AveragingOptimizer(`swa(${optimizer.label}, { from: ${from}, every: ${every} })`, optimizer, (step) => {
    const after = step - from - 1;
    // Until there is something to average, the average is the weights.
    if (after < 0) return 1;
    return after % every === 0 ? 1 / (after / every + 1) : 0;
  });
}

function checkOptimizer(what: string, optimizer: Optimizer): void {
  if (optimizer instanceof AveragingOptimizer) {
    throw new ValueError({ what, expected: "an optimizer without averages", got: optimizer.label });
  }
  if (typeof optimizer?.step === "function" && "learningRate" in optimizer) return;
  throw new ValueError({ what, expected: "an optimizer", got: show(optimizer), hint: "Write optim.adam(1e-3)." });
}

interface Memory {
  step: number;
  readonly average: Variable;
}

class AveragingOptimizer implements Averaging {
  readonly #memories = new WeakMap<Variable, Memory>();
  readonly #optimizer: Optimizer;
  /** How much of the weights goes into the average in a step, counted from 1. */
  readonly #share: (step: number) => number;

  constructor(
    readonly label: string,
    optimizer: Optimizer,
    share: (step: number) => number,
  ) {
    this.#optimizer = optimizer;
    this.#share = share;
  }

  get learningRate(): Rate {
    return this.#optimizer.learningRate;
  }

  set learningRate(rate: Rate) {
    this.#optimizer.learningRate = rate;
  }

  step(parameters: readonly Trainable[], gradients: readonly Tensor[]): void {
    this.#optimizer.step(parameters, gradients);
    this.prepare(parameters);
    const memories = parameters.map(({ variable }) => this.#memories.get(variable)!);
    tf.tidy(() => {
      const shares = new Map<number, Tensor>();
      parameters.forEach(({ variable }, index) => {
        const memory = memories[index]!;
        const share = shares.get(memory.step) ?? fed([], "float32", () => [this.#share(memory.step + 1)]);
        shares.set(memory.step, share);
        approach(memory.average, variable, share);
      });
    });
    afterRun(() => {
      for (const memory of memories) memory.step++;
    });
  }

  prepare(parameters: readonly Trainable[]): void {
    this.#optimizer.prepare(parameters);
    for (const { variable } of parameters) {
      if (this.#memories.has(variable)) continue;
      this.#memories.set(variable, { step: 0, average: makeVariable(tf.zeros(variable.shape), false) });
    }
  }

  state(parameters: readonly Trainable[]): ReadonlyMap<string, Tensor> {
    return new Map([...this.#optimizer.state(parameters), ...this.#averages(parameters)]);
  }

  steps(parameters: readonly Trainable[]): number {
    return this.#optimizer.steps(parameters);
  }

  rate(parameters: readonly Trainable[]): number {
    return this.#optimizer.rate(parameters);
  }

  endEpoch(parameters: readonly Trainable[], loss: number): void {
    this.#optimizer.endEpoch(parameters, loss);
  }

  restore(parameters: readonly Trainable[], state: ReadonlyMap<string, Tensor>, step: number): void {
    this.prepare(parameters);
    const averages = this.#averages(parameters);
    const isEmpty = step === 0 && state.size === 0;
    if (!isEmpty) checkValues(this.label, averages, state);
    const others = new Map([...state].filter(([name]) => !averages.has(name)));
    this.#optimizer.restore(parameters, others, step);
    for (const { variable } of parameters) this.#memories.get(variable)!.step = step;
    if (!isEmpty) for (const [name, average] of averages) put(average, state.get(name)!);
  }

  swap({ parameters }: Averaged): void {
    const pairs = parameters.flatMap(({ variable }) => {
      const memory = this.#memories.get(variable);
      return memory === undefined || memory.step === 0 ? [] : [[variable, memory.average] as const];
    });
    if (pairs.length === 0) {
      throw new ValueError({
        what: this.label,
        expected: "a model that it has trained",
        got: "weights without averages",
      });
    }
    tf.tidy(() => {
      for (const [weight, average] of pairs) {
        const before = weight.clone();
        put(weight, average);
        put(average, before);
      }
    });
  }

  withAverages<T>(model: Averaged, work: () => Promise<T>): Promise<T>;
  withAverages<T>(model: Averaged, work: () => T): T;
  withAverages<T>(model: Averaged, work: () => T | Promise<T>): T | Promise<T> {
    this.swap(model);
    let result: T | Promise<T> | undefined;
    try {
      result = work();
      return result instanceof Promise ? result.finally(() => this.swap(model)) : result;
    } finally {
      if (!(result instanceof Promise)) this.swap(model);
    }
  }

  #averages(parameters: readonly Trainable[]): ReadonlyMap<string, Variable> {
    const averages = new Map<string, Variable>();
    for (const { path, variable } of parameters) {
      const memory = this.#memories.get(variable);
      if (memory !== undefined) averages.set(`${path}.average`, memory.average);
    }
    return averages;
  }
}

/** average ← average − share × (average − weight). */
function approach(average: Variable, weight: Variable, share: Tensor): void {
  tf.tidy(() => {
    const difference = average.sub(weight);
    if (isInPlace(average)) changeInPlace("ResourceApplyGradientDescent", [average], [share, difference]);
    else average.assign(average.sub(difference.mul(share)));
  });
}

function put(variable: Variable, value: Tensor): void {
  tf.tidy(() => variable.assign(value.clone()));
}
