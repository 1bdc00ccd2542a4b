import type { Augmentation } from "./augmentations.js";
import type { KnownName } from "./epilogue.js";

/** A cell that left something behind. */
export interface Cell {
  readonly count: number;
  readonly code: string;
  /** The cells that it refers to. */
  readonly uses: ReadonlySet<number>;
  readonly augmentations: readonly Augmentation[];
}

/** The ending of a cell that is a module; `.d.ts` if declarations tell all of it. */
export type CellExtension = ".ts" | ".tsx" | ".d.ts";

/** What a cell left behind: its declarations if they tell all of it, else its text. */
export interface LeftBehind {
  readonly text: string;
  readonly extension: CellExtension;
  /** The modules that it declares, as a script. */
  readonly script?: string;
}

/** A cell that ran, and the names that it left, as another thread can keep them. */
export interface SavedCell {
  readonly number: number;
  readonly cell: Cell;
  readonly left: LeftBehind;
  readonly names: readonly (readonly [string, KnownName])[];
}

/** What a commit changed: cells to be kept, and those that nothing needs any more. */
export interface Changes {
  readonly kept: readonly SavedCell[];
  readonly dropped: readonly number[];
}

/** The cells that others need: those given, those that change types beyond themselves, and all that these refer to. */
export function needed(given: Iterable<number>, cells: ReadonlyMap<number, Cell>): ReadonlySet<number> {
  const kept = new Set<number>();
  const keep = (number: number): void => {
    if (kept.has(number)) return;
    kept.add(number);
    for (const used of cells.get(number)?.uses ?? []) keep(used);
  };
  for (const number of given) keep(number);
  for (const [number, { augmentations }] of cells) if (augmentations.length > 0) keep(number);
  return kept;
}
