import type { Model } from "../nn/module.js";
import { penalty, regularized } from "../nn/regularizer.js";
import { type Compiled, compiled } from "../runtime/index.js";
import type * as tf from "../runtime/tf.js";
import type { Measured } from "./means.js";
import type { Criteria } from "./options.js";
import { scope } from "./scope.js";
import { type Drawn, drawnOf, tensorsOf } from "./step/draw.js";
import { lossValue } from "./step/loss-value.js";
import { States } from "./step/states.js";

/** How a {@link Judge} works. */
export interface JudgeOptions {
  /** Judge the first batch operation by operation, because more may not come. Default true. */
  readonly lazy?: boolean;
}

/**
 * Judges a model by a loss and metrics, compiled after its first batch, or at once. What layers add to the loss, and weights that have
 * a regularizer, is a part of it, as in training.
 */
export class Judge {
  readonly #criteria: Criteria;
  /** What is trainable, and so what costs, may change. */
  readonly #costly: string;
  readonly #compiled: Compiled;
  readonly #states: States;
  readonly #lazy: boolean;

  constructor(model: Model, criteria: Criteria, { lazy = true }: JudgeOptions) {
    const { loss, metrics } = criteria;
    const states = new States(metrics);
    this.#criteria = criteria;
    this.#states = states;
    this.#lazy = lazy;
    this.#costly = costly(model);
    const work = (inputs: readonly tf.Tensor[]) => {
      const { x, y, weights } = drawnOf(inputs);
      const costs: tf.Tensor[] = [];
      const prediction = model.forward(x, { training: false, addLoss: (cost) => costs.push(cost) });
      const { value, share } = lossValue(loss, prediction, y, weights);
      const cost = penalty(model.parameters, costs);
      const whole = cost === undefined ? value : value.add(cost);
      const numbers = share === undefined ? [whole] : [whole, share];
      return states.pack(
        numbers,
        metrics.map(({ metric }) => metric.state(prediction, y)),
      );
    };
    this.#compiled = compiled("evaluate", work, { lazy });
  }

  /** Whether it judges the model by the same functions, in the same way. */
  judgesBy(model: Model, { loss, metrics }: Criteria, { lazy = true }: JudgeOptions): boolean {
    const mine = this.#criteria;
    if (this.#costly !== costly(model)) return false;
    if (this.#lazy !== lazy || mine.loss !== loss || mine.metrics.length !== metrics.length) return false;
    return mine.metrics.every(({ given }, index) => given === metrics[index]!.given);
  }

  /** → the loss and what metrics gathered of one batch; a promise where it takes long. */
  judge(batch: Drawn): Measured | Promise<Measured> {
    const examples = batch.x.shape[0]!;
    const read = (results: readonly tf.Tensor[]): Measured => {
      const { numbers, states } = this.#states.unpack(results);
      const [loss, weight = examples] = numbers as [number, number?];
      return { examples, loss, weight, states };
    };
    return scope(() => {
      const results = this.#compiled.start(tensorsOf(batch));
      return results instanceof Promise ? results.then(read) : read(results);
    });
  }

  /** Frees what was compiled. */
  end(): void {
    this.#compiled.end();
  }
}

/** The weights that cost something. */
function costly(model: Model): string {
  return regularized(model.parameters)
    .map(({ path }) => path)
    .join();
}
