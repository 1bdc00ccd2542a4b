import { nonNegativeInteger, numberIn, positiveNumber } from "../../tensor/arguments.js";
import type { Schedule } from "../learning-rate.js";
import { withOptions } from "./schedule.js";

/** What {@link reduceOnPlateau} takes. */
export interface PlateauOptions {
  /** The rate at first. */
  readonly rate: number;
  /** What it is multiplied by, 0 … 1. Default 0.1. */
  readonly factor?: number;
  /** So many epochs may pass without a better loss; after one more the rate is reduced. Default 10. */
  readonly patience?: number;
  /** A loss is better only if it is less by this share. Default 0.0001. */
  readonly threshold?: number;
  /** So many epochs after a reduction are not judged. Default 0. */
  readonly cooldown?: number;
  /** The least rate. Default 0. */
  readonly minRate?: number;
}

/**
 * A rate that is reduced when the loss of the epochs, of their validation where there is one, does not fall any more; as
 * `torch.optim.lr_scheduler.ReduceLROnPlateau`. Throws ValueError.
 */
export function reduceOnPlateau(options: PlateauOptions): Schedule {
  const { rate, factor = 0.1, patience = 10, threshold = 1e-4, cooldown = 0, minRate = 0 } = options;
  const known = ["rate", "factor", "patience", "threshold", "cooldown", "minRate"];
  const schedule = withOptions("reduceOnPlateau", options, known, (_step, losses) => {
    let [now, best, bad, resting] = [rate, Number.POSITIVE_INFINITY, 0, 0];
    for (const loss of losses) {
      if (loss < best * (1 - threshold)) [best, bad] = [loss, 0];
      else bad++;
      if (resting > 0) [resting, bad] = [resting - 1, 0];
      if (bad > patience) [now, resting, bad] = [Math.max(now * factor, minRate), cooldown, 0];
    }
    return now;
  });
  numberIn("reduceOnPlateau: rate", rate, 0);
  numberIn("reduceOnPlateau: factor", factor, 0, 1);
  nonNegativeInteger("reduceOnPlateau: patience", patience);
  numberIn("reduceOnPlateau: threshold", threshold, 0, 1);
  nonNegativeInteger("reduceOnPlateau: cooldown", cooldown);
  numberIn("reduceOnPlateau: minRate", minRate, 0);
  positiveNumber("reduceOnPlateau: factor", factor);
  return schedule;
}
