import type { Batch } from "../../data/dataset.js";
import type { Gathered } from "../../nn/metrics/metric.js";
import type { Optimizer } from "../../optim/optimizer.js";
import { type Compiled, compiled, fed, findAnomaly, type Precision, userLine, when } from "../../runtime/index.js";
import * as tf from "../../runtime/tf.js";
import { squaredNorm } from "../../tensor/norm.js";
import { scope } from "../scope.js";
import { momentsOf } from "../weight-statistics.js";
import type { Clip } from "./clip.js";
import { type Drawn, drawnOf, tensorsOf } from "./draw.js";
import { learningLength } from "./halves.js";
import { type Learned, type LearnParts, learn } from "./learn.js";
import { LossScale, type LossScaleState } from "./loss-scale.js";
import { Parts } from "./parts.js";
import { States, type Unpacked } from "./states.js";

/** What one step needs besides a batch. */
export interface StepParts extends LearnParts {
  readonly precision: Precision;
  readonly jit: "xla" | undefined;
  readonly optimizer: Optimizer;
  /** What becomes of the gradients before they reach the optimizer. */
  readonly clip: Clip | undefined;
}

/** What came of a step. */
export interface StepResult {
  readonly loss: number;
  /** √ of the sum of the squares of all gradients, before they were clipped. */
  readonly gradientNorm: number;
  /** How much it counts among other batches, where that is not the number of its examples. */
  readonly weight?: number;
  /** What the metrics gathered, in the order of the criteria's. */
  readonly states: readonly (readonly Gathered[])[];
  /** Of the gradients, as {@link momentsOf} has them, where the step was watched. */
  readonly moments?: ArrayLike<number> | undefined;
  /** What was not finite, where the step was not applied for that reason. */
  readonly broken?: string;
  /** Where it came from: `Log, at In[3]:2:15`. */
  readonly origin?: string;
}

/** What a watched step tells beside the others. */
interface Watched {
  readonly moments?: ArrayLike<number>;
}

/** The same work, and the same which also tells what the gradients are like: compiled when it is first asked for. */
interface Ways {
  readonly plain: Compiled;
  readonly watched: Compiled;
}

/**
 * Forward, backward, and one move of the optimizer, unless the loss or a gradient is not finite: then no weight is touched.
 * It is traced and run as one function of TensorFlow, or a large batch as some of them; all numbers come back in one read.
 */
export class TrainStep {
  readonly #parts: StepParts;
  readonly #states: States;
  readonly #whole: Ways;
  /** What is left to do where a batch was learned from a part at a time. */
  readonly #rest: Ways;
  readonly #inParts: Parts;
  /** Only where float16 needs it. */
  readonly #scale: LossScale | undefined;

