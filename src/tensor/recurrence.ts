import { theEngine } from "../runtime/engine.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { withGradients } from "./gradient.js";
import { type Native, nativeBackend } from "./native.js";

/** What a sequence goes through: x [time, batch, width] first, then the weights. */
export type Inputs = readonly Tensor[];

/** A recurrent network, its gradients written by hand. States are [batch, units] after each step, before the first one zero. */
export interface Recurrence {
  /** The states, from operations that tfjs can derive. */
  plainly(inputs: Inputs): Tensor[];
  /** The states, [time, batch, units], and what `backward` needs beside them. */
  forward(inputs: Inputs, native: Native): { readonly states: Tensor; readonly saved: readonly Tensor[] };
  /** The gradients of the inputs. `given[t]` is the gradient of the state after step t; undefined where nobody took it. */
  backward(
    given: readonly (Tensor | undefined)[],
    inputs: Inputs,
    states: Tensor,
    saved: readonly Tensor[],
    native: Native,
  ): Tensor[];
}

/** The states, [time, batch, units], or only the last of them, [batch, units]. Differentiable in all inputs, once and again. */
export function recur(recurrence: Recurrence, inputs: Inputs, all: boolean): Tensor {
  const plainly = (...inputs: Tensor[]): Tensor => {
    const states = recurrence.plainly(inputs);
    return all ? tf.stack(states) : states.at(-1)!;
  };
  const native = nativeBackend();
  if (native === undefined) return plainly(...inputs);
  const time = inputs[0]!.shape[0]!;
  return withGradients(
    inputs,
    (inputs, save) => {
      const { states, saved } = recurrence.forward(inputs, native);
      save([...inputs, states, ...saved]);
      return all ? states : states.slice([time - 1]).squeeze([0]);
    },
    (dy, kept) => {
      const given = kept.slice(0, inputs.length);
      const [states, ...saved] = kept.slice(inputs.length);
      // A gradient by hand has none itself: where it is asked for one, the parts answer.
      if (theEngine().state.gradientDepth > 0) return tf.grads(plainly)([...given], dy);
      const ofStates = all ? tf.unstack(dy) : [...Array<undefined>(time - 1), dy];
      return recurrence.backward(ofStates, given, states!, saved, native);
    },
  );
}

/** x · weight + bias for all steps, as one product of two matrices: [time, batch, columns of the weight]. */
export function project(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [time, batch] = x.shape as [number, number];
  return rows(x).matMul(weight).add(bias).reshape([time, batch, -1]);
}

/** The gradients of {@link project}'s inputs from `d`, the gradient of its result as rows. */
export function projectBack(d: Tensor, x: Tensor, weight: Tensor): [x: Tensor, weight: Tensor, bias: Tensor] {
  return [d.matMul(weight, false, true).reshape(x.shape), rows(x).matMul(d, true), d.sum(0)];
}

/** The gradient of a weight that each step multiplies the state before it with; `d` are the gradients of the products as rows. */
export function recurrentBack(d: Tensor, states: Tensor): Tensor {
  const [time, batch] = states.shape as [number, number];
  return rows(states.slice([0], [time - 1])).matMul(d.slice([batch]), true);
}

/** The states before each step instead of after it. */
export function before(states: Tensor): Tensor {
  const [time, ...state] = states.shape as [number, ...number[]];
  return tf.concat([tf.zeros([1, ...state]), states.slice([0], [time - 1])]);
}

/** The sum of what there is. */
export function sum(a: Tensor | undefined, b: Tensor | undefined): Tensor {
  return a === undefined ? b! : b === undefined ? a : a.add(b);
}

/** [time, batch, width] → [time × batch, width] */
export function rows(x: Tensor): Tensor {
  return x.reshape([-1, x.shape[2]!]);
}

/** dy · y (1 − y): the gradient of what the logistic function made y of. */
export function sigmoidBack(native: Native, y: Tensor, dy: Tensor): Tensor {
  return native.executeMultipleOutputs("SigmoidGrad", [], [y, dy], 1)[0]!;
}

/** dy (1 − y²): the gradient of what the hyperbolic tangent made y of. */
export function tanhBack(native: Native, y: Tensor, dy: Tensor): Tensor {
  return native.executeMultipleOutputs("TanhGrad", [], [y, dy], 1)[0]!;
}
