import { ValueError } from "../errors.js";
import type { Model } from "../nn/module.js";
import { type History, HistoryLog } from "./history.js";
import { Judge, type JudgeOptions } from "./judge.js";
import type { RunEnd } from "./observer.js";
import type { Criteria } from "./options.js";
import type { Training } from "./training.js";

/** What training remembers of a model for as long as the model lives. */
export interface Remembered {
  readonly history: HistoryLog;
  /** The last run, until it is finished. */
  unfinished?: Training | undefined;
  /** How the last finished run ended. */
  lastEnd?: RunEnd;
  /** Who is training the model now; a newer run takes over. */
  driver?: symbol;
  /** How the last run was judged. */
  criteria?: Criteria;
  /** Those that judged it last, newest first. */
  judges: readonly Judge[];
}

const judgesKept = 3;

const memory = new WeakMap<Model, Remembered>();

/** What is remembered of the model; nothing yet for a new one. */
export function remembered(model: Model): Remembered {
  const known = memory.get(model);
  if (known !== undefined) return known;
  const fresh: Remembered = { history: new HistoryLog(), judges: [] };
  memory.set(model, fresh);
  return fresh;
}

/** Who judges the model by these criteria: the one that did so before, with what it has compiled, or a new one. */
export function judgeOf(model: Model, criteria: Criteria, options: JudgeOptions = {}): Judge {
  const memory = remembered(model);
  const judge =
    memory.judges.find((one) => one.judgesBy(model, criteria, options)) ?? new Judge(model, criteria, options);
  const judges = [judge, ...memory.judges.filter((one) => one !== judge)];
  for (const forgotten of judges.slice(judgesKept)) forgotten.end();
  memory.judges = judges.slice(0, judgesKept);
  return judge;
}

/** Everything the model has gone through, run after run; empty before the first. It grows while the model trains. */
export function history(model: Model): History {
  return remembered(model).history;
}

/** The run that was interrupted or failed. Throws ValueError when there is none, or where other weights are frozen than when it began. */
export function unfinished(model: Model): Training {
  const training = remembered(model).unfinished;
  if (training !== undefined) {
    assertSameWeights(model, training);
    return training;
  }
  const steps = history(model).steps.length;
  const { lastEnd } = remembered(model);
  const early = lastEnd?.reason === "early" ? `, the last one ended early: ${lastEnd.why}` : "";
  throw new ValueError({
    what: "resume",
    expected: `a run of ${model.name} that is not finished`,
    got: steps === 0 ? "no run yet" : `only finished ones (${steps} steps${early})`,
    hint: "Train on with train.fit.",
  });
}

/** What a run trains is settled when it begins: its steps are compiled, and its optimizer remembers. */
function assertSameWeights(model: Model, { parameters }: Training): void {
  const before = new Set(parameters);
  const changed = model.parameters.filter((parameter) => parameter.trainable !== before.has(parameter));
  const [first, ...rest] = changed;
  if (first === undefined) return;
  const more = rest.length === 0 ? "" : ` and ${rest.length} more`;
  throw new ValueError({
    what: "resume",
    expected: `the weights that the run began with, ${parameters.length} to be trained`,
    got: `${first.path}${more} ${first.trainable ? "given back" : "frozen"} since`,
    hint: `Take that back with nn.${first.trainable ? "freeze" : "unfreeze"}, or begin a run with train.fit: it goes on from these weights.`,
  });
}