  constructor(parts: StepParts) {
    this.#parts = parts;
    this.#states = new States(parts.metrics);
    this.#scale = parts.precision === "mixed-fp16" ? new LossScale() : undefined;
    const scale = () => this.#scale && fed([], "float32", () => [this.#scale!.factor]);
    this.#inParts = new Parts(parts, parts.precision, scale);
    const settings = { precision: parts.precision, xla: parts.jit === "xla" };
    const ways = (learned: (inputs: readonly tf.Tensor[]) => Learned): Ways => {
      const way = (watched: boolean) => compiled("fit", (inputs) => this.#move(learned(inputs), watched), settings);
      return { plain: way(false), watched: way(true) };
    };
    this.#whole = ways((inputs) => learn(parts, drawnOf(inputs), scale()));
    this.#rest = ways((inputs) => this.#inParts.join(inputs));
  }

  /** The state of the loss scaling; undefined where there is none. */
  get lossScale(): LossScaleState | undefined {
    return this.#scale?.state;
  }

  /** Goes on with the loss scaling of another run. */
  restore(lossScale: LossScaleState | undefined): void {
    if (lossScale !== undefined) this.#scale?.restore(lossScale);
  }

  /**
   * Where a step takes long it is made on another thread, so that the event loop goes on: then a promise. `watched`: tells what its
   * gradients are like, too.
   */
  run(batch: Drawn, watched = false): StepResult | Promise<StepResult> {
    const { model, loss, optimizer, parameters, accumulate, jit } = this.#parts;
    optimizer.prepare(parameters);
    const size = batch.x.shape[0]!;
    const length = accumulate === 1 && jit === undefined ? learningLength(model, loss, size) : size;
    if (length < size) return this.#runInParts(batch, length, watched);
    return this.#run(this.#whole, tensorsOf(batch), batch, watched);
  }

  /** Frees what was compiled. */
  end(): void {
    this.#inParts.end();
    for (const { plain, watched } of [this.#whole, this.#rest]) {
      plain.end();
      watched.end();
    }
  }

  async #runInParts(batch: Drawn, length: number, watched: boolean): Promise<StepResult> {
    const learned = await this.#inParts.learn(batch, length);
    try {
      return await this.#run(this.#rest, learned, batch, watched);
    } finally {
      tf.dispose(learned);
    }
  }

  #run(ways: Ways, inputs: readonly tf.Tensor[], batch: Drawn, watched: boolean): StepResult | Promise<StepResult> {
    const work = watched ? ways.watched : ways.plain;
    const read = (results: readonly tf.Tensor[]) => {
      if (!watched) return this.#states.unpack(results);
      const moments = results.at(-1)!;
      return { ...this.#states.unpack(results.slice(0, -1)), moments: taken(moments) };
    };
    const made = scope(() => {
      const results = work.start(inputs);
      return results instanceof Promise ? results : read(results);
    });
    const judged = (numbers: Unpacked & Watched) => this.#judge(numbers, batch);
    return made instanceof Promise ? made.then((results) => judged(read(results))) : judged(made);
  }

  #judge({ numbers, states, moments }: Unpacked & Watched, batch: Drawn): StepResult | Promise<StepResult> {
    const [loss, squares, weight] = numbers as [number, number, number?];
    const result = {
      loss,
      gradientNorm: Math.sqrt(squares),
      states,
      moments,
      ...(weight !== undefined && { weight }),
    };
    if (Number.isFinite(loss + squares)) {
      this.#scale?.succeeded();
      return result;
    }
    // The weights are as they were.
    if (this.#scale?.failed()) return this.run(batch, moments !== undefined);
    return { ...result, ...scope(() => this.#cause(batch, loss)) };
  }

  /** Makes the step once more, operation by operation, to see what it was. */
  #cause(batch: Drawn, loss: number): { broken: string; origin?: string } {
    let gradients: readonly string[] = [];
    const { parameters } = this.#parts;
    const anomaly = findAnomaly(() =>
      scope(() => {
        const made = learn(this.#parts, batch).gradients;
        gradients = parameters.filter((_, index) => !allFinite(made[index]!)).map(({ path }) => path);
      }),
    );
    const broken = Number.isFinite(loss)
      ? `the gradient of ${gradients[0] ?? "all parameters"}`
      : (brokenInput(batch) ?? "the loss");
    if (anomaly === undefined) return { broken };
    const line = userLine(anomaly.place);
    return { broken, origin: line === "" ? anomaly.operation : `${anomaly.operation}, ${line}` };
  }

  /**
   * → [loss, sum of the squares of all gradients, what the batch counts where that varies, ...metrics]; moves the weights unless one of
   * the first two is not finite.
   */
  #move({ value, share, gradients, measured, remembered }: Learned, watched: boolean): tf.Tensor[] {
    const { optimizer, parameters, clip } = this.#parts;
    const squares = squaredNorm(gradients);
    const numbers = share === undefined ? [value, squares] : [value, squares, share];
    when(value.add(squares).isFinite(), () => {
      optimizer.step(parameters, clip?.(gradients, parameters, squares) ?? gradients);
      for (const [weight, value] of remembered) weight.assign(value);
    });
    const results = this.#states.pack(numbers, measured);
    return watched ? [...results, momentsOf(gradients)] : results;
  }
}

function brokenInput({ x, y }: Batch): string | undefined {
  if (!allFinite(x)) return "an input of the batch";
  return allFinite(y) ? undefined : "a target of the batch";
}

function allFinite(tensor: tf.Tensor): boolean {
  return tensor.toFloat().isFinite().all().dataSync()[0] === 1;
}

function taken(tensor: tf.Tensor): ArrayLike<number> {
  const values = tensor.dataSync();
  tensor.dispose();
  return values;
}
