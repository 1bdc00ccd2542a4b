import { ValueError } from "../errors.js";
import { afterRun, changeInPlace, fed, isInPlace } from "../runtime/index.js";
import type { Tensor, Variable } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions } from "../tensor/arguments.js";
import { makeVariable } from "../tensor/variable.js";
import { checkGroups, checkMatches, type Grouped, groupsOf, showOptions } from "./groups.js";
import type { Optimizer, Trainable } from "./optimizer.js";
import { checkRate, type Rate, rateAt, showRate } from "./rate.js";
import type { Rule, Rules } from "./rule.js";
import { checkNames, checkStep, checkValues, lossesName } from "./state.js";

/** Makes the rules that follow these options, `what` is whose they are in messages. Throws ValueError. */
export type Build<O> = (what: string, options: O) => Rules;

/** How weights of one kind move. */
interface Kind {
  readonly rule: Rule;
  /** Their rate is the optimizer's times this. */
  readonly factor: number;
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
 * groups included, and on a rate below 0.
 */
export function makeOptimizer<O extends Grouped<O>>(
  name: string,
  rate: Rate,
  options: O,
  known: readonly (keyof O & string)[],
  build: Build<O>,
): Optimizer {
  checkOptions(name, options, [...known, "groups"]);
  const { groups = [] } = options;
  const label = `${name}(${showRate(rate)}${Object.keys(options).length > 0 ? `, ${showOptions(options)}` : ""})`;
  checkRate(`${label}: rate`, rate);
  const rules = build(name, options);
  checkGroups(name, groups, known);
  groups.forEach((group, index) => {
    build(`${name}: groups[${index}]`, { ...options, ...group });
  });
  const built = new Map<string, { readonly rules: Rules; readonly factor: number }>([["", { rules, factor: 1 }]]);
  const kinds = new Map<Rule, Kind>();
  const kindOf = ({ path, variable }: Trainable): Kind => {
    const mine = groupsOf(groups, path);
    const key = mine.join();
    if (!built.has(key)) {
      const chosen = Object.assign({}, options, ...mine.map((index) => groups[index]));
      built.set(key, { rules: build(name, chosen), factor: chosen.rate ?? 1 });
    }
    const { rules, factor } = built.get(key)!;
    const rule = rules(variable.shape);
    if (!kinds.has(rule)) kinds.set(rule, { rule, factor });
    return kinds.get(rule)!;
  };
  return new RuleOptimizer(label, rate, kindOf, (parameters) => checkMatches(name, groups, parameters));
}

class RuleOptimizer implements Optimizer {
  readonly #memories = new WeakMap<Variable, Memory>();
  readonly #kindOf: (parameter: Trainable) => Kind;
  readonly #check: (parameters: readonly Trainable[]) => void;

  constructor(
    readonly label: string,
    public learningRate: Rate,
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
    this.prepare(parameters);
    const memories = parameters.map(({ variable }) => this.#memories.get(variable)!);
    tf.tidy(() => {
      // Parameters of a kind that have seen equally many steps share their scalars: nearly always all of them.
      const scalars = new Map<Kind, Map<number, Tensor[]>>();
      parameters.forEach(({ variable }, index) => {
        const memory = memories[index]!;
        const ofKind = scalars.get(memory.kind) ?? new Map<number, Tensor[]>();
        scalars.set(memory.kind, ofKind);
        if (!ofKind.has(memory.step)) ofKind.set(memory.step, this.#scalars(memory));
        move(memory, variable, gradients[index]!, ofKind.get(memory.step)!);
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
    const losses = this.#losses(parameters);
    if (losses.length > 0) state.set(lossesName, tf.tensor1d([...losses]));
    return state;
  }

  steps(parameters: readonly Trainable[]): number {
    return Math.max(0, ...parameters.map(({ variable }) => this.#memories.get(variable)?.step ?? 0));
  }

  rate(parameters: readonly Trainable[]): number {
    return rateAt(this.label, this.learningRate, this.steps(parameters), this.#losses(parameters));
  }

  endEpoch(parameters: readonly Trainable[], loss: number): void {
    if (typeof this.learningRate !== "function") return;
    this.prepare(parameters);
    for (const { variable } of parameters) {
      const memory = this.#memories.get(variable)!;
      // As the state keeps it: a run that goes on from there gets the same rates.
      memory.losses = [...memory.losses, Math.fround(loss)];
    }
  }

  restore(parameters: readonly Trainable[], state: ReadonlyMap<string, Tensor>, step: number): void {
    checkStep(this.label, step);
    this.prepare(parameters);
    const slots = this.#slots(parameters);
    const isEmpty = step === 0 && state.size === 0;
    checkNames(this.label, slots, state);
    if (!isEmpty) checkValues(this.label, slots, state);
    const losses = Array.from(state.get(lossesName)?.dataSync() ?? []);
    for (const { variable } of parameters) {
      const memory = this.#memories.get(variable)!;
      memory.step = step;
      memory.losses = losses;
      if (isEmpty) {
        memory.kind.rule.slots(variable.shape).forEach(({ shape, initial = 0 }, index) => {
          tf.tidy(() => memory.slots[index]!.assign(tf.fill([...shape], initial)));
        });
      }
    }
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

  #losses(parameters: readonly Trainable[]): readonly number[] {
    const [first] = parameters;
    return (first && this.#memories.get(first.variable)?.losses) ?? [];
  }

  #scalars(memory: Memory): Tensor[] {
    const { rule, factor } = memory.kind;
    const numbers = () => {
      const rate = rateAt(this.label, this.learningRate, memory.step, memory.losses);
      return rule.scalars(memory.step + 1, rate * factor);
    };
    return tf.unstack(fed([numbers().length], "float32", numbers));
  }
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
