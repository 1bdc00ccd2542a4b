/** What rnn, lstm and gru share. */
import { availableParallelism } from "node:os";
import { runtimeInfo } from "../runtime/index.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, positiveInteger } from "../tensor/arguments.js";
import { type Recurrence, recur } from "../tensor/recurrence.js";
import type { Shape } from "../tensor/shape.js";
import { glorotUniform, type Initial, orthogonal } from "./initial.js";
import { type Built, misfit, type Reject } from "./layer.js";
import type { Scope } from "./scope.js";

/** What every recurrent layer takes besides its size. */
export interface RecurrentOptions {
  /** Give the state after every step, not only the last one. Default false. */
  readonly returnSequences?: boolean;
  /** Go from the last step to the first one. States stay in the places of their steps. Default false. */
  readonly reverse?: boolean;
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
}

/** Throws ValueError if units or options cannot be; `known` are the layer's own options. */
export function checkRecurrent(what: string, units: number, options: object, known: readonly string[] = []): void {
  positiveInteger(`${what}: units`, units);
  checkOptions(what, options, ["returnSequences", "reverse", ...known]);
}

/** A recurrent layer in its place. Throws ShapeError. */
export function buildRecurrent(parts: RecurrentParts, input: Shape, scope: Scope, options: RecurrentOptions): Built {
  const { name, recurrence, gates, units, biases } = parts;
  const { returnSequences: all = false, reverse = false } = options;
  if (input.length !== 2) throw misfit(name, "[time, width]", input, scope);
  const [time, width] = input as readonly [number, number];
  const columns = gates * units;
  const weights = [
    scope.weight("weight", [width, columns], glorotUniform),
    scope.weight("recurrentWeight", [units, columns], orthogonal),
    ...Object.entries(biases).map(([name, initial]) => scope.weight(name, [columns], initial)),
  ];
  const turned = (x: Tensor) => (reverse ? x.reverse(0) : x);
  return {
    output: all ? [time, units] : [units],
    flops: time * (width + units) * columns * 2,
    forward: (x) =>
      inParts(x, (part) => {
        const steps = turned(part.transpose([1, 0, 2]));
        const states = recur(recurrence, [steps, ...weights.map(({ value }) => value)], all);
        return all ? turned(states).transpose([1, 0, 2]) : states;
      }),
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
