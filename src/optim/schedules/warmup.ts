import { ValueError } from "../../errors.js";
import { positiveInteger, show } from "../../tensor/arguments.js";
import type { LearningRate, Schedule } from "../learning-rate.js";
import { asSchedule, named } from "./schedule.js";

/**
 * Up in a straight line for `steps` steps to where `then` begins, and from there `then`, a rate or a schedule. The first step has
 * `1 / (steps + 1)` of it, so that none is for nothing: `torch.optim.lr_scheduler.LinearLR` with that factor. Throws ValueError.
 */
export function warmup(steps: number, then: LearningRate): Schedule {
  positiveInteger("warmup: steps", steps);
  const next = asSchedule("warmup: then", then);
  return named(`warmup(${steps}, ${next.name || "schedule"})`, (step, losses) =>
    step < steps ? (next(0, losses) * (step + 1)) / (steps + 1) : next(step - steps, losses),
  );
}

/**
 * One rate or schedule after another: the next one begins, at its own step 0, after `at[i]` steps, as
 * `torch.optim.lr_scheduler.SequentialLR`. Throws ValueError.
 */
export function join(rates: readonly LearningRate[], at: readonly number[]): Schedule {
  if (!Array.isArray(rates) || rates.length === 0) {
    throw new ValueError({ what: "join", expected: "a list of schedules", got: show(rates) });
  }
  const schedules = rates.map((rate: LearningRate, index) => asSchedule(`join: schedule ${index}`, rate));
  const rising = Array.isArray(at) && at.every((step, i) => Number.isSafeInteger(step) && step > (at[i - 1] ?? 0));
  if (!rising || at.length !== schedules.length - 1) {
    const expected = `${schedules.length - 1} rising steps, one between two schedules`;
    throw new ValueError({ what: "join: at", expected, got: show(at) });
  }
  const names = schedules.map(({ name }) => name || "schedule");
  return named(`join([${names.join(", ")}], [${at.join(", ")}])`, (step, losses) => {
    const past = at.filter((begin) => begin <= step);
    return schedules[past.length]!(step - (past.at(-1) ?? 0), losses);
  });
}
