import type { Augmentation } from "./augmentations.js";
import type { KnownName } from "./epilogue.js";

/** A cell whose module is in the program. */
export interface Cell {
  readonly count: number;
  readonly code: string;
  readonly path: string;
  /** The cells that its module imports. */
  readonly uses: ReadonlySet<number>;
  readonly augmentations: readonly Augmentation[];
}

/** A cell that ran, and the names that it left, as another thread can keep them. */
export interface SavedCell {
  readonly number: number;
  readonly cell: Cell;
  readonly module: { readonly path: string; readonly text: string };
  readonly names: readonly (readonly [string, KnownName])[];
}

/** What a commit changed: cells to be kept, and those that nothing needs any more. */
export interface Changes {
  readonly kept: readonly SavedCell[];
  readonly dropped: readonly number[];
}
