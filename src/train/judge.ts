import type { Batch } from "../data/dataset.js";
import type { Model } from "../nn/module.js";
import { type Compiled, compiled } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";
import type { Criteria } from "./options.js";
import { scope } from "./scope.js";

/** Judges a model by a loss and metrics, compiled after its first batches. */
export class Judge {
  readonly #criteria: Criteria;
  readonly #compiled: Compiled;

  constructor(model: Model, criteria: Criteria) {
    const measures = [criteria.loss, ...criteria.metrics.map(({ measure }) => measure)];
    this.#criteria = criteria;
    const work = ([x, y]: readonly tf.Tensor[]) => {
      const prediction = model.forward(x!, { training: false });
      return [tf.stack(measures.map((measure) => measure(prediction, y!).asScalar().toFloat()))];
    };
    this.#compiled = compiled("evaluate", work, { lazy: true });
  }

  /** Whether it judges by the same functions. */
  judgesBy({ loss, metrics }: Criteria): boolean {
    const mine = this.#criteria;
    if (mine.loss !== loss || mine.metrics.length !== metrics.length) return false;
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
