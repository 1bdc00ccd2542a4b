import type { Batch } from "../data/dataset.js";
import type { Model } from "../nn/module.js";
import { type Compiled, compiled } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";
import type { Criteria } from "./options.js";
import { scope } from "./scope.js";

/** How a {@link Judge} works. */
export interface JudgeOptions {
  /** Judge the first batch operation by operation, because more may not come. Default true. */
  readonly lazy?: boolean;
}

/** Judges a model by a loss and metrics, compiled after its first batch, or at once. */
export class Judge {
  readonly #criteria: Criteria;
  readonly #compiled: Compiled;
  readonly #lazy: boolean;

  constructor(model: Model, criteria: Criteria, { lazy = true }: JudgeOptions) {
    const measures = [criteria.loss, ...criteria.metrics.map(({ measure }) => measure)];
    this.#criteria = criteria;
    this.#lazy = lazy;
    const work = ([x, y]: readonly tf.Tensor[]) => {
      const prediction = model.forward(x!, { training: false });
      return [tf.stack(measures.map((measure) => measure(prediction, y!).asScalar().toFloat()))];
    };
    this.#compiled = compiled("evaluate", work, { lazy });
  }

  /** Whether it judges by the same functions, in the same way. */
  judgesBy({ loss, metrics }: Criteria, { lazy = true }: JudgeOptions): boolean {
    const mine = this.#criteria;
    if (this.#lazy !== lazy || mine.loss !== loss || mine.metrics.length !== metrics.length) return false;
    return mine.metrics.every(({ measure }, index) => measure === metrics[index]!.measure);
  }

  /** → the loss, then the metrics, of one batch; a promise where it takes long. */
  judge(batch: Batch): number[] | Promise<number[]> {
    const read = ([numbers]: readonly tf.Tensor[]): number[] => {
      const values = Array.from(numbers!.dataSync());
      numbers!.dispose();
      return values;
    };
    return scope(() => {
      const results = this.#compiled.start([batch.x, batch.y]);
      return results instanceof Promise ? results.then(read) : read(results);
    });
  }

  /** Frees what was compiled. */
  end(): void {
    this.#compiled.end();
  }
}
