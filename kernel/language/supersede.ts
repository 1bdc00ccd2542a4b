import { type Augmentation, replaces, withoutAugmentation } from "./augmentations.js";
import type { Cell } from "./saved.js";
import type { Service } from "./service.js";

/** What was taken out of earlier cells. */
export interface Superseded {
  /** The cells out of which it was. */
  readonly changed: readonly number[];
  undo(): void;
}

/** Takes what a cell (by its number) says anew about global types and modules out of the others. */
export function supersede(
  later: readonly Augmentation[],
  by: number,
  cells: Map<number, Cell>,
  service: Pick<Service, "edit">,
): Superseded {
  const changed: number[] = [];
  const steps: (() => void)[] = [];
  for (const [number, cell] of cells) {
    const gone = cell.augmentations.filter((earlier) => replaces(later, earlier));
    if (number === by || gone.length === 0) continue;
    changed.push(number);
    steps.push(service.edit(number, (text) => gone.reduce(withoutAugmentation, text)));
    steps.push(() => cells.set(number, cell));
    cells.set(number, { ...cell, augmentations: cell.augmentations.filter((each) => !gone.includes(each)) });
  }
  return {
    changed,
    undo() {
      for (const step of steps) step();
    },
  };
}
