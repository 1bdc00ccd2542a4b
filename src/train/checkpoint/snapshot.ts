import { doublesOf, floatsOf, integersOf, type Stored, type StoredArrays, store } from "../../files/stored.js";
import { checkWeights, setWeights, type Weights } from "../../nn/weights.js";
import { creatorsStream, type StreamState } from "../../runtime/index.js";
import * as tf from "../../runtime/tf.js";
import { type RandomState, seedSource } from "../../tensor/random.js";
import type { EpochRecord } from "../observer.js";
import type { Position, Training } from "../training.js";
import type { Watch } from "../watch.js";
import { type Fingerprint, fingerprint } from "./fingerprint.js";

/** A run between two steps, on the host: nothing of it changes when training goes on. */
export interface Snapshot {
  /** The model's weights by path. */
  readonly weights: StoredArrays;
  /**
   * `optimizer.PATH.SLOT`, `history.QUANTITY` (a value a step), `statistics.QUANTITY` (a row a look), `best.PATH` of early stopping, `sums`
   * of the epoch that is under way.
   */
  readonly training: StoredArrays;
  readonly state: SavedState;
}

/** What JSON can hold of a {@link Snapshot}. */
export interface SavedState {
  readonly run: string;
  /** Steps of this run. */
  readonly step: number;
  /** How often a checkpoint is due, and how many are kept: for a run that goes on without saying. */
  readonly checkpoint: { readonly every: number | "epoch"; readonly keep: number };
  readonly fingerprint: Fingerprint;
  readonly position: Omit<Position, "sums">;
  readonly optimizer: {
    /** Null where it is a schedule, which whoever goes on gives again. */
    readonly learningRate: number | null;
    /** Steps of each trainable parameter. */
    readonly steps: readonly number[];
  };
  readonly random: {
    /** The model's own streams, in its order. */
    readonly model: readonly StreamState[];
    /** What `tf.randomNormal` and its like draw from. */
    readonly creators: StreamState;
    /** What `nn.seed` set. */
    readonly seeds: RandomState;
  };
  readonly epochs: readonly EpochRecord[];
}

/**
 * Copies everything that the steps to come depend on. To be called between two steps of the run, and none must be made until it has
 * resolved; the event loop goes on.
 */
export async function takeSnapshot(
  training: Training,
  checkpoint: SavedState["checkpoint"],
  watch: Watch,
): Promise<Snapshot> {
  const { model, history, settings } = training;
  const { optimizer } = settings;
  const trained = model.parameters.filter(({ trainable }) => trainable);
  const { sums, ...position } = training.position;
  const state: SavedState = {
    run: training.id,
    step: training.steps,
    checkpoint,
    fingerprint: fingerprint(training),
    position,
    optimizer: {
      learningRate: typeof optimizer.learningRate === "function" ? null : optimizer.learningRate,
      steps: trained.map((parameter) => optimizer.steps([parameter])),
    },
    random: {
      model: (model.streams ?? []).map(({ stream }) => stateOf(stream)),
      creators: stateOf(creatorsStream()),
      seeds: seedSource().state,
    },
    epochs: [...history.epochs],
  };
  const arrays = new Map<string, Stored>([[sumsName, store([sums.length], Float64Array.from(sums))]]);
  for (const [name, values] of history.steps.columns()) {
    arrays.set(`${historyPrefix}${name}`, store([values.length], values.slice()));
  }
  for (const [name, values] of history.statistics.columns()) {
    arrays.set(`${statisticsPrefix}${name}`, store([values.length], values));
  }
  const weights = new Map<string, Stored>();
  const copy = async (into: Map<string, Stored>, name: string, tensor: tf.Tensor): Promise<void> => {
    into.set(
      name,
      watch.whole(() => storeTensor(tensor)),
    );
    await watch.rest();
  };
  for (const { path, variable } of model.parameters) await copy(weights, path, variable);
  for (const [name, slot] of optimizer.state(trained)) await copy(arrays, `${optimizerPrefix}${name}`, slot);
  for (const [path, value] of training.bestWeights ?? []) await copy(arrays, `${bestPrefix}${path}`, value);
  return { weights, training: arrays, state };
}

/**
 * Puts model, optimizer, history, random numbers and run to where the snapshot was taken. The run must have its fingerprint. Throws
 * ValueError and ShapeError where weights or memory are not theirs; then nothing has changed.
 */
export function applySnapshot(training: Training, { weights, training: arrays, state }: Snapshot): void {
  const { model, history, settings } = training;
  tf.tidy(() => {
    const values: Weights = new Map([...weights].map(([path, stored]) => [path, loadTensor(stored)]));
    checkWeights("resume", model, values);
    restoreOptimizer(training, arrays, state.optimizer.steps);
    setWeights(model, values);
  });
  if (state.optimizer.learningRate !== null) settings.optimizer.learningRate = state.optimizer.learningRate;
  history.restore(doubles(arrays, historyPrefix), state.epochs, doubles(arrays, statisticsPrefix));
  const position = { ...state.position, sums: Array.from(doublesOf(arrays.get(sumsName)!)) };
  training.restore(state.run, position, bestWeights(arrays));
  state.random.model.forEach((stream, index) => {
    model.streams?.[index]?.stream.restore(stream);
  });
  creatorsStream().restore(state.random.creators);
  seedSource().restore(state.random.seeds);
}

const optimizerPrefix = "optimizer.";
const historyPrefix = "history.";
const statisticsPrefix = "statistics.";
const bestPrefix = "best.";
const sumsName = "sums";

function restoreOptimizer(training: Training, arrays: StoredArrays, steps: readonly number[]): void {
  const { optimizer } = training.settings;
  const trained = training.model.parameters.filter(({ trainable }) => trainable);
  const memory = new Map<string, tf.Tensor>();
  for (const [name, stored] of arrays) {
    if (name.startsWith(optimizerPrefix)) memory.set(name.slice(optimizerPrefix.length), loadTensor(stored));
  }
  optimizer.restore(trained, memory, steps);
}

/** What early stopping has kept. */
function bestWeights(arrays: StoredArrays): Weights | undefined {
  const kept = [...arrays].filter(([name]) => name.startsWith(bestPrefix));
  if (kept.length === 0) return undefined;
  return new Map(kept.map(([name, stored]) => [name.slice(bestPrefix.length), loadTensor(stored)]));
}

function doubles(arrays: StoredArrays, prefix: string): Map<string, Float64Array> {
  const found = [...arrays].filter(([name]) => name.startsWith(prefix));
  return new Map(found.map(([name, stored]) => [name.slice(prefix.length), doublesOf(stored)]));
}

function storeTensor(tensor: tf.Tensor): Stored {
  return store(tensor.shape, tensor.dataSync<"float32" | "int32" | "bool">());
}

function loadTensor(stored: Stored): tf.Tensor {
  const shape = [...stored.shape];
  if (stored.dtype === "I32") return tf.tensor(integersOf(stored), shape, "int32");
  if (stored.dtype === "BOOL") return tf.tensor(stored.bytes, shape, "bool");
  return tf.tensor(floatsOf(stored), shape, "float32");
}

function stateOf({ key, counter }: StreamState): StreamState {
  return { key, counter };
}
