import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a notebook of our kernel with these code cells, none of which ran. */
export function writeNotebook(folder: string, name: string, sources: readonly string[]): void {
  const cells = sources.map((source, index) => {
    return { cell_type: "code", id: `cell-${index}`, metadata: {}, execution_count: null, outputs: [], source };
  });
  const kernelspec = { display_name: "TypeScript (Nabla)", language: "typescript", name: "nabla" };
  const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(join(folder, name), JSON.stringify(notebook));
}
