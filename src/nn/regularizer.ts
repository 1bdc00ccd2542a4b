/** What a weight costs for being large, as a part of the loss. */
import { ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, numberIn, show } from "../tensor/arguments.js";
import { scalarOf } from "../tensor/scalar.js";

/** Makes of a weight a scalar that training adds to the loss. Any such function of tfjs operations will do. */
export interface Regularizer {
  (weight: Tensor): Tensor;
  /** As the user wrote it: `l2(0.0001)`. */
  readonly label?: string;
}

/** What {@link l1l2} takes. */
export interface L1L2Options {
  /** What the sum of the magnitudes is multiplied by. Default 0.01. */
  readonly l1?: number;
  /** What the sum of the squares is multiplied by. Default 0.01. */
  readonly l2?: number;
}

/** rate · Σ |w|, which makes weights zero (Keras's L1). Throws ValueError. */
export function l1(rate = 0.01): Regularizer {
  numberIn("l1: rate", rate, 0);
  return labelled(`l1(${rate})`, (weight) => weight.abs().sum().mul(rate));
}

/** rate · Σ w², which makes weights small (Keras's L2): PyTorch's weight_decay is twice that rate. Throws ValueError. */
export function l2(rate = 0.01): Regularizer {
  numberIn("l2: rate", rate, 0);
  return labelled(`l2(${rate})`, (weight) => weight.square().sum().mul(rate));
}

/** l1 · Σ |w| + l2 · Σ w² (Keras's L1L2). Throws ValueError. */
export function l1l2(options: L1L2Options = {}): Regularizer {
  checkOptions("l1l2", options, ["l1", "l2"]);
  const { l1: first = 0.01, l2: second = 0.01 } = options;
  numberIn("l1l2: l1", first, 0);
  numberIn("l1l2: l2", second, 0);
  const [magnitudes, squares] = [l1(first), l2(second)];
  return labelled(`l1l2({ l1: ${first}, l2: ${second} })`, (weight) => magnitudes(weight).add(squares(weight)));
}

/** Throws ValueError unless it is a function that may be a {@link Regularizer}. */
export function checkRegularizer(what: string, given: unknown): void {
  if (given === undefined) return;
  const makers: readonly unknown[] = [l1, l2, l1l2];
  if (typeof given === "function" && !makers.includes(given)) return;
  const got = typeof given === "function" ? `${given.name} itself` : show(given);
  throw new ValueError({ what, expected: "a regularizer", got, hint: "Write nn.l2(1e-4)." });
}

/** What may cost something; a model's `Parameter` is one. */
interface Regularized {
  readonly path: string;
  readonly variable: Tensor;
  readonly trainable: boolean;
  readonly regularizer?: Regularizer | undefined;
}

/** Those that cost something: as in Keras, a weight that is not trained costs nothing. */
export function regularized<P extends Regularized>(parameters: readonly P[]): P[] {
  return parameters.filter(({ trainable, regularizer }) => trainable && regularizer !== undefined);
}

/** What all these weights cost together, and `more`, scalars, a scalar; undefined where nothing costs anything. Throws ShapeError. */
export function penalty(parameters: readonly Regularized[], more: readonly Tensor[] = []): Tensor | undefined {
  const costs = regularized(parameters).map(({ path, variable, regularizer }) =>
    scalarOf(`regularizer of ${path}`, regularizer!(variable), "End it with .sum()."),
  );
  const all = [...costs, ...more];
  return all.length === 0 ? undefined : tf.addN(all);
}

function labelled(label: string, cost: Regularizer): Regularizer {
  return Object.assign<Regularizer, { label: string }>((weight) => cost(weight), { label });
}
