import type { KnownName } from "./epilogue.js";
import type { Left } from "./leaves.js";
import type { LeftBehind } from "./saved.js";

/** A cell that was checked and whose end is not known yet. */
export interface PendingCell {
  readonly names: ReadonlyMap<string, Left>;
  /** What its `using` declares. */
  readonly disposed: readonly string[];
  /** The text that was checked, until `Notebook.summarise` finds a shorter way to say it. */
  left: LeftBehind;
}

/** More cells than ever run at once. */
const most = 32;

/** Such cells by number, oldest first: cells of subshells are checked while others run. */
export class PendingCells extends Map<number, PendingCell> {
  override set(number: number, cell: PendingCell): this {
    super.set(number, cell);
    // Those that were stopped before they ran are never taken out.
    if (this.size > most) this.delete(this.keys().next().value as number);
    return this;
  }

  /** The names that a cell will see once all of these have come to their end. */
  namesAfter(known: ReadonlyMap<string, KnownName>): ReadonlyMap<string, KnownName> {
    if (this.size === 0) return known;
    const names = new Map(known);
    for (const [cell, { names: left }] of this) {
      for (const [name, { mutable, ambient, meaning }] of left) names.set(name, { cell, mutable, ambient, meaning });
    }
    return names;
  }
}
