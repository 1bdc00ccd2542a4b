/** Optimizers that keep an average of the weights beside them. */
import { ValueError } from "../errors.js";
import { afterRun, fed } from "../runtime/index.js";
import type { Tensor, Variable } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, nonNegativeInteger, numberIn, positiveInteger, show } from "../tensor/arguments.js";
import { makeVariable } from "../tensor/variable.js";
import type { LearningRate } from "./learning-rate.js";
import type { Optimizer, Trainable } from "./optimizer.js";
import { checkValues, stepsOfEach } from "./state.js";

/** An optimizer that keeps an average of each weight it moves: `layers.0.weight.average` in its state. */
export interface Averaging extends Optimizer {
  /**
   * Weights and averages change places; the second time they are back, to the bit. What has no average stays, also the running
   * statistics of batchNorm: those are of the weights as they were trained, and a model with batchNorm needs new ones before it
   * is judged by its averages (PyTorch's `update_bn`): some batches through it as in training. Throws ValueError when there is no
   * average at all.
   */
  swap(model: Averaged): void;
  /** What `work` gives while the model has the averages for weights. It is not to be trained meanwhile. Throws what `work` throws. */
  withAverages<T>(model: Averaged, work: () => PromiseLike<T>): Promise<T>;
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
  nonNegativeInteger("swa: from", from);
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
  /** How many steps have gone into the average: fewer than the optimizer's, if that has made some before. */
  step: number;
  readonly average: Variable;
}

const averageName = (path: string) => `${path}.average`;
/** Only where it is not the number of the optimizer's steps. */
const stepsName = (path: string) => `${path}.averageSteps`;

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

  get learningRate(): LearningRate {
    return this.#optimizer.learningRate;
  }

  set learningRate(rate: LearningRate) {
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
    const state = new Map([...this.#optimizer.state(parameters), ...this.#averages(parameters)]);
    for (const parameter of parameters) {
      const step = this.#memories.get(parameter.variable)?.step;
      if (step === undefined || step === this.#optimizer.steps([parameter])) continue;
      state.set(stepsName(parameter.path), tf.scalar(step, "int32"));
    }
    return state;
  }

  steps(parameters: readonly Trainable[]): number {
    return this.#optimizer.steps(parameters);
  }

  nextLearningRate(parameters: readonly Trainable[]): number {
    return this.#optimizer.nextLearningRate(parameters);
  }

  endEpoch(parameters: readonly Trainable[], loss: number): void {
    this.#optimizer.endEpoch(parameters, loss);
  }

  restore(
    parameters: readonly Trainable[],
    state: ReadonlyMap<string, Tensor>,
    steps: number | readonly number[],
  ): void {
    const each = stepsOfEach(this.label, parameters.length, steps);
    this.prepare(parameters);
    const averages = this.#averages(parameters);
    const isEmpty = state.size === 0 && each.every((step) => step === 0);
    if (!isEmpty) checkValues(this.label, averages, state);
    const own = new Set(parameters.flatMap(({ path }) => [averageName(path), stepsName(path)]));
    const others = new Map([...state].filter(([name]) => !own.has(name)));
    this.#optimizer.restore(parameters, others, each);
    parameters.forEach(({ path, variable }, index) => {
      const memory = this.#memories.get(variable)!;
      memory.step = state.get(stepsName(path))?.dataSync()[0] ?? each[index]!;
      if (isEmpty) tf.tidy(() => memory.average.assign(tf.zerosLike(memory.average)));
      else put(memory.average, state.get(averageName(path))!);
    });
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

  withAverages<T>(model: Averaged, work: () => PromiseLike<T>): Promise<T>;
  withAverages<T>(model: Averaged, work: () => T): T;
  withAverages<T>(model: Averaged, work: () => T | PromiseLike<T>): T | Promise<T> {
    this.swap(model);
    let later = false;
    try {
      const result = work();
      later = isThenable(result);
      return isThenable(result) ? Promise.resolve(result).finally(() => this.swap(model)) : result;
    } finally {
      if (!later) this.swap(model);
    }
  }

  #averages(parameters: readonly Trainable[]): ReadonlyMap<string, Variable> {
    const averages = new Map<string, Variable>();
    for (const { path, variable } of parameters) {
      const memory = this.#memories.get(variable);
      if (memory !== undefined) averages.set(averageName(path), memory.average);
    }
    return averages;
  }
}

/** average ← average − share × (average − weight), which would round where all of the weight is to be taken. */
function approach(average: Variable, weight: Variable, share: Tensor): void {
  tf.tidy(() => {
    const nearer: Tensor = average.sub(average.sub(weight).mul(share));
    average.assign(tf.where<Tensor>(share.greaterEqual(1), weight, nearer));
  });
}

/** Whether a value is a promise, of whatever kind. */
function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === "function";
}

function put(variable: Variable, value: Tensor): void {
  tf.tidy(() => variable.assign(value.clone()));
}
