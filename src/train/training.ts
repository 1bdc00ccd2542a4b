import { randomBytes } from "node:crypto";
import type { Dataset } from "../data/dataset.js";
import { NonFiniteError, ValueError } from "../errors.js";
import type { Model, Parameter } from "../nn/module.js";
import type { Weights } from "../nn/weights.js";
import type { Clock } from "./clock.js";
import { type BestEpoch, EarlyStopping } from "./early-stopping.js";
import type { HistoryLog } from "./history.js";
import { Means } from "./means.js";
import type { EpochRecord, RunEnd, RunPlan, StepRecord } from "./observer.js";
import type { Settings } from "./options.js";
import { withBatch } from "./step/draw.js";
import { Draws } from "./step/draws.js";
import type { LossScaleState } from "./step/loss-scale.js";
import { type StepResult, TrainStep } from "./step/step.js";
import { named } from "./values.js";
import { WeightWatch } from "./weight-statistics.js";

/** How far a run has come, beside weights, optimizer and history. */
export interface Position {
  readonly steps: number;
  readonly epochPending: boolean;
  /** Steps, epochs and records of epochs that the model had behind it when the run began. */
  readonly stepsBefore: number;
  readonly epochsBefore: number;
  readonly recordsBefore: number;
  /** Of the epoch that is under way. */
  readonly sums: readonly number[];
  readonly lossScale: LossScaleState | undefined;
}

/** One planned run over a data set and how far it has come. It may rest between any two steps and go on later. */
export class Training {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly settings: Settings;
  readonly history: HistoryLog;
  #id = newId();
  /** Steps that this run will have made when it is finished. */
  readonly length: number;
  /** The weights that it trains. */
  readonly parameters: readonly Parameter[];
  readonly #step: TrainStep;
  readonly #stepsPerEpoch: number;
  #stepsBefore: number;
  #epochsBefore: number;
  #recordsBefore: number;
  readonly #stopping: EarlyStopping | undefined;
  readonly #watch: WeightWatch | undefined;
  #steps = 0;
  readonly #draws: Draws;
  #means: Means;
  #epochPending = false;
  #end: RunEnd = { reason: "interrupted" };

