import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import {
  before,
  type Inputs,
  project,
  projectBack,
  type Recurrence,
  recurrentBack,
  rows,
  sigmoidBack,
  sum,
  tanhBack,
} from "./recurrence.js";

/**
 * Gated recurrent units (arXiv 1406.1078) as in PyTorch, cuDNN and Keras's `reset_after`: the reset gate works on the product of
 * state and weight. Inputs: x [time, batch, width], weight [width, 3 units], recurrent weight [units, 3 units], bias and
 * recurrent bias [3 units]; the parts are reset gate, update gate, new value, in PyTorch's order.
 */
export const gru: Recurrence = {
  plainly: (inputs) => steps(inputs).map(({ state }) => state),

  forward(inputs) {
    const made = steps(inputs);
    const stacked = (part: keyof Step) => tf.stack(made.map((step) => step[part]));
    return { states: stacked("state"), saved: [stacked("gates"), stacked("fresh"), stacked("past")] };
  },

  backward(given, [x, weight, recurrent], states, [gates, fresh, past], native) {
    const [reset, update] = tf.split(gates!, 2, 2) as [Tensor, Tensor];
    const toFresh = tanhBack(native, fresh!, update.neg().add(1));
    const toReset = sigmoidBack(native, reset, toFresh.mul(past!));
    const toUpdate = sigmoidBack(native, update, before(states).sub(fresh!));
    const toProducts = tf.unstack(tf.concat([toReset, toUpdate, toFresh.mul(reset)], 2));
    const kept = tf.unstack(update);
    const dStates: Tensor[] = [];
    const ds: Tensor[] = [];
    let back: Tensor | undefined;
    for (let t = given.length - 1; t >= 0; t--) {
      const dState = sum(given[t], back);
      const d = tf.concat([dState, dState, dState], 1).mul(toProducts[t]!);
      if (t > 0) back = d.matMul(recurrent!, false, true).add(dState.mul(kept[t]!));
      dStates[t] = dState;
      ds[t] = d;
    }
    const d = tf.concat(ds);
    const units = update.shape[2]!;
    const dProjected = tf.concat([d.slice([0, 0], [-1, 2 * units]), tf.concat(dStates).mul(rows(toFresh))], 1);
    const [dx, dWeight, dBias] = projectBack(dProjected, x!, weight!);
    return [dx, dWeight, recurrentBack(d, states), dBias, d.sum(0)];
  },
};

/** What a step makes: gates [batch, 2 units], the others [batch, units]. `past`: what the reset gate lets through or not. */
interface Step {
  readonly gates: Tensor;
  readonly fresh: Tensor;
  readonly past: Tensor;
  readonly state: Tensor;
}

function steps([x, weight, recurrent, bias, recurrentBias]: Inputs): Step[] {
  const units = recurrent!.shape[0]!;
  const parts = [2 * units, units];
  const [toGates, toFresh] = tf.split(project(x!, weight!, bias!), parts, 2).map((all) => tf.unstack(all));
  let state: Tensor = tf.zeros([x!.shape[1]!, units]);
  return toGates!.map((toGates, t) => {
    const [ofGates, past] = tf.split(state.matMul(recurrent!).add(recurrentBias!), parts, 1) as [Tensor, Tensor];
    const gates = toGates.add(ofGates).sigmoid();
    const [reset, update] = tf.split(gates, 2, 1) as [Tensor, Tensor];
    const fresh = toFresh![t]!.add(reset.mul(past)).tanh();
    state = fresh.add(update.mul(state.sub(fresh)));
    return { gates, fresh, past, state };
  });
}
