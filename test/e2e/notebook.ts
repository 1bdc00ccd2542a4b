import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a notebook of our kernel with one empty cell. */
export function emptyNotebook(folder: string, name: string): void {
  const cell = { cell_type: "code", id: "first", metadata: {}, execution_count: null, outputs: [], source: "" };
  const kernelspec = { display_name: "TypeScript (Nabla)", language: "typescript", name: "nabla" };
  const notebook = { cells: [cell], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(join(folder, name), JSON.stringify(notebook));
}
