import { ValueError } from "../../errors.js";
import { oneOf } from "../../tensor/arguments.js";
import { accuracy } from "./accuracy.js";
import { averagePrecision } from "./average-precision.js";
import { binaryAccuracy } from "./binary-accuracy.js";
import { bleu } from "./bleu.js";
import { brier } from "./brier.js";
import { cohenKappa } from "./cohen-kappa.js";
import { confusionMatrix } from "./confusion-matrix.js";
import { meanAbsoluteError, meanSquaredError, rootMeanSquaredError } from "./errors.js";
import { expectedCalibrationError } from "./expected-calibration-error.js";
import { f1 } from "./f1.js";
import { iou } from "./iou.js";
import { matthews } from "./matthews.js";
import type { KnownMetric, Metric } from "./metric.js";
import { perplexity } from "./perplexity.js";
import { precision } from "./precision.js";
import { r2 } from "./r2.js";
import { recall } from "./recall.js";
import { rocAuc } from "./roc-auc.js";
import { specificity } from "./specificity.js";
import { topKAccuracy } from "./top-k-accuracy.js";

/** What makes each metric; a name alone stands for it with its defaults. */
const makers = {
  accuracy,
  topKAccuracy,
  binaryAccuracy,
  precision,
  recall,
  f1,
  specificity,
  iou,
  confusionMatrix,
  matthews,
  cohenKappa,
  rocAuc,
  averagePrecision,
  expectedCalibrationError,
  brier,
  perplexity,
  bleu,
  meanSquaredError,
  meanAbsoluteError,
  rootMeanSquaredError,
  r2,
} as const;

/** The metrics that have a name: all of the library's, each with its defaults. */
export type MetricName = keyof typeof makers;
export const metricNames = Object.keys(makers) as MetricName[];

const made = new Map<MetricName, KnownMetric>();

/** The metric with this name, always the same one; a function is its own metric. Throws ValueError. */
export function metric(name: MetricName | Metric, what = "metric"): Metric {
  if (typeof name === "function") {
    if (!(Object.values(makers) as unknown[]).includes(name)) return name;
    const hint = `Write nn.metrics.${name.name}().`;
    throw new ValueError({ what, expected: "a metric", got: `${name.name}, which makes one`, hint });
  }
  oneOf(what, name, metricNames);
  const known = made.get(name) ?? makers[name]();
  made.set(name, known);
  return known;
}
