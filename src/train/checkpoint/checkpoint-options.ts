import { ValueError } from "../../errors.js";
import { assertPath } from "../../files/arguments.js";
import { checkOptions, positiveInteger, show } from "../../tensor/arguments.js";

/** Where and how often a run is saved, so that `train.resume(net, data, { from, … })` goes on after its process has ended. */
export interface CheckpointOptions {
  /** A folder, which is made where there is none. Other runs may save in it, too: none touches what another has saved. */
  readonly directory: string;
  /**
   * So many steps, counted from the first of the run, or `"epoch"`: when one is closed. The end of a run, and a stop, are saved in
   * any case. Default "epoch".
   */
  readonly every?: number | "epoch";
  /** How many checkpoints of the run are kept; one that is older goes when a newer one is on the disk. Default 3. */
  readonly keep?: number;
}

/** {@link CheckpointOptions} checked and filled in. */
export type CheckpointSettings = Required<CheckpointOptions>;

/** Throws ValueError for an option that is unknown or cannot be. */
export function checkpointSettings(what: string, options: CheckpointOptions): CheckpointSettings {
  checkOptions(what, options, ["directory", "every", "keep"]);
  const { directory, every = "epoch", keep = 3 } = options;
  assertPath(`${what}: directory`, directory, "folder");
  const isCount = Number.isSafeInteger(every) && (every as number) > 0;
  if (every !== "epoch" && !isCount) {
    throw new ValueError({
      what: `${what}: every`,
      expected: `a number of steps above 0, or "epoch"`,
      got: show(every),
    });
  }
  positiveInteger(`${what}: keep`, keep);
  return { directory, every, keep };
}
