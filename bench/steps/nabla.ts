/** This library as a peer of the bench: asked in JSON, a line each, on stdin; answers on descriptor 3. See peer.py. */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Batch, Dataset } from "../../src/data/index.js";
import { lossCurve } from "../../src/display/loss-curve.js";
import { hostSymbol } from "../../src/door.js";
import * as nn from "../../src/nn/index.js";
import { adam } from "../../src/optim/index.js";
import { runtimeInfo } from "../../src/runtime/index.js";
import { type FitOptions, fit, type StepRecord, steps } from "../../src/train/index.js";
import { criteria } from "../../src/train/options.js";
import { scope } from "../../src/train/scope.js";
import { TrainStep } from "../../src/train/step/step.js";
import { batchesHeld, makeExamples, makeNetwork, vocab } from "./models.js";
import { makeNotebook } from "./notebook.js";
import { soak } from "./soak.js";

type Loop = AsyncGenerator<StepRecord, void, undefined>;

/** Steps that are not measured: the first one compiles. */
const warmUp = 2;

/** A model with a batch of a size. */
class Case {
  readonly #model: nn.Model;
  readonly #examples: Dataset;
  readonly #options: FitOptions;
  /** The one that all bare steps are made with, as those of the peers are. */
  readonly #batch: Batch;
  readonly #step: TrainStep;
  #loop: Loop | undefined;

  constructor(model: string, batchSize: number) {
    this.#model = makeNetwork(model);
    this.#examples = makeExamples(this.#model, batchSize);
    const optimizer = adam(1e-3);
    this.#options = { loss: "crossEntropy", metrics: [], optimizer, batchSize, epochs: 1e6 };
    this.#batch = this.#examples.batch(Array.from({ length: batchSize }, (_, index) => index));
    const parameters = this.#model.parameters.filter(({ trainable }) => trainable);
    const plain = { clip: undefined, accumulate: 1, precision: "float32", jit: undefined } as const;
    const parts = { model: this.#model, parameters, optimizer, ...plain };
    this.#step = new TrainStep({ ...parts, weighing: {}, ...criteria("bench", "crossEntropy", []) });
  }

  /** How many numbers are trained. */
  get parameters(): number {
    return this.#model.parameters.reduce((sum, { trainable, variable }) => sum + (trainable ? variable.size : 0), 0);
  }

  async first(): Promise<number> {
    const begin = performance.now();
    await this.#step.run(this.#batch);
    return performance.now() - begin;
  }

  async step({ seconds }: { seconds: number }): Promise<number[]> {
    for (let i = 0; i <= warmUp; i++) await this.#step.run(this.#batch);
    return milliseconds(() => this.#step.run(this.#batch), seconds);
  }

  async forward({ seconds }: { seconds: number }): Promise<number[]> {
    const forward = () => {
      const output = this.#model.predict(this.#batch.x);
      output.dataSync();
      output.dispose();
    };
    // The first call runs operation by operation, the second one compiles.
    for (let i = 0; i <= warmUp; i++) forward();
    return milliseconds(forward, seconds);
  }

  /** One whole run in a notebook that shows its curve. */
  async fit({ steps: count }: { steps: number }): Promise<{ step: number; around: number }> {
    await this.#leave();
    const ends: number[] = [];
    const clock = { onStep: () => void ends.push(performance.now()) };
    const length = { epochs: Math.max(1, Math.floor(count / batchesHeld)), maxSteps: count };
    const begin = performance.now();
    await withNotebook(() =>
      fit(this.#model, this.#examples, { ...this.#options, ...length, observers: [lossCurve(), clock] }),
    );
    const whole = performance.now() - begin;
    const step = (ends.at(-1)! - ends[0]!) / (ends.length - 1);
    return { step, around: whole - step * ends.length };
  }

  /** The losses of the first steps, from weights that are larger by `nudge` of them. */
  async losses({ steps: count, nudge }: { steps: number; nudge: number }): Promise<number[]> {
    const losses: number[] = [];
    if (nudge > 0) scope(() => this.#model.parameters.map(({ variable }) => variable.assign(variable.mul(1 + nudge))));
    for (let i = 0; i < count; i++) losses.push((await this.#next()).loss);
    return losses;
  }

  async #next(): Promise<StepRecord> {
    this.#loop ??= steps(this.#model, this.#examples, this.#options);
    return (await this.#loop.next()).value!;
  }

  /** Another run may take over from here on. */
  async #leave(): Promise<void> {
    await this.#loop?.return();
    this.#loop = undefined;
  }
}

/** What is measured at once lasts so many milliseconds, or one step. See peer.py. */
const window = 25;

/** How long one `action` takes, once for each window that fits into `seconds`. */
async function milliseconds(action: () => unknown, seconds: number): Promise<number[]> {
  const windows: number[] = [];
  const end = performance.now() + seconds * 1e3;
  do {
    const begin = performance.now();
    let elapsed = 0;
    let count = 0;
    for (; elapsed < window; elapsed = performance.now() - begin) {
      await action();
      count++;
    }
    windows.push(elapsed / count);
  } while (performance.now() < end);
  return windows;
}

const notebook = makeNotebook();

/** Does something as a cell does it. */
async function withNotebook(work: () => Promise<unknown>): Promise<void> {
  const place = globalThis as { [hostSymbol]?: unknown };
  place[hostSymbol] = notebook;
  try {
    await work();
  } finally {
    delete place[hostSymbol];
  }
}

let gpt: nn.Model | undefined;
const letters = {
  encode: (text: string) => Array.from(text, (letter) => letter.charCodeAt(0) % vocab),
  decode: (tokens: ArrayLike<number>) => Array.from(tokens, (token) => String.fromCharCode(vocab + token)).join(""),
};

/** Tokens a second. */
async function generate({ count }: { count: number }): Promise<number> {
  const prompt = letters.decode([0]);
  if (gpt === undefined) {
    gpt = makeNetwork("gpt");
    await nn.generate(gpt, letters, { prompt, length: 8 });
  }
  const begin = performance.now();
  await nn.generate(gpt, letters, { prompt, length: count });
  return (count / (performance.now() - begin)) * 1e3;
}

function hello(): string {
  const { backend, tensorflowVersion } = runtimeInfo();
  const how = process.env.NABLA_COMPILE === "off" ? "operation by operation" : "compiled";
  return `Nabla, backend ${backend}, TensorFlow ${tensorflowVersion}, ${how}, Node ${process.versions.node}`;
}

type Request = { readonly do: string } & Record<string, unknown>;

const cases = new Map<unknown, Case>();

async function answer({ do: what, ...request }: Request): Promise<unknown> {
  if (what === "hello") return hello();
  if (what === "memory") return process.resourceUsage().maxRSS / 1024;
  if (what === "generate") return generate(request as { count: number });
  if (what === "soak") return soak(request as { steps: number; runs: number });
  if (what === "make") {
    const made = new Case(request.model as string, request.batch as number);
    cases.set(request.batch, made);
    return made.parameters;
  }
  const { batch, ...rest } = request;
  const measures = cases.get(batch) as unknown as Record<string, (options: object) => Promise<unknown>>;
  return measures[what]!(rest);
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply: object;
  try {
    reply = { value: await answer(JSON.parse(line) as Request) };
  } catch (error) {
    reply = { error: error instanceof Error ? error.stack : String(error) };
  }
  writeSync(3, `${JSON.stringify(reply)}\n`);
}
