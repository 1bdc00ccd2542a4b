import { ValueError } from "../errors.js";
import type { Model } from "../nn/module.js";
import { type History, HistoryLog } from "./history.js";
import type { Criteria } from "./options.js";
import type { Training } from "./training.js";

/** What training remembers of a model for as long as the model lives. */
export interface Remembered {
  readonly history: HistoryLog;
  /** The last run, until it is finished. */
  unfinished?: Training | undefined;
  /** Who is training the model now; a newer run takes over. */
  driver?: symbol;
  /** How the last run was judged. */
  criteria?: Criteria;
}

const memory = new WeakMap<Model, Remembered>();

/** What is remembered of the model; nothing yet for a new one. */
export function remembered(model: Model): Remembered {
  const known = memory.get(model);
  if (known !== undefined) return known;
  const fresh: Remembered = { history: new HistoryLog() };
  memory.set(model, fresh);
  return fresh;
}

/** Everything the model has gone through, run after run; empty before the first. It grows while the model trains. */
export function history(model: Model): History {
  return remembered(model).history;
}

/** The run that was interrupted or failed. Throws ValueError when there is none. */
export function unfinished(model: Model): Training {
  const training = remembered(model).unfinished;
  if (training !== undefined) return training;
  const steps = history(model).steps.length;
  throw new ValueError({
    what: "resume",
    expected: `a run of ${model.name} that is not finished`,
    got: steps === 0 ? "no run yet" : `only finished ones (${steps} steps)`,
    hint: "Train on with train.fit.",
  });
}
