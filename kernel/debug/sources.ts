import { readFile, stat } from "node:fs/promises";
import { type Cells, isCellPath } from "./cells.js";
import { DebugError } from "./dap.js";

/** A longer file is no source that anybody reads, in bytes. */
const longest = 10_000_000;

/** The text of a cell or a file by its path. Throws DebugError when there is none. */
export async function readSource(path: string, cells: Cells): Promise<string> {
  const text = cells.text(path);
  if (text !== undefined) return text;
  if (isCellPath(path))
    throw new DebugError(`${path}: expected the path of a cell that was dumped or ran, got another`);
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new DebugError(`${path}: expected a file`);
    const { size } = found;
    if (size > longest) throw new DebugError(`${path}: expected a source of at most ${longest} bytes, got ${size}`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof DebugError) throw error;
    throw new DebugError(
      `${path}: expected a readable file (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}
