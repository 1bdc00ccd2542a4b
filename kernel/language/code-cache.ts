import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** So long the code of another version of Node or TypeScript is kept after it was written, in ms. */
const kept = 30 * 24 * 3600 * 1000;

/** What was saved in a file; undefined if nothing was. */
export function readCode(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Saves compiled code, whole or not at all, because another kernel may be reading; removes what lies beside it for long. */
export function saveCode(file: string, data: Uint8Array): void {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, data);
    renameSync(`${file}.${process.pid}`, file);
    for (const name of readdirSync(folder)) {
      const other = join(folder, name);
      if (Date.now() - statSync(other).mtimeMs > kept) rmSync(other);
    }
  } catch {
    // A folder that cannot be written: the next start is slower.
  }
}
