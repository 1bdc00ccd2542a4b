import { RuntimeError, ShapeError, ValueError } from "../errors.js";
import { afterRun, changeInPlace, fed, isInPlace } from "../runtime/index.js";
import type { Tensor, Variable } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, show } from "../tensor/arguments.js";
import { sameShape, showShape } from "../tensor/shape.js";
import { makeVariable } from "../tensor/variable.js";
import { checkGroups, checkMatches, type Grouped, groupsOf, showOptions } from "./groups.js";
import { checkLearningRate, type LearningRate, learningRateAt, showLearningRate } from "./learning-rate.js";
import type { Optimizer, Trainable } from "./optimizer.js";
import type { Rule, Rules } from "./rule.js";
import { checkNames, checkValues, lossesName, stepsOfEach } from "./state.js";

/** Makes the rule, or the rules, that follow these options; `what` is whose they are in messages. Throws ValueError. */
export type Build<O> = (what: string, options: O) => Rule | Rules;

/** How weights of one kind move. */
interface Kind {
  readonly rule: Rule;
  /** Their learning rate is the optimizer's times this. */
  readonly scale: number;
}

interface Memory {
  readonly kind: Kind;
  readonly slots: readonly Variable[];
  step: number;
  /** Of the epochs that have ended, where there is a schedule to heed them. */
  losses: readonly number[];
}

/**
 * The optimizer `name` with these options, of those that are `known`. Throws ValueError on options that cannot be, those of
 * groups included, and on a learning rate below 0.
 */
export function makeOptimizer<O extends Grouped<O>>(
  name: string,
  learningRate: LearningRate,
  options: O,
  known: readonly (keyof O & string)[],
  build: Build<O>,
): Optimizer {
  checkOptions(name, options, [...known, "groups"]);
  const { groups = [] } = options;
  const label = `${name}(${showLearningRate(learningRate)}${Object.keys(options).length > 0 ? `, ${showOptions(options)}` : ""})`;
  checkLearningRate(`${label}: learningRate`, learningRate);
  const rules = build(name, options);
  checkGroups(name, groups, known);
  groups.forEach((group, index) => {
    build(`${name}: groups[${index}]`, { ...options, ...group });
  });
  const built = new Map<string, { readonly rules: Rule | Rules; readonly scale: number }>([["", { rules, scale: 1 }]]);
  const kinds = new Map<Rule, Kind>();
  const kindOf = ({ path, variable }: Trainable): Kind => {
    const mine = groupsOf(groups, path);
    const key = mine.join();
    if (!built.has(key)) {
      const chosen = Object.assign({}, options, ...mine.map((index) => groups[index]));
      built.set(key, { rules: build(name, chosen), scale: chosen.learningRateScale ?? 1 });
    }
    const { rules, scale } = built.get(key)!;
    const rule = typeof rules === "function" ? rules(variable.shape) : rules;
    if (!kinds.has(rule)) kinds.set(rule, { rule, scale });
    return kinds.get(rule)!;
  };
  return new RuleOptimizer(label, learningRate, kindOf, (parameters) => checkMatches(name, groups, parameters));
}

class RuleOptimizer implements Optimizer {
  readonly #memories = new WeakMap<Variable, Memory>();
  readonly #kindOf: (parameter: Trainable) => Kind;
  readonly #check: (parameters: readonly Trainable[]) => void;

  constructor(
    readonly label: string,
    public learningRate: LearningRate,
    kindOf: (parameter: Trainable) => Kind,
    check: (parameters: readonly Trainable[]) => void,
  ) {
    this.#kindOf = kindOf;
    this.#check = check;
  }

