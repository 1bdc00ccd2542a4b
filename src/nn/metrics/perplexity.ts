import { checkOptions } from "../../tensor/arguments.js";
import { callText } from "../layer.js";
import { checkIndex, crossEntropy } from "../losses/cross-entropy.js";
import type { ClassOptions } from "./decisions.js";
import { type KnownMetric, meanOf, streaming } from "./metric.js";

/**
 * e to the power of the mean cross entropy of all positions of the data set, in nats: among how many classes, all alike, a choice would
 * be as hard. `prediction: [..., classes]` are logits, `target: [...]` class indices (int32). Throws ShapeError, ValueError.
 */
export function perplexity(options: ClassOptions = {}): KnownMetric {
  checkOptions("perplexity", options, ["ignoreIndex"]);
  checkIndex("perplexity: ignoreIndex", options.ignoreIndex);
  const { gather, state } = meanOf("perplexity", crossEntropy(options).each);
  const result: KnownMetric["result"] = ([totals]) => Math.exp(totals!.values[0]! / totals!.values[1]!);
  return streaming("perplexity", { gather, state, result }, callText("perplexity", [], options));
}
