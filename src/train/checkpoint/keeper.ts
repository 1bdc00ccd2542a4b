import type { Training } from "../training.js";
import type { Watch } from "../watch.js";
import { writeCheckpoint } from "./checkpoint-folder.js";
import type { CheckpointSettings } from "./checkpoint-options.js";
import { checkpointPath, prune } from "./checkpoints.js";
import { takeSnapshot } from "./snapshot.js";

/**
 * Writes the checkpoints of a run. The run waits while its numbers are copied, not while they are written; the next checkpoint
 * waits for the one before it.
 */
export class Keeper {
  readonly #training: Training;
  readonly #settings: CheckpointSettings;
  /** The steps after which the run was saved last, or was found. */
  #saved: number | undefined;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(training: Training, settings: CheckpointSettings, saved?: number) {
    this.#training = training;
    this.#settings = settings;
    this.#saved = saved;
  }

  /** Whether it is time for a checkpoint. Never while an epoch waits to be validated and closed. */
  get due(): boolean {
    const { steps, stepsPerEpoch, epochPending, finished } = this.#training;
    if (epochPending || this.#saved === steps) return false;
    if (finished) return true;
    const { every } = this.#settings;
    return steps > 0 && steps % (every === "epoch" ? stepsPerEpoch : every) === 0;
  }

  /**
   * Begins to write a checkpoint, when the one before is on the disk. `mine` throws where another run has taken the model over.
   * Throws FileError where the one before could not be written.
   */
  async save(watch: Watch, mine: () => void): Promise<void> {
    await this.settle();
    mine();
    const { directory, every, keep } = this.#settings;
    const snapshot = await takeSnapshot(this.#training, { every, keep }, watch);
    mine();
    const { run, step } = snapshot.state;
    this.#saved = step;
    const write = async () => {
      try {
        const path = await writeCheckpoint(checkpointPath(directory, run, step), snapshot);
        await prune(path, run, keep);
      } catch (error) {
        this.#saved = undefined;
        this.#failure = { error };
      }
    };
    this.#writing = write();
  }

  /** Throws FileError where a checkpoint could not be written, once. */
  check(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
  }

  /** Waits until all is on the disk. Throws FileError. */
  async settle(): Promise<void> {
    await this.#writing;
    this.#writing = undefined;
    this.check();
  }

  /** The run rests: `saves` what was done since the last checkpoint, or only waits. Does not throw: the run has its own error. */
  async rest(watch: Watch, mine: () => void, saves: boolean): Promise<void> {
    try {
      await this.settle();
      const { steps, epochPending } = this.#training;
      if (!saves || steps === 0 || epochPending || this.#saved === steps) return;
      await this.save(watch, mine);
      await this.settle();
    } catch (error) {
      console.warn(error instanceof Error ? error.message : String(error));
    }
  }
}

const keepers = new WeakMap<Training, Keeper>();

/** Who writes the checkpoints of the run; undefined where none are wanted. */
export function keeperOf(training: Training): Keeper | undefined {
  const { checkpoint } = training.settings;
  if (checkpoint === undefined) return undefined;
  const keeper = keepers.get(training) ?? new Keeper(training, checkpoint);
  keepers.set(training, keeper);
  return keeper;
}

/** The run was found on the disk as it is. */
export function keepFrom(training: Training): void {
  const { checkpoint } = training.settings;
  if (checkpoint !== undefined) keepers.set(training, new Keeper(training, checkpoint, training.steps));
}
