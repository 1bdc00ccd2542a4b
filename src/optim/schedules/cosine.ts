import { ValueError } from "../../errors.js";
import { nonNegativeInteger, numberIn, positiveInteger } from "../../tensor/arguments.js";
import type { Schedule } from "../learning-rate.js";
import { withOptions } from "./schedule.js";
import { warmup as warmedUp } from "./warmup.js";

/** What {@link cosine} takes. */
export interface CosineOptions {
  /** The largest rate, from which it falls. */
  readonly peak: number;
  /** The steps of the whole schedule, `warmup` included. */
  readonly steps: number;
  /** The steps on the way up, a straight line: {@link warmup}. Default 0. */
  readonly warmup?: number;
  /** The rate after `steps` steps, and from then on. Default 0. */
  readonly to?: number;
}

/** Half a wave of the cosine (arXiv 1608.03983), as `torch.optim.lr_scheduler.CosineAnnealingLR`. Throws ValueError. */
export function cosine(options: CosineOptions): Schedule {
  const { peak, steps, warmup = 0, to = 0 } = options;
  const fall: Schedule = (step) => fallen(peak, to, Math.min(step / (steps - warmup), 1));
  const rise = warmup > 0 ? warmedUp(warmup, fall) : fall;
  const known = ["peak", "steps", "warmup", "to"];
  const schedule = withOptions("cosine", options, known, (step, losses) => rise(step, losses));
  numberIn("cosine: peak", peak, 0);
  positiveInteger("cosine: steps", steps);
  numberIn("cosine: to", to, 0);
  nonNegativeInteger("cosine: warmup", warmup);
  if (warmup < steps) return schedule;
  throw new ValueError({ what: "cosine: warmup", expected: `less than the ${steps} steps`, got: String(warmup) });
}

/** What {@link cosineRestarts} takes. */
export interface CosineRestartsOptions {
  /** The rate at the beginning of each fall. */
  readonly peak: number;
  /** The steps of the first fall. */
  readonly steps: number;
  /** Each fall is so many times as long as the one before. Default 1. */
  readonly grow?: number;
  /** Where a fall ends. Default 0. */
  readonly to?: number;
}

/**
 * One fall of the cosine after another (arXiv 1608.03983), as `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`. Throws
 * ValueError.
 */
export function cosineRestarts(options: CosineRestartsOptions): Schedule {
  const { peak, steps, grow = 1, to = 0 } = options;
  const schedule = withOptions("cosineRestarts", options, ["peak", "steps", "grow", "to"], (step) => {
    let [at, length] = [step, steps];
    if (grow === 1) at %= steps;
    for (; at >= length; length *= grow) at -= length;
    return fallen(peak, to, at / length);
  });
  numberIn("cosineRestarts: peak", peak, 0);
  positiveInteger("cosineRestarts: steps", steps);
  positiveInteger("cosineRestarts: grow", grow);
  numberIn("cosineRestarts: to", to, 0);
  return schedule;
}

/** What {@link oneCycle} takes. */
export interface OneCycleOptions {
  /** The largest rate. */
  readonly peak: number;
  /** The steps of the whole schedule. */
  readonly steps: number;
  /** The share of the steps on the way up, 0 … 1. Default 0.3. */
  readonly rise?: number;
  /** The rate of the first step. Default `peak / 25`. */
  readonly from?: number;
  /** The rate of the last step, and from then on. Default `from / 10,000`. */
  readonly to?: number;
}

/** Up and down, both by the cosine (arXiv 1708.07120), as `torch.optim.lr_scheduler.OneCycleLR`. Throws ValueError. */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { peak, steps, rise = 0.3, from = peak / 25, to = from / 1e4 } = options;
  const [top, last] = [rise * steps - 1, steps - 1];
  const schedule = withOptions("oneCycle", options, ["peak", "steps", "rise", "from", "to"], (step) => {
    return step < top ? fallen(from, peak, step / top) : fallen(peak, to, Math.min((step - top) / (last - top), 1));
  });
  numberIn("oneCycle: peak", peak, 0);
  positiveInteger("oneCycle: steps", steps);
  numberIn("oneCycle: rise", rise, 0, 1);
  numberIn("oneCycle: from", from, 0);
  numberIn("oneCycle: to", to, 0);
  return schedule;
}

/** Between two rates, along half a wave of the cosine; `share` of the way is behind. */
function fallen(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
}