  step(parameters: readonly Trainable[], gradients: readonly Tensor[]): void {
    if (parameters.length !== gradients.length) {
      throw new ValueError({
        what: this.label,
        expected: `${parameters.length} gradients, one for each parameter`,
        got: `${gradients.length}`,
      });
    }
    parameters.forEach((parameter, index) => {
      checkGradient(this.label, parameter, gradients[index]);
    });
    this.prepare(parameters);
    const memories = parameters.map(({ variable }) => this.#memories.get(variable)!);
    tf.tidy(() => {
      const scalars = new Map<Memory, Tensor[]>();
      // As PyTorch has it: one place in the schedule for all, but what rules make of the number of a step is each weight's own.
      const rate = () => this.#learningRate(memories);
      for (const alike of together(memories)) {
        const shared = this.#scalars(alike, rate);
        for (const memory of alike) scalars.set(memory, shared);
      }
      parameters.forEach(({ variable }, index) => {
        const memory = memories[index]!;
        move(memory, variable, gradients[index]!, scalars.get(memory)!);
      });
    });
    afterRun(() => {
      for (const memory of memories) memory.step++;
    });
  }

  prepare(parameters: readonly Trainable[]): void {
    const fresh = parameters.filter(({ variable }) => !this.#memories.has(variable));
    if (fresh.length === 0) return;
    this.#check(parameters);
    for (const parameter of fresh) {
      const { variable } = parameter;
      const kind = this.#kindOf(parameter);
      const slots = kind.rule
        .slots(variable.shape)
        .map(({ shape, initial = 0 }) => makeVariable(tf.fill([...shape], initial), false));
      this.#memories.set(variable, { kind, slots, step: 0, losses: [] });
    }
  }

  state(parameters: readonly Trainable[]): ReadonlyMap<string, Tensor> {
    const state = new Map<string, Tensor>(this.#slots(parameters));
    const losses = allLosses(this.#known(parameters));
    if (losses.length > 0) state.set(lossesName, tf.tensor1d([...losses]));
    return state;
  }

  steps(parameters: readonly Trainable[]): number {
    return mostSteps(this.#known(parameters));
  }

  nextLearningRate(parameters: readonly Trainable[]): number {
    return this.#learningRate(this.#known(parameters));
  }

  endEpoch(parameters: readonly Trainable[], loss: number): void {
    if (typeof this.learningRate !== "function") return;
    this.prepare(parameters);
    const memories = this.#known(parameters);
    // As the state keeps it: a run that goes on from there gets the same rates.
    const losses = [...allLosses(memories), Math.fround(loss)];
    for (const memory of memories) memory.losses = losses;
  }

  restore(
    parameters: readonly Trainable[],
    state: ReadonlyMap<string, Tensor>,
    steps: number | readonly number[],
  ): void {
    const each = stepsOfEach(this.label, parameters.length, steps);
    this.prepare(parameters);
    const slots = this.#slots(parameters);
    const isEmpty = state.size === 0 && each.every((step) => step === 0);
    checkNames(this.label, slots, state);
    if (!isEmpty) checkValues(this.label, slots, state);
    const losses = Array.from(state.get(lossesName)?.dataSync() ?? []);
    parameters.forEach(({ variable }, index) => {
      const memory = this.#memories.get(variable)!;
      memory.step = each[index]!;
      memory.losses = losses;
      if (isEmpty) {
        memory.kind.rule.slots(variable.shape).forEach(({ shape, initial = 0 }, index) => {
          tf.tidy(() => memory.slots[index]!.assign(tf.fill([...shape], initial)));
        });
      }
    });
    if (!isEmpty) for (const [name, slot] of slots) tf.tidy(() => slot.assign(state.get(name)!.toFloat().clone()));
  }

  #slots(parameters: readonly Trainable[]): ReadonlyMap<string, Variable> {
    const slots = new Map<string, Variable>();
    for (const { path, variable } of parameters) {
      const memory = this.#memories.get(variable);
      memory?.kind.rule.slots(variable.shape).forEach(({ name }, index) => {
        slots.set(`${path}.${name}`, memory.slots[index]!);
      });
    }
    return slots;
  }

  #known(parameters: readonly Trainable[]): Memory[] {
    return parameters.flatMap(({ variable }) => this.#memories.get(variable) ?? []);
  }

  #learningRate(memories: readonly Memory[]): number {
    return learningRateAt(this.label, this.learningRate, mostSteps(memories), allLosses(memories));
  }

  /** What memories of one kind, with equally many steps behind them, share. */
  #scalars(alike: readonly Memory[], rate: () => number): Tensor[] {
    const [memory] = alike as [Memory];
    const { rule, scale } = memory.kind;
    const numbers = () => {
      // Those that are compiled together stay together, unless they are restored to different steps.
      const parted = alike.find(({ step }) => step !== memory.step);
      if (parted !== undefined) {
        const expected = "weights that have made equally many steps, as when the step was compiled";
        const hint = "Compile the step anew after restore().";
        throw new RuntimeError({ what: this.label, expected, got: `${memory.step} and ${parted.step}`, hint });
      }
      return rule.scalars(memory.step + 1, rate() * scale);
    };
    return tf.unstack(fed([numbers().length], "float32", numbers));
  }
}

function checkGradient(label: string, { path, variable }: Trainable, gradient: unknown): void {
  const what = `${label}: ${path}`;
  const expected = `a gradient ${showShape(variable.shape)}`;
  if (!(gradient instanceof tf.Tensor)) throw new ValueError({ what, expected, got: show(gradient) });
  const { shape, dtype } = gradient;
  if (!sameShape(shape, variable.shape)) throw new ShapeError({ what, expected, got: showShape(shape) });
  if (dtype === "float32") return;
  throw new ValueError({ what, expected: `${expected} of float32`, got: dtype });
}

function mostSteps(memories: readonly Memory[]): number {
  return memories.reduce((most, { step }) => Math.max(most, step), 0);
}

/** What has been heard of epochs: weights that were frozen at first have heard less. */
function allLosses(memories: readonly Memory[]): readonly number[] {
  return memories.reduce<readonly number[]>((most, { losses }) => (losses.length > most.length ? losses : most), []);
}

/** Memories of one kind, with equally many steps behind them: nearly always all. */
function together(memories: readonly Memory[]): Iterable<readonly Memory[]> {
  const groups = new Map<Kind, Map<number, Memory[]>>();
  for (const memory of memories) {
    const ofKind = groups.get(memory.kind) ?? new Map<number, Memory[]>();
    groups.set(memory.kind, ofKind);
    const alike = ofKind.get(memory.step);
    if (alike === undefined) ofKind.set(memory.step, [memory]);
    else alike.push(memory);
  }
  return [...groups.values()].flatMap((ofKind) => [...ofKind.values()]);
}

function move({ kind, slots }: Memory, variable: Variable, gradient: Tensor, scalars: readonly Tensor[]): void {
  const { rule } = kind;
  const inPlace = isInPlace(variable);
  if (inPlace && rule.moveInPlace !== undefined) {
    rule.moveInPlace(variable, gradient, slots, scalars);
    return;
  }
  tf.tidy(() => {
    const [movement, ...moved] = rule.move(variable, gradient, slots, scalars);
    if (inPlace) changeInPlace("ResourceApplyGradientDescent", [variable], [tf.scalar(1), movement!]);
    else variable.assign(variable.sub(movement!));
    moved.forEach((slot, index) => {
      slots[index]!.assign(slot);
    });
  });
}
