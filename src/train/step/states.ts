import type { Gathered } from "../../nn/metrics/metric.js";
import * as tf from "../../runtime/tf.js";
import type { NamedMetric } from "../options.js";

/** What came out of a compiled function. */
export interface Unpacked {
  readonly numbers: readonly number[];
  /** For each metric. */
  readonly states: readonly (readonly Gathered[])[];
}

/**
 * Brings numbers and the states of metrics out of a compiled function: all that has the same size in every batch as one vector, which
 * is read at once, and rows as tensors of their own.
 */
export class States {
  readonly #metrics: readonly NamedMetric[];
  #numbers = 0;
  /** Of states that are added up. A batch of another size has the same. */
  #shapes: readonly (readonly (readonly number[])[])[] = [];

  constructor(metrics: readonly NamedMetric[]) {
    this.#metrics = metrics;
  }

  /** The results of the function; `numbers` are scalars. */
  pack(numbers: readonly tf.Tensor[], states: readonly (readonly tf.Tensor[])[]): tf.Tensor[] {
    this.#numbers = numbers.length;
    this.#shapes = states.map((state) => state.map(({ shape }) => shape));
    const head = tf.stack(numbers.map((one) => one.asScalar().toFloat()));
    const sums = states.flatMap((state, index) =>
      this.#isSum(index) ? state.map((tensor) => tensor.flatten().toFloat()) : [],
    );
    // Clones, because what is read is freed, and a state may be what the batch was given as.
    const rows = states.flatMap((state, index) => (this.#isSum(index) ? [] : state.map((tensor) => tensor.clone())));
    return [sums.length === 0 ? head : tf.concat([head, ...sums]), ...rows];
  }

  /** Reads the results, and frees them. */
  unpack([vector, ...rows]: readonly tf.Tensor[]): Unpacked {
    const values = read(vector!);
    let at = this.#numbers;
    const states = this.#shapes.map((shapes, index) =>
      shapes.map((shape) => {
        if (!this.#isSum(index)) {
          const tensor = rows.shift()!;
          return { shape: tensor.shape, values: read(tensor) };
        }
        const from = at;
        at += shape.reduce((size, length) => size * length, 1);
        return { shape, values: values.subarray(from, at) };
      }),
    );
    return { numbers: Array.from(values.subarray(0, this.#numbers)), states };
  }

  #isSum(index: number): boolean {
    return this.#metrics[index]!.metric.gather === "sum";
  }
}

function read(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync<"float32">();
  tensor.dispose();
  return values;
}
