import { type Augmentation, replaces, withoutAugmentation } from "./augmentations.js";
import type { Cell } from "./saved.js";
import type { Service } from "./service.js";

/** Takes what a cell says anew about global types out of earlier cells; gives what undoes that. */
export function supersede(
  later: readonly Augmentation[],
  cells: Map<number, Cell>,
  service: Pick<Service, "edit">,
): () => void {
  const undo: (() => void)[] = [];
  for (const [number, cell] of cells) {
    const gone = cell.augmentations.filter((earlier) => replaces(later, earlier));
    if (gone.length === 0) continue;
    undo.push(service.edit(number, (text) => gone.reduce(withoutAugmentation, text)));
    undo.push(() => cells.set(number, cell));
    cells.set(number, { ...cell, augmentations: cell.augmentations.filter((each) => !gone.includes(each)) });
  }
  return () => {
    for (const step of undo) step();
  };
}
