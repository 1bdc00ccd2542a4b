import { oneOf } from "../../tensor/arguments.js";
import { confusionMetric, margins, table } from "./confusion-matrix.js";
import type { ClassOptions } from "./decisions.js";
import type { KnownMetric } from "./metric.js";

/** What {@link cohenKappa} takes. */
export interface CohenKappaOptions extends ClassOptions {
  /** How bad it is to be some classes off: "none" (default): equally, "linear": as many times, "quadratic": the square. */
  readonly weights?: "none" | "linear" | "quadratic";
}

/**
 * How much more what was said and what is agree than they would by chance (Cohen 1960), over the whole data set: 1 for always, 0 for
 * guessing. `prediction: [..., classes]` are scores, `target: [...]` class indices (int32). As scikit-learn's `cohen_kappa_score`. Throws
 * ShapeError, ValueError.
 */
export function cohenKappa(options: CohenKappaOptions = {}): KnownMetric {
  const { weights = "none" } = options;
  oneOf("cohenKappa: weights", weights, ["none", "linear", "quadratic"]);
  const badness = {
    none: (off: number) => Math.sign(off),
    linear: (off: number) => off,
    quadratic: (off: number) => off ** 2,
  };
  return confusionMetric("cohenKappa", options, ["weights", "ignoreIndex"], {
    result([counts]) {
      const rows = table(counts!);
      const { actual, said, all } = margins(rows);
      let [seen, chance] = [0, 0];
      rows.forEach((row, i) => {
        row.forEach((count, j) => {
          const bad = badness[weights](Math.abs(i - j));
          seen += bad * count;
          chance += (bad * actual[i]! * said[j]!) / all;
        });
      });
      return 1 - seen / chance;
    },
  });
}
