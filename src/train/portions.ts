import type { Dataset } from "../data/dataset.js";
import { split } from "../data/split.js";
import { Subset } from "../data/subset.js";
import { ValueError } from "../errors.js";
import { Random } from "../tensor/random.js";
import type { RunSettings } from "./run-options.js";

/** What of a data set a run takes. */
export interface Portions {
  readonly train: Dataset;
  /** Where the examples of `train` stand in the data set; undefined where it is all of it. */
  readonly rows: Int32Array | undefined;
  readonly validate: Dataset | undefined;
}

/** What of a data set a run trains on, and what it is validated on. Throws ValueError where there are too few examples. */
export function portions(
  dataset: Dataset,
  { validate, validationShare, overfitBatches, batchSize, seed }: RunSettings & { batchSize: number; seed: number },
): Portions {
  const aside = validationShare === undefined ? undefined : split(dataset, validationShare, { seed });
  const train = aside?.train ?? dataset;
  const held = aside?.validation ?? validate;
  if (overfitBatches === undefined) return { train, rows: aside?.train.indices, validate: held };
  const wanted = overfitBatches * batchSize;
  if (wanted - batchSize >= train.size) {
    const most = Math.ceil(train.size / batchSize);
    const expected = `at most the ${most} batches of ${train.name}`;
    throw new ValueError({ what: "fit: overfitBatches", expected, got: String(overfitBatches) });
  }
  const drawn = new Random(seed, "overfit").permutation(train.size).subarray(0, wanted);
  const rows = drawn.map((place) => aside?.train.indices[place] ?? place);
  return { train: new Subset(dataset, rows, train.name), rows, validate: held };
}
