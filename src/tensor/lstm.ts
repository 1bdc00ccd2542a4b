import { bool, float, Int64, kernel } from "../runtime/kernels/run.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { tracesForXla } from "../runtime/tracing.js";
import {
  before,
  type Inputs,
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
  plainly: (inputs) => steps(inputs).map(({ state }) => state),

  forward(given) {
    if (tracesForXla()) {
      const made = steps(given);
      const [states, ...saved] = parts.map((part) => tf.stack(made.map((step) => step[part])));
      return { states: states!, saved };
    }
    const [x, weight, recurrent, bias] = given;
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

/** What a step makes, each [batch, units]; in the order in which `backward` wants the others than the state. */
const parts = ["state", "input", "cell", "forget", "output", "fresh", "shown"] as const;
type Step = Readonly<Record<(typeof parts)[number], Tensor>>;

/** For XLA, which has no such operation, and for derivatives of derivatives. */
function steps([x, weight, recurrent, bias]: Inputs): Step[] {
  const made: Step[] = [];
  for (const projected of tf.unstack(project(x!, weight!, bias!))) {
    const past = made.at(-1);
    const gates = tf.split(sum(projected, past?.state.matMul(recurrent!)), 4, 1) as [Tensor, Tensor, Tensor, Tensor];
    const [input, forget, output] = [gates[0].sigmoid(), gates[1].sigmoid(), gates[3].sigmoid()];
    const fresh = gates[2].tanh();
    const added = input.mul(fresh);
    const cell = past === undefined ? added : forget.mul(past.cell).add(added);
    const shown = cell.tanh();
    made.push({ state: output.mul(shown), input, cell, forget, output, fresh, shown });
  }
  return made;
}

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
