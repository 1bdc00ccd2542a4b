import { ValueError } from "../errors.js";
import { numberIn, show } from "../tensor/arguments.js";

/**
 * Learning rates over time. `step` counts the steps made before, so that the first one asks for `schedule(0, [])`; `losses` are
 * those of the epochs that have ended, oldest first: of the validation where there was one. It gives the same for the same, so
 * that a run that goes on, or is made again, gets the same rates.
 */
export type Schedule = (step: number, losses: readonly number[]) => number;

/** How far a step goes: a number, or a {@link Schedule} of numbers. */
export type LearningRate = number | Schedule;

/** Throws ValueError unless it is a number from 0 or a function. */
export function checkLearningRate(what: string, rate: LearningRate): void {
  if (typeof rate === "function") return;
  if (typeof rate !== "number") {
    const hint = "It comes first, before the options: optim.adam(1e-3, { … }).";
    throw new ValueError({ what, expected: "a number from 0, or a schedule", got: show(rate), hint });
  }
  numberIn(what, rate, 0);
}

/** The rate of a step. Throws ValueError, which names the step, unless it is a finite number from 0. */
export function learningRateAt(label: string, rate: LearningRate, step: number, losses: readonly number[]): number {
  const value: unknown = typeof rate === "function" ? rate(step, losses) : rate;
  if (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new ValueError({
    what: `${label}: learningRate of step ${step + 1}`,
    expected: "a finite number from 0",
    got: show(value),
    ...(typeof rate === "function" && { hint: `${showLearningRate(rate)} gave it.` }),
  });
}

/** A rate as labels show it: `0.001`, `cosine({ peak: 0.001, steps: 1000 })`. */
export function showLearningRate(rate: LearningRate): string {
  if (typeof rate === "function") return rate.name || "schedule";
  return typeof rate === "number" ? String(rate) : show(rate);
}
