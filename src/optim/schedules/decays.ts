/** Rates that fall by a formula. */
import { numberIn, positiveInteger, positiveNumber } from "../../tensor/arguments.js";
import type { Schedule } from "../learning-rate.js";
import { withOptions } from "./schedule.js";

/** What {@link exponential} takes. */
export interface ExponentialOptions {
  /** The rate at first. */
  readonly rate: number;
  /** Each step multiplies it by this. */
  readonly factor: number;
}

/** `rate × factor ** step`, as `torch.optim.lr_scheduler.ExponentialLR`. Throws ValueError. */
export function exponential(options: ExponentialOptions): Schedule {
  const { rate, factor } = options;
  const schedule = withOptions("exponential", options, ["rate", "factor"], (step) => rate * factor ** step);
  numberIn("exponential: rate", rate, 0);
  positiveNumber("exponential: factor", factor);
  return schedule;
}

/** What {@link linear} takes. */
export interface LinearOptions {
  /** The rate of the first step. */
  readonly from: number;
  /** The rate after `steps` steps, and from then on. Default 0. */
  readonly to?: number;
  readonly steps: number;
}

/** A straight line, down or up, as `torch.optim.lr_scheduler.LinearLR`. Throws ValueError. */
export function linear(options: LinearOptions): Schedule {
  return power("linear", options, ["from", "to", "steps"], 1);
}

/** What {@link polynomial} takes. */
export interface PolynomialOptions extends LinearOptions {
  /** Default 2. */
  readonly power?: number;
}

/**
 * `to + (from − to) × (1 − step / steps) ** power`, as `torch.optim.lr_scheduler.PolynomialLR` with `to` 0, and Keras's
 * PolynomialDecay. Throws ValueError.
 */
export function polynomial(options: PolynomialOptions): Schedule {
  return power("polynomial", options, ["from", "to", "steps", "power"], options.power ?? 2);
}

function power(name: string, options: LinearOptions, known: readonly string[], exponent: number): Schedule {
  const { from, to = 0, steps } = options;
  const schedule = withOptions(name, options, known, (step) => {
    return to + (from - to) * (1 - Math.min(step, steps) / steps) ** exponent;
  });
  numberIn(`${name}: from`, from, 0);
  numberIn(`${name}: to`, to, 0);
  positiveInteger(`${name}: steps`, steps);
  positiveNumber(`${name}: power`, exponent);
  return schedule;
}

/** What {@link inverseSqrt} takes. */
export interface InverseSqrtOptions {
  /** The largest rate, that of step `warmup`. */
  readonly peak: number;
  /** The steps on the way up. */
  readonly warmup: number;
}

/**
 * Up in a straight line, then down with the root of the step: the Transformer's first schedule (arXiv 1706.03762, section 5.3,
 * "Noam"), whose `peak` is `1 / √(width × warmup)`. Throws ValueError.
 */
export function inverseSqrt(options: InverseSqrtOptions): Schedule {
  const { peak, warmup } = options;
  const schedule = withOptions("inverseSqrt", options, ["peak", "warmup"], (step) => {
    return peak * Math.min((step + 1) / warmup, Math.sqrt(warmup / (step + 1)));
  });
  numberIn("inverseSqrt: peak", peak, 0);
  positiveInteger("inverseSqrt: warmup", warmup);
  return schedule;
}
