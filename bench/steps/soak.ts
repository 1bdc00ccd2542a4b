import { adam } from "../../src/optim/index.js";
import { memory } from "../../src/runtime/index.js";
import { type FitOptions, fit, steps } from "../../src/train/index.js";
import { makeExamples, makeNetwork } from "./models.js";

/** What lives at one moment. */
export interface Sample {
  /** Steps, or runs, so far. */
  readonly at: number;
  readonly tensors: number;
  /** Resident memory, MB. */
  readonly rss: number;
}

/** What {@link soak} saw. */
export interface Soaked {
  /** Along one run of many steps. */
  readonly steps: readonly Sample[];
  /** Along many short runs, each of a new model: what a cell does that is run again and again. */
  readonly runs: readonly Sample[];
}

const samples = 10;
const batchSize = 32;

/** Trains the small MLP for `steps` steps, then `runs` new ones of the small CNN for three steps each. */
export async function soak(options: { steps: number; runs: number }): Promise<Soaked> {
  return { steps: await manySteps(options.steps), runs: await manyRuns(options.runs) };
}

function chosen(): FitOptions {
  return { loss: "crossEntropy", metrics: [], optimizer: adam(1e-3), batchSize };
}

async function manySteps(count: number): Promise<Sample[]> {
  const model = makeNetwork("mlp");
  const seen: Sample[] = [];
  let at = 0;
  for await (const _ of steps(model, makeExamples(model, batchSize), { ...chosen(), epochs: count, maxSteps: count })) {
    if (++at % (count / samples) === 0) seen.push(sample(at));
  }
  return seen;
}

async function manyRuns(count: number): Promise<Sample[]> {
  const seen: Sample[] = [];
  const examples = makeExamples(makeNetwork("cnn"), batchSize);
  for (let at = 1; at <= count; at++) {
    await fit(makeNetwork("cnn"), examples, { ...chosen(), maxSteps: 3 });
    if (at % (count / samples) === 0) seen.push(sample(at));
  }
  return seen;
}

function sample(at: number): Sample {
  return { at, tensors: memory().tensors, rss: process.memoryUsage().rss / 2 ** 20 };
}
