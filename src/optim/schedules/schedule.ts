import { checkOptions, numberIn, show } from "../../tensor/arguments.js";
import { checkLearningRate, type LearningRate, type Schedule } from "../learning-rate.js";

/** A schedule with a name that labels show: `cosine({ peak: 0.001, steps: 1000 })`. */
export function named(name: string, schedule: Schedule): Schedule {
  return Object.defineProperty(schedule, "name", { value: name });
}

/** A schedule that goes by its name and options. Throws ValueError on options that are not `known`. */
export function withOptions(name: string, options: object, known: readonly string[], schedule: Schedule): Schedule {
  checkOptions(name, options, known);
  const shown = Object.entries(options).map(([key, value]) => `${key}: ${show(value)}`);
  return named(`${name}({ ${shown.join(", ")} })`, schedule);
}

/** A number as the schedule that always gives it. Throws ValueError. */
export function asSchedule(what: string, rate: LearningRate): Schedule {
  checkLearningRate(what, rate);
  return typeof rate === "function" ? rate : named(String(rate), () => rate);
}

/** The same rate in every step. Throws ValueError. */
export function constant(rate: number): Schedule {
  numberIn("constant", rate, 0);
  return named(`constant(${rate})`, () => rate);
}

/**
 * A schedule that counts epochs instead of steps: the rate changes where an epoch ends. `perEpoch(multiStep({ rate: 0.1, at: [30,
 * 60] }))` is PyTorch's MultiStepLR as it is mostly used. Throws ValueError.
 */
export function perEpoch(schedule: Schedule): Schedule {
  const next = asSchedule("perEpoch", schedule);
  return named(`perEpoch(${next.name || "schedule"})`, (_step, losses) => next(losses.length, losses));
}
