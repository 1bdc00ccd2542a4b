import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { type Inputs, project, projectBack, type Recurrence, recurrentBack, sum, tanhBack } from "./recurrence.js";

/** The activations of {@link rnns}. */
export type RnnActivation = "tanh" | "relu";

/**
 * state ← activation(x · weight + state · recurrent weight + bias) (Elman 1990). Inputs: x [time, batch, width], weight [width,
 * units], recurrent weight [units, units], bias [units].
 */
export const rnns: Readonly<Record<RnnActivation, Recurrence>> = { tanh: rnn("tanh"), relu: rnn("relu") };

function rnn(activation: RnnActivation): Recurrence {
  const plainly = ([x, weight, recurrent, bias]: Inputs): Tensor[] => {
    const states: Tensor[] = [];
    for (const input of tf.unstack(project(x!, weight!, bias!))) {
      states.push(sum(input, states.at(-1)?.matMul(recurrent!))[activation]());
    }
    return states;
  };
  return {
    plainly,
    forward: (inputs) => ({ states: tf.stack(plainly(inputs)), saved: [] }),
    backward(given, [x, weight, recurrent], states, _saved, native) {
      const through = (y: Tensor, dy: Tensor): Tensor =>
        activation === "tanh" ? tanhBack(native, y, dy) : native.executeMultipleOutputs("ReluGrad", [], [dy, y], 1)[0]!;
      const made = tf.unstack(states);
      const ds: Tensor[] = [];
      for (let t = given.length - 1; t >= 0; t--) {
        const back = ds[t + 1]?.matMul(recurrent!, false, true);
        ds[t] = through(made[t]!, sum(given[t], back));
      }
      const d = tf.concat(ds);
      const [dx, dWeight, dBias] = projectBack(d, x!, weight!);
      return [dx, dWeight, recurrentBack(d, states), dBias];
    },
  };
}
