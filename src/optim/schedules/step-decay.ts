import { ValueError } from "../../errors.js";
import { numberIn, positiveInteger, positiveNumber, show } from "../../tensor/arguments.js";
import type { Schedule } from "../learning-rate.js";
import { withOptions } from "./schedule.js";

/** What {@link stepDecay} takes. */
export interface StepDecayOptions {
  /** The rate at first. */
  readonly rate: number;
  /** After so many steps, and so many again, it is multiplied. */
  readonly every: number;
  /** By this. Default 0.1. */
  readonly factor?: number;
}

/** Stairs of equal length, as `torch.optim.lr_scheduler.StepLR`. Throws ValueError. */
export function stepDecay(options: StepDecayOptions): Schedule {
  const { rate, every, factor = 0.1 } = options;
  const schedule = withOptions("stepDecay", options, ["rate", "every", "factor"], (step) => {
    return rate * factor ** Math.floor(step / every);
  });
  numberIn("stepDecay: rate", rate, 0);
  positiveInteger("stepDecay: every", every);
  positiveNumber("stepDecay: factor", factor);
  return schedule;
}

/** What {@link multiStep} takes. */
export interface MultiStepOptions {
  /** The rate at first. */
  readonly rate: number;
  /** After each of these numbers of steps it is multiplied. */
  readonly at: readonly number[];
  /** By this. Default 0.1. */
  readonly factor?: number;
}

/** Stairs that go down where one says, as `torch.optim.lr_scheduler.MultiStepLR`. Throws ValueError. */
export function multiStep(options: MultiStepOptions): Schedule {
  const { rate, at, factor = 0.1 } = options;
  const schedule = withOptions("multiStep", options, ["rate", "at", "factor"], (step) => {
    return rate * factor ** at.filter((stair) => stair <= step).length;
  });
  numberIn("multiStep: rate", rate, 0);
  positiveNumber("multiStep: factor", factor);
  if (!Array.isArray(at) || !at.every((stair) => Number.isSafeInteger(stair) && stair > 0)) {
    throw new ValueError({ what: "multiStep: at", expected: "a list of steps like [30, 60]", got: show(at) });
  }
  return schedule;
}
