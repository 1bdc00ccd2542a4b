import { byName } from "../by-name.js";
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
import type { Metric } from "./metric.js";
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

/** The metric with this name, always the same one; a function is its own metric. Throws ValueError. */
export const metric = byName<MetricName, Metric>("metric", "nn.metrics", makers);