  /** Throws ValueError when no parameter of the model may be trained. */
  constructor(model: Model, dataset: Dataset, settings: Settings, history: HistoryLog) {
    const parameters = model.parameters.filter((parameter) => parameter.trainable);
    if (parameters.length === 0) {
      const frozen = model.parameters.length > 0;
      throw new ValueError({
        what: "fit",
        expected: "a model with weights to train",
        got: frozen ? `${model.name} with all of them frozen` : `${model.name} without any`,
        ...(frozen && { hint: "nn.unfreeze(model) lets them move again." }),
      });
    }
    this.model = model;
    this.dataset = dataset;
    this.settings = settings;
    this.history = history;
    this.parameters = parameters;
    settings.optimizer.prepare(parameters);
    this.#step = new TrainStep({ ...settings, model, parameters });
    this.#stepsPerEpoch = Math.ceil(dataset.size / settings.batchSize);
    this.length = Math.min(settings.epochs * this.#stepsPerEpoch, settings.maxSteps);
    this.#stepsBefore = history.steps.length;
    this.#epochsBefore = Math.ceil(history.steps.at(-1)?.epoch ?? 0);
    this.#draws = new Draws(dataset, { ...settings, stepsPerEpoch: this.#stepsPerEpoch, length: this.length });
    this.#draws.epochsBefore = this.#epochsBefore;
    this.#recordsBefore = history.epochs.length;
    this.#stopping = settings.earlyStopping && new EarlyStopping(settings.earlyStopping, model);
    this.#watch = settings.statistics === undefined ? undefined : new WeightWatch(parameters);
    this.#means = this.#newMeans();
  }

  /** Names the run among all: when it began, in UTC, and chance. It goes on with it. */
  get id(): string {
    return this.#id;
  }

  /** Steps made so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Epochs made so far, as a fraction. */
  get epochs(): number {
    return this.#steps / this.#stepsPerEpoch;
  }

  /** The epochs that this run has closed. */
  get epochRecords(): readonly EpochRecord[] {
    return this.history.epochs.slice(this.#recordsBefore);
  }

  /** Whether the steps of an epoch, or the last steps, are done and {@link endEpoch} is due. */
  get epochPending(): boolean {
    return this.#epochPending;
  }

  /** Steps an epoch. */
  get stepsPerEpoch(): number {
    return this.#stepsPerEpoch;
  }

  /** Where the run is. */
  get position(): Position {
    return {
      steps: this.#steps,
      epochPending: this.#epochPending,
      stepsBefore: this.#stepsBefore,
      epochsBefore: this.#epochsBefore,
      recordsBefore: this.#recordsBefore,
      sums: this.#means.sums,
      lossScale: this.#step.lossScale,
    };
  }

  /** Goes on where another run of the same plan was, whose history is here already. The order of the examples needs no keeping: seed and epoch make it. */
  restore(id: string, position: Position, bestWeights?: Weights): void {
    this.#id = id;
    this.#steps = position.steps;
    this.#epochPending = position.epochPending;
    this.#stepsBefore = position.stepsBefore;
    this.#epochsBefore = position.epochsBefore;
    this.#recordsBefore = position.recordsBefore;
    this.#draws.epochsBefore = position.epochsBefore;
    this.#draws.forget();
    this.#means = this.#newMeans();
    this.#means.restore(position.sums);
    this.#step.restore(position.lossScale);
    this.#stopping?.restore(this.epochRecords, bestWeights);
  }

  /** Whether all steps are made, or no more of them make sense. */
  get finished(): boolean {
    return (this.#steps === this.length || this.#stopping?.why !== undefined) && !this.#epochPending;
  }

  /** The best epoch so far, where early stopping watches the run. */
  get best(): BestEpoch | undefined {
    return this.#stopping?.best;
  }

  /** The weights of the best epoch, where they are kept. Not copies. */
  get bestWeights(): Weights | undefined {
    return this.#stopping?.bestWeights;
  }

  /** How the run ended; "interrupted" as long as it goes on. */
  get end(): RunEnd {
    return this.#end;
  }

  /** The run is finished: it ends with its best weights where it was asked to. */
  conclude(): RunEnd {
    const why = this.#steps < this.length ? this.#stopping?.why : undefined;
    this.#stopping?.restoreBest();
    this.#end = why === undefined ? { reason: "finished" } : { reason: "early", why };
    return this.#end;
  }

  get plan(): RunPlan {
    const { settings, model } = this;
    return {
      model: model.name,
      parameters: model.parameters.reduce((sum, { variable }) => sum + variable.size, 0),
      optimizer: settings.optimizer.label,
      loss: settings.lossName,
      metrics: settings.metrics.flatMap(({ name, metric }) => (metric.many ? [] : [name])),
      epochs: settings.epochs,
      stepsPerEpoch: this.#stepsPerEpoch,
      batchSize: settings.batchSize,
      firstStep: this.#stepsBefore + this.#steps,
      lastStep: this.#stepsBefore + this.length,
      validated: settings.validate !== undefined,
      resumed: this.#steps > 0,
      rehearsal: settings.fastDevRun !== undefined,
    };
  }

  /** Waits for the examples of the next step, where they are not at hand; undefined where they are. Throws what reading them throws. */
  ready(): Promise<void> | undefined {
    return this.#draws.ready(this.#steps);
  }

  /**
   * The next step; a promise where it takes long. Throws NonFiniteError, with the weights as they were, when loss or gradients
   * are not finite. `clock` says how long the run goes on, and how fast.
   */
  step(clock: Clock): StepRecord | Promise<StepRecord> {
    const indices = this.#draws.indices(this.#steps);
    const learningRate = this.settings.optimizer.nextLearningRate(this.parameters);
    const record = (result: StepResult) => this.#record(result, indices.length, learningRate, clock);
    const { samples } = this.settings.weighing;
    const watched = this.#watch !== undefined && this.#steps % this.settings.statistics! === 0;
    if (watched) this.#watch?.begin();
    const result = withBatch(
      this.dataset,
      indices,
      (batch) => {
        this.#draws.lookAhead(this.#steps);
        return this.#step.run(batch, watched);
      },
      samples,
    );
    return result instanceof Promise ? result.then(record) : record(result);
  }

  #record(result: StepResult, examples: number, learningRate: number, clock: Clock): StepRecord {
    if (result.broken !== undefined) throw this.#nonFinite({ ...result, broken: result.broken }, learningRate);
    this.#steps++;
    this.#epochPending = this.#steps % this.#stepsPerEpoch === 0 || this.#steps === this.length;
    const { loss, weight = examples, states } = result;
    this.#means.add({ examples, loss, weight, states });
    const record = {
      step: this.#stepsBefore + this.#steps,
      epoch: this.#epochsBefore + this.epochs,
      loss,
      metrics: this.#measured(states),
      learningRate,
      gradientNorm: result.gradientNorm,
      ...clock.tick(examples),
    };
    this.history.steps.add(record);
    if (result.moments !== undefined && this.#watch !== undefined) {
      const weights = this.#watch.end(result.moments);
      this.history.statistics.add({ step: record.step, epoch: record.epoch, weights });
    }
    return record;
  }

  /** Frees what was compiled for the steps; a run that goes on compiles it again. */
  rest(): void {
    this.#draws.forget();
    this.#step.end();
    this.#watch?.rest();
  }

  /** Closes the epoch whose steps are done, with what was measured on the validation set. */
  endEpoch(validation: Means | undefined, clock: Clock): EpochRecord {
    const record: EpochRecord = {
      epoch: this.#epochsBefore + Math.ceil(this.epochs),
      step: this.#stepsBefore + this.#steps,
      loss: this.#means.loss,
      metrics: this.#means.metrics,
      ...(validation && { validation: { loss: validation.loss, metrics: validation.metrics } }),
      elapsed: clock.elapsed,
    };
    this.settings.optimizer.endEpoch(this.parameters, record.validation?.loss ?? record.loss);
    this.history.epochs.push(record);
    this.#stopping?.look(record);
    this.#means = this.#newMeans();
    this.#epochPending = false;
    return record;
  }

  /** What the metrics say of one batch. */
  #measured(states: StepResult["states"]): Record<string, number> {
    const { metrics } = this.settings;
    const each = metrics.map((one, index) => named(one, one.metric.result(states[index]!), this.dataset.classes));
    return Object.assign({}, ...each) as Record<string, number>;
  }

  #newMeans(): Means {
    return new Means(this.settings.metrics, this.dataset.classes, { rows: false });
  }

  #nonFinite({ broken, origin, loss }: StepResult & { broken: string }, learningRate: number): NonFiniteError {
    const step = this.#stepsBefore + this.#steps + 1;
    const data = broken.includes("batch");
    return new NonFiniteError({
      what: `fit: step ${step}`,
      expected: "finite numbers",
      got: `${broken === "the loss" ? "" : `NaN or infinity in ${broken} and `}a loss of ${loss} at learning rate ${learningRate}`,
      hint:
        "The step was not applied: weights and history are as before it. " +
        (origin === undefined ? "" : `The first number that is not finite came out of ${origin}. `) +
        (data
          ? "Look for missing numbers in the data."
          : `Try a smaller learning rate (${Number((learningRate / 10).toPrecision(3))}), smaller inputs (0 … 1), or look for a logarithm or a division by zero in the loss.`),
    });
  }
}

function newId(): string {
  const now = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  return `${now.slice(0, 8)}-${now.slice(8)}-${randomBytes(3).toString("hex")}`;
}
