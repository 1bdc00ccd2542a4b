import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** Writes a file that is there completely or not at all, also after a power cut: to a neighbour, fsync, rename. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const neighbour = `${file}.partial-${process.pid}`;
  try {
    const handle = openSync(neighbour, "w");
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(neighbour, file);
  } catch (error) {
    rmSync(neighbour, { force: true });
    throw error;
  }
}

/**
 * Makes a folder that is there completely or not at all: `fill` works in a neighbour, which then takes the folder's place.
 * What earlier attempts left half made is removed first.
 */
export async function replaceFolder<T>(folder: string, fill: (partial: string) => T | Promise<T>): Promise<T> {
  mkdirSync(dirname(folder), { recursive: true });
  sweepPartials(folder);
  const partial = `${folder}.partial-${process.pid}`;
  try {
    mkdirSync(partial);
    const result = await fill(partial);
    const old = `${folder}.partial-old-${process.pid}`;
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(partial, folder);
    remove(old);
    return result;
  } catch (error) {
    remove(partial);
    throw error;
  }
}

/** Removes a folder or file, whether it is there or not. */
export function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function sweepPartials(folder: string): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${basename(folder)}.partial-`)) remove(join(parent, name));
  }
}
