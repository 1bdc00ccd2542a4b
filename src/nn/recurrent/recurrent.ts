/** What rnn, lstm, gru and bidirectional share. */
import { availableParallelism } from "node:os";
import { ValueError } from "../../errors.js";
import { runtimeInfo } from "../../runtime/index.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, numberIn, positiveInteger, show } from "../../tensor/arguments.js";
import { packing } from "../../tensor/packing.js";
import { type Recurrence, recur } from "../../tensor/recurrence.js";
import type { Shape } from "../../tensor/shape.js";
import type { OptionOf } from "../convolution/window.js";
import { dropper } from "../dropout/dropout.js";
import { glorotUniform, type Initial, orthogonal } from "../initializers/initial.js";
import type { InitialName } from "../initializers/initial-names.js";
import { type Built, callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "../layer.js";
import type { Forward, Masked } from "../module.js";
import type { Regularizer } from "../regularizer.js";
import type { Scope } from "../scope.js";
import { type BiasedWeightOptions, biasedWeightOptions, checkWeightOptions } from "../weight-options.js";

/** How the weights of a recurrent layer begin, and what they cost. `biasInitial` is that of all its biases. */
export interface RecurrentWeightOptions extends BiasedWeightOptions {
  /** What `recurrentWeight` starts with. */
  readonly recurrentInitial?: InitialName | Initial;
  /** What `recurrentWeight` adds to the loss in training. Default: nothing. */
  readonly recurrentRegularizer?: Regularizer;
}

/** What every recurrent layer takes besides its size. */
export interface RecurrentOptions extends RecurrentWeightOptions {
  /** Give the state after every step, not only the last one. Default false. */
  readonly returnSequences?: boolean;
  /** Go from the last step to the first one. States stay in the places of their steps. Default false. */
  readonly reverse?: boolean;
  /** How many such networks stand on each other; each but the first reads the states of the one below. Default 1. */
  readonly layers?: number;
  /** The share of states dropped in training between two of `layers`. Default 0. */
  readonly dropout?: number;
}

/** The shape of the states of a sequence `I`: all of them, or the last one; or a message. */
export type RecurrentOutput<Name extends string, I, Units extends number, All extends boolean> = I extends Shape
  ? number extends I["length"]
    ? Shape
    : I extends readonly [infer Time extends number, number]
      ? boolean extends All
        ? Shape
        : All extends true
          ? [Time, Units]
          : [Units]
      : Reject<Name, "[time, width]", I>
  : never;

/** A recurrent layer's parts: its gates are columns of its weights. */
export interface RecurrentParts {
  readonly name: string;
  readonly recurrence: Recurrence;
  readonly gates: number;
  readonly units: number;
  /** Vectors by their names, [gates × units] each. */
  readonly biases: Readonly<Record<string, Initial>>;
  readonly weights?: RecurrentWeightOptions;
}

/** What a layer made of a recurrent layer needs to know of it. */
export interface RecurrentPlan<Units extends number = number, All extends boolean = boolean> {
  readonly parts: RecurrentParts;
  readonly options: RecurrentOptions;
  readonly units: Units;
  readonly all: All;
}

/** A layer that is a recurrent network: rnn, lstm, gru. */
export interface RecurrentLayer<Units extends number = number, All extends boolean = boolean> extends Layer {
  readonly recurrent: RecurrentPlan<Units, All>;
}

/** The type of `gru(units, { returnSequences })` and its like; `Name` is the function's. */
export interface NamedRecurrent<Name extends string, Units extends number, All extends boolean>
  extends RecurrentLayer<Units, All> {
  readonly [yields]: RecurrentOutput<Name, this[typeof given], Units, All>;
}

/** Whether `Options` ask for all states. */
export type AllOf<Options> = OptionOf<Options, "returnSequences", false, boolean>;

/** Throws ValueError if units or options cannot be; `known` are the layer's own options. */
export function checkRecurrent(
  what: string,
  units: number,
  options: RecurrentOptions,
  known: readonly string[] = [],
): void {
  positiveInteger(`${what}: units`, units);
  const weights = [...biasedWeightOptions, "recurrentInitial", "recurrentRegularizer"];
  checkOptions(what, options, ["returnSequences", "reverse", "layers", "dropout", ...weights, ...known]);
  checkWeightOptions(what, options);
  const { layers = 1, dropout = 0 } = options;
  positiveInteger(`${what}: layers`, layers);
  numberIn(`${what}: dropout`, dropout, 0, 1);
  if (dropout === 0 || layers > 1) return;
  const hint = "It acts between two of `layers`. Behind the last one stands nn.dropout(…).";
  throw new ValueError({ what: `${what}: dropout`, expected: "more than one of `layers`", got: show(layers), hint });
}

/** The layer with these parts. */
export function makeRecurrent<Units extends number, All extends boolean, L extends RecurrentLayer<Units, All>>(
  given: RecurrentParts & { readonly units: Units },
  options: RecurrentOptions,
): L {
  const parts = { ...given, weights: options };
  const { name, units } = parts;
  const all = (options.returnSequences ?? false) as All;
  const layer = makeLayer<RecurrentLayer<Units, All>>({
    label: callText(name, [units], options),
    recurrent: { parts, options, units, all },
    build: (input, scope) =>
      buildRecurrent(name, input, scope, options, (width, place) =>
        buildPass(parts, [input[0]!, width], place, options.reverse ?? false),
      ),
  });
  return layer as L;
}

/** A recurrent network in its place, of one direction or more. */
export interface Pass {
  /** Numbers in a state. */
  readonly units: number;
  readonly flops: number;
  /** x [batch, time, width] → the states [batch, time, units], or the last of them, [batch, units]. */
  run(x: Tensor, all: boolean, mask: Tensor | undefined): Tensor;
}

/** `layers` networks on each other; `build` makes one of them, which reads [time, width]. Throws ShapeError. */
export function buildRecurrent(
  name: string,
  input: Shape,
  scope: Scope,
  { returnSequences: all = false, layers = 1, dropout = 0 }: RecurrentOptions,
  build: (width: number, scope: Scope) => Pass,
): Built {
  if (input.length !== 2) throw misfit(name, "[time, width]", input, scope);
  const passes: Pass[] = [];
  for (let layer = 0; layer < layers; layer++) {
    passes.push(build(passes.at(-1)?.units ?? input[1]!, layers === 1 ? scope : scope.at(String(layer))));
  }
  const drops = passes.slice(1).map((_, layer) => dropper(dropout, scope.at(`${layer}.dropout`)));
  const { units } = passes.at(-1)!;
  scope.keepWhole();
  const forward = (x: Tensor, context: Forward) =>
    passes.reduce((value, { run }, layer) => {
      const given = layer === 0 ? value : drops[layer - 1]!(value, context);
      return run(given, all || layer < layers - 1, context.mask);
    }, x);
  return {
    output: all ? [input[0]!, units] : [units],
    flops: passes.reduce((sum, { flops }) => sum + flops, 0),
    forward,
    masked: (x, context): Masked => ({ value: forward(x, context), mask: all ? context.mask : undefined }),
  };
}

/** A recurrent network of one direction over [time, width]. */
export function buildPass(
  { recurrence, gates, units, biases, weights: chosen = {} }: RecurrentParts,
  [time, width]: readonly [time: number, width: number],
  scope: Scope,
  reverse: boolean,
): Pass {
  const columns = gates * units;
  const { initial = glorotUniform, recurrentInitial = orthogonal, biasInitial } = chosen;
  const { regularizer, recurrentRegularizer } = chosen;
  const weights = [
    scope.weight("weight", [width, columns], initial, { regularizer }),
    scope.weight("recurrentWeight", [units, columns], recurrentInitial, { regularizer: recurrentRegularizer }),
    ...Object.entries(biases).map(([name, usual]) => scope.weight(name, [columns], biasInitial ?? usual)),
  ];
  const states = (x: Tensor, all: boolean, turned: boolean) =>
    inParts(x, (part) => {
      const turn = (steps: Tensor) => (turned ? steps.reverse(0) : steps);
      const steps = turn(part.transpose([1, 0, 2]));
      const states = recur(recurrence, [steps, ...weights.map(({ value }) => value)], all);
      return all ? turn(states).transpose([1, 0, 2]) : states;
    });
  return {
    units,
    flops: time * (width + units) * columns * 2,
    run(x, all, mask) {
      if (mask === undefined) return states(x, all, reverse);
      const packed = packing(mask, reverse);
      const made = states(packed.pack(x), true, false);
      return all ? packed.unpack(made) : packed.last(made);
    },
  };
}

/** Parts of fewer examples would cost more than they save. */
const smallestPart = 8;

/** More parts than this make steps longer that are taken one operation at a time. */
const mostParts = 2;

/**
 * What steps need the steps before them for cannot be done by several cores at once, but examples know nothing of each other: so
 * that each half of a batch has a core of its own. A GPU does them all at once.
 */
function inParts(x: Tensor, run: (part: Tensor) => Tensor): Tensor {
  const batch = x.shape[0]!;
  const cores = runtimeInfo().device === "CPU" ? availableParallelism() : 1;
  const parts = Math.min(cores, mostParts, Math.floor(batch / smallestPart));
  if (parts < 2) return run(x);
  const first = Math.ceil(batch / 2);
  return tf.concat(tf.split(x, [first, batch - first]).map(run));
}
