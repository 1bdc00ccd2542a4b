import type { Batch } from "../data/dataset.js";
import { ShapeError } from "../errors.js";
import type { Model, Parameter } from "../nn/module.js";
import type { Optimizer } from "../optim/optimizer.js";
import { type Compiled, compiled, findAnomaly, type Precision, userLine, when } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";
import { showShape } from "../tensor/shape.js";
import type { Criteria } from "./options.js";
import { scope } from "./scope.js";

/** What one step needs besides a batch. */
export interface StepParts extends Criteria {
  readonly precision: Precision;
  readonly model: Model;
  readonly parameters: readonly Parameter[];
  readonly optimizer: Optimizer;
}

/** What came of a step. */
export interface StepResult {
  readonly loss: number;
  /** In the order of the criteria's metrics. */
  readonly metrics: readonly number[];
  /** What was not finite, where the step was not applied for that reason. */
  readonly broken?: string;
  /** Where it came from: `Log, at In[3]:2:15`. */
  readonly origin?: string;
}

/**
 * Forward, backward, and one move of the optimizer, unless the loss or a gradient is not finite: then no weight is touched.
 * It is recorded and replayed as one function of TensorFlow; all numbers come back in one read.
 */
export class TrainStep {
  readonly #parts: StepParts;
  readonly #compiled: Compiled;

  constructor(parts: StepParts) {
    this.#parts = parts;
    this.#compiled = compiled("fit", (inputs) => this.#work({ x: inputs[0]!, y: inputs[1]! }), {
      precision: parts.precision,
    });
  }

  /** Where a step takes long it is made on another thread, so that the event loop goes on: then a promise. */
  run(batch: Batch): StepResult | Promise<StepResult> {
    const { optimizer, parameters } = this.#parts;
    optimizer.prepare(parameters);
    const made = scope(() => {
      const results = this.#compiled.start([batch.x, batch.y]);
      return results instanceof Promise ? results : this.#result(results[0]!, batch);
    });
    return made instanceof Promise ? made.then(([numbers]) => this.#result(numbers!, batch)) : made;
  }

  /** Frees what was compiled. */
  end(): void {
    this.#compiled.end();
  }

  #result(numbers: tf.Tensor, batch: Batch): StepResult {
    const { parameters } = this.#parts;
    const [loss, ...rest] = numbers.dataSync();
    numbers.dispose();
    const [sums, metrics] = [rest.slice(0, parameters.length), rest.slice(parameters.length)];
    const broken = Number.isFinite(loss)
      ? brokenGradient(parameters, sums)
      : scope(() => brokenInput(batch) ?? "the loss");
    return { loss: loss!, metrics, ...(broken !== undefined && { broken, ...this.#origin(batch) }) };
  }

  /** Makes the step once more, operation by operation, to see which one it was. */
  #origin(batch: Batch): { origin?: string } {
    const anomaly = findAnomaly(() => scope(() => differentiate(this.#parts, batch)));
    if (anomaly === undefined) return {};
    const line = userLine(anomaly.place);
    return { origin: line === "" ? anomaly.operation : `${anomaly.operation}, ${line}` };
  }

  /** → [loss, the sum of each gradient, ...metrics]; moves the weights unless one of the sums, or the loss, is not finite. */
  #work(batch: Batch): tf.Tensor[] {
    const { metrics, optimizer, parameters } = this.#parts;
    const { value, gradients, prediction, remembered } = differentiate(this.#parts, batch);
    const measured = metrics.map(({ measure }) => measure(prediction, batch.y));
    const sums = gradients.map((gradient) => gradient.sum());
    const numbers = tf.stack([value, ...sums, ...measured].map((one) => one.asScalar().toFloat()));
    const finite = numbers
      .slice(0, 1 + sums.length)
      .isFinite()
      .all();
    when(finite, () => {
      optimizer.step(parameters, gradients);
      for (const [weight, value] of remembered) weight.assign(value);
    });
    return [numbers];
  }
}

/**
 * Loss, gradients (one for each parameter, zero where the loss does not depend on it), prediction, and what layers want to keep
 * of the batch.
 */
function differentiate({ model, parameters, loss }: StepParts, { x, y }: Batch) {
  const variables = parameters.map(({ variable }) => variable);
  const kept: tf.Tensor[] = [];
  const keep = (tensor: tf.Tensor): number => kept.push(tf.keep(tensor));
  const weights: tf.Variable[] = [];
  try {
    const { value, grads } = tf.variableGrads(() => {
      const remember = (weight: tf.Variable, value: tf.Tensor) => {
        weights.push(weight);
        keep(value);
      };
      const prediction = model.forward(x, { training: true, remember });
      keep(prediction);
      return scalar(loss(prediction, y));
    }, variables);
    const gradients = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
    const values = kept.map((tensor) => tensor.clone());
    const remembered = weights.map((weight, index) => [weight, values[index]!] as const);
    return { value, gradients, prediction: values.at(-1)!, remembered };
  } finally {
    for (const tensor of kept) tensor.dispose();
  }
}

function scalar(value: tf.Tensor): tf.Scalar {
  if (value.size === 1) return value.asScalar();
  const got = `${showShape(value.shape)}`;
  throw new ShapeError({ what: "loss", expected: "one number", got, hint: "End the loss with .mean()." });
}

/** A sum is finite only if its parts are. */
function brokenGradient(parameters: readonly Parameter[], sums: readonly number[]): string | undefined {
  const place = sums.findIndex((sum) => !Number.isFinite(sum));
  return place < 0 ? undefined : `the gradient of ${parameters[place]!.path}`;
}

function brokenInput({ x, y }: Batch): string | undefined {
  if (!allFinite(x)) return "an input of the batch";
  return allFinite(y) ? undefined : "a target of the batch";
}

function allFinite(tensor: tf.Tensor): boolean {
  return tensor.toFloat().isFinite().all().dataSync()[0] === 1;
}
