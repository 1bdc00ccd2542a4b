import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { withGradient } from "./gradient.js";
import { nativeBackend } from "./native.js";

/**
 * Sequences whose padding was brought to their ends, so that a network that goes from the first step to the last one meets it
 * after all that counts, and needs to know nothing of it. What PyTorch's packed sequences are for, but padding may stand anywhere.
 */
export interface Packing {
  /** Each step of `x: [batch, time, width]` where it is met: first what counts, in its order, then the padding. */
  pack(x: Tensor): Tensor;
  /** The states [batch, time, units] after the steps, back in the places of their steps; 0 where there is padding. */
  unpack(states: Tensor): Tensor;
  /** The state [batch, units] after the last step that counts; 0 where there is none. */
  last(states: Tensor): Tensor;
}

/** The packing of `mask: [batch, time]` (bool). `reverse`: what counts is met from the last step to the first one. */
export function packing(mask: Tensor, reverse: boolean): Packing {
  const time = mask.shape[1]!;
  const counts = mask.toFloat();
  const steps = tf.range(0, time, 1);
  const places = reverse ? steps.mul(-1).add(time - 1) : steps;
  const order = ascending(places.add(counts.mul(-time)));
  const back = ascending(order.toFloat());
  return {
    pack: (x) => permute(x, order, back),
    unpack: (states) => permute(states, back, order).mul(counts.expandDims(2)),
    last(states) {
      const isLast = steps.equal(counts.sum(1, true).sub(1)).toFloat();
      return states.mul(isLast.expandDims(2)).sum(1);
    },
  };
}

/** The places of all values of each row, the smallest first. No value may be there twice, or it is not known which comes first. */
function ascending(rows: Tensor): Tensor {
  return tf.topk(rows.neg(), rows.shape[1]!).indices;
}

/** `x: [batch, time, width]` with the steps in another order, of which `back` is the inverse. */
function permute(x: Tensor, order: Tensor, back: Tensor): Tensor {
  return withGradient(
    x,
    (x, save) => {
      save([order, back]);
      return reordered(x, order);
    },
    (dy, [order, back]) => permute(dy, back!, order!),
  );
}

function reordered(x: Tensor, order: Tensor): Tensor {
  if (nativeBackend() !== undefined) return tf.gather(x, order as tf.Tensor2D, 1, 1);
  // tfjs's WebAssembly takes the rows of a batch from others.
  const [batch, time, width] = x.shape as [number, number, number];
  const places = tf
    .range(0, batch * time, time, "int32")
    .expandDims(1)
    .add(order)
    .flatten();
  return tf.gather(x.reshape([batch * time, width]), places as tf.Tensor1D).reshape(x.shape);
}
