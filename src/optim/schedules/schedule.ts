import { checkOptions, show } from "../../tensor/arguments.js";
import { checkRate, type Rate, type Schedule } from "../rate.js";

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
export function asSchedule(what: string, rate: Rate): Schedule {
  checkRate(what, rate);
  return typeof rate === "function" ? rate : named(String(rate), () => rate);
}

/** The same rate in every step. Throws ValueError. */
export function constant(rate: number): Schedule {
  return named(`constant(${rate})`, asSchedule("constant", rate));
}

/**
 * A schedule that counts epochs instead of steps: the rate changes where an epoch ends. `perEpoch(multiStep({ rate: 0.1, at: [30,
 * 60] }))` is PyTorch's MultiStepLR as it is mostly used.
 */
export function perEpoch(schedule: Schedule): Schedule {
  return named(`perEpoch(${schedule.name || "schedule"})`, (_step, losses) => schedule(losses.length, losses));
}
