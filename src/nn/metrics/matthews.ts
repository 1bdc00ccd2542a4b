import { share } from "./class-counts.js";
import { confusionMetric, margins, table } from "./confusion-matrix.js";
import type { ClassOptions } from "./decisions.js";
import type { KnownMetric } from "./metric.js";

/**
 * Matthews' correlation of what was said and what is, over the whole data set: −1 … 1, 0 for guessing (Gorodkin 2004 for more than two
 * classes). `prediction: [..., classes]` are scores, `target: [...]` class indices (int32). As scikit-learn's `matthews_corrcoef`. Throws
 * ShapeError, ValueError.
 */
export function matthews(options: ClassOptions = {}): KnownMetric {
  return confusionMetric("matthews", options, ["ignoreIndex"], {
    result([counts]) {
      const rows = table(counts!);
      const { actual, said, all } = margins(rows);
      const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
      const right = rows.reduce((sum, row, index) => sum + row[index]!, 0);
      const spread = (all ** 2 - dot(said, said)) * (all ** 2 - dot(actual, actual));
      return share(right * all - dot(actual, said), Math.sqrt(spread));
    },
  });
}
