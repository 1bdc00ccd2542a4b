import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/** Has every write to a file fail with this code of the system's while `work` runs, after so many bytes. */
export async function withFullDisk<T>(room: number, work: () => Promise<T>, code = "ENOSPC"): Promise<T> {
  const { open } = fs;
  let left = room;
  fs.open = async (...args: Parameters<typeof open>) => {
    const file = await open(...args);
    const write = file.write.bind(file) as (part: Uint8Array, start: number, length: number) => Promise<unknown>;
    Object.assign(file, {
      async write(part: Uint8Array, start: number, length: number) {
        // As the system does: what fits is written, then nothing is.
        if (left === 0) throw Object.assign(new Error(`${code}: write`), { code });
        const fitting = Math.min(left, length);
        left -= fitting;
        return await write(part, start, fitting);
      },
    });
    return file;
  };
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    fs.open = open;
    syncBuiltinESMExports();
  }
}
