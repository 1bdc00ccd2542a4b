import { bool, float, Int64, kernel } from "../runtime/kernels/run.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import {
  before,
  project,
  projectBack,
  type Recurrence,
  recurrentBack,
  sigmoidBack,
  sum,
  tanhBack,
} from "./recurrence.js";

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers 1999). Inputs: x [time, batch, width],
 * weight [width, 4 units], recurrent weight [units, 4 units], bias [4 units]; the gates are input, forget, cell, output, in
 * PyTorch's and Keras's order. Forward it is one operation of TensorFlow; on the way back, all that can be is computed for the
 * whole sequence at once, so that a step is one small product of matrices and five operations more.
 */
export const lstm: Recurrence = {
  plainly([x, weight, recurrent, bias]) {
    const states: Tensor[] = [];
    let cell: Tensor | undefined;
    for (const input of tf.unstack(project(x!, weight!, bias!))) {
      const gates = sum(input, states.at(-1)?.matMul(recurrent!));
      const [i, f, g, o] = tf.split(gates, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
      const added = i.sigmoid().mul(g.tanh());
      cell = cell === undefined ? added : f.sigmoid().mul(cell).add(added);
      states.push(o.sigmoid().mul(cell.tanh()));
    }
    return states;
  },

  forward([x, weight, recurrent, bias]) {
    const inputs = { x: x!, weight: weight!, recurrent: recurrent!, bias: bias! };
    const outputs = blockLstm.kernelFunc({ inputs, attrs: {}, backend: tf.backend() }) as Tensor[];
    return { states: outputs[6]!, saved: outputs.slice(0, 6) };
  },

  backward(given, [x, weight, recurrent], states, [i, cells, f, o, g, shown], native) {
    const ofGates = tf.concat(
      [
        sigmoidBack(native, i!, g!),
        sigmoidBack(native, f!, before(cells!)),
        tanhBack(native, g!, i!),
        sigmoidBack(native, o!, shown!),
      ],
      2,
    );
    const [toGates, toCell, kept] = [ofGates, tanhBack(native, shown!, o!), f!].map((all) => tf.unstack(all));
    const ds: Tensor[] = [];
    let dState: Tensor | undefined;
    let dCell: Tensor | undefined;
    for (let t = given.length - 1; t >= 0; t--) {
      dState = sum(given[t], dState);
      dCell = sum(dState.mul(toCell![t]!), dCell?.mul(kept![t + 1]!));
      ds[t] = tf.concat([dCell, dCell, dCell, dState], 1).mul(toGates![t]!);
      if (t > 0) dState = ds[t]!.matMul(recurrent!, false, true);
    }
    const d = tf.concat(ds);
    const [dx, dWeight, dBias] = projectBack(d, x!, weight!);
    return [dx, dWeight, recurrentBack(d, states), dBias];
  },
};

/** TensorFlow's BlockLSTMV2: input gate, cells, forget gate, output gate, new values, tanh(cells), states. */
const blockLstm = kernel<"x" | "weight" | "recurrent" | "bias">(
  "BlockLSTMV2",
  ({ x, weight, recurrent, bias }, _attributes, run) => {
    const [time, batch] = x.shape as [number, number];
    const units = recurrent.shape[0]!;
    const zero = tf.zeros([batch, units]);
    const peephole = tf.zeros([units]);
    return run(
      "BlockLSTMV2",
      [
        new Int64(tf.scalar(time, "int32")),
        x,
        zero,
        zero,
        tf.concat([weight, recurrent]),
        peephole,
        peephole,
        peephole,
        bias,
      ],
      [float("cell_clip", 0), bool("use_peephole", false)],
      7,
    );
  },
);
