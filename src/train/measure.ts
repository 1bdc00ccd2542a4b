import type { Dataset } from "../data/dataset.js";
import type { Model } from "../nn/module.js";
import type { JudgeOptions } from "./judge.js";
import { Means } from "./means.js";
import type { Criteria } from "./options.js";
import { judgeOf } from "./runs.js";
import { withBatch } from "./step/draw.js";
import type { Watch } from "./watch.js";

/** How a model is measured. */
export interface MeasureOptions extends JudgeOptions {
  /** How much each example counts in the loss. Default: all alike. */
  readonly samples?: ArrayLike<number> | undefined;
}

/** Loss and metrics of a model over a data set, without training; undefined if it was stopped on the way. */
export async function measure(
  model: Model,
  dataset: Dataset,
  criteria: Criteria,
  batchSize: number,
  watch: Watch,
  { samples, ...options }: MeasureOptions = {},
): Promise<Means | undefined> {
  const judge = judgeOf(model, criteria, options);
  const means = new Means(criteria.metrics, dataset.classes, { rows: true });
  for (let start = 0; start < dataset.size; start += batchSize) {
    if (watch.stopped) return undefined;
    const indices = Array.from({ length: Math.min(batchSize, dataset.size - start) }, (_, i) => start + i);
    await dataset.prepare?.(indices, 0);
    const measured = await watch.through(
      watch.whole(() => withBatch(dataset, indices, (batch) => judge.judge(batch), samples)),
    );
    means.add(measured);
    await watch.rest();
  }
  return means;
}
