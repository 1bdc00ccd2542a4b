/** Writing that a kill, a full disk or a second writer cannot tear. */
import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { FileError } from "../errors.js";

/** What was written. */
export interface Written {
  readonly bytes: number;
  /** SHA-256 of all bytes, in hexadecimal digits. */
  readonly sha256: string;
}

/** Bytes that are hashed and written before others get their turn. */
const piece = 4 * 2 ** 20;

/**
 * Puts a file into its place whole: beside it under a name of its own, on the disk, then renamed. Until then the file that was there
 * stays; of two writers each writes a whole file, and the later one stays. Throws FileError, and nothing has changed.
 */
export async function writeWhole(what: string, path: string, chunks: readonly Uint8Array[]): Promise<Written> {
  const temporary = join(dirname(path), `.${basename(path)}.${uniqueSuffix()}`);
  try {
    const written = await writeSynced(temporary, chunks);
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return written;
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw refused(what, path, cause, "The file that was there before, if any, is as it was.");
  }
}

/** Writes a new file and waits until it is on the disk. Throws the system's error; what was written stays. */
export async function writeSynced(path: string, chunks: readonly Uint8Array[]): Promise<Written> {
  const hash = createHash("sha256");
  const file = await open(path, "wx");
  let bytes = 0;
  try {
    for (const chunk of chunks) {
      for (let start = 0; start < chunk.length; start += piece) {
        const part = chunk.subarray(start, start + piece);
        hash.update(part);
        await writeAll(file, part);
        bytes += part.length;
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Waits until a folder's names are on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** SHA-256 of chunks of bytes, one after another, in hexadecimal digits; others get their turn between pieces. */
export async function digest(chunks: readonly Uint8Array[]): Promise<string> {
  const hash = createHash("sha256");
  for (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += piece) {
      hash.update(chunk.subarray(start, start + piece));
      if (chunk.length > piece) await setImmediate();
    }
  }
  return hash.digest("hex");
}

/** What makes a temporary name one that nobody else takes: the process, chance, a count. */
export function uniqueSuffix(): string {
  return `${process.pid}-${mark}-${count++}.tmp`;
}

/** Whether the process that made a temporary name may still want what is called so. */
export function isWanted(name: string): boolean {
  const [, owner, itsMark] = /\.(\d+)-([0-9a-f]+)-\d+\.tmp$/.exec(name) ?? [];
  if (itsMark === mark) return true;
  // Another process had our number before us, in another container for example.
  if (owner === undefined || Number(owner) === process.pid) return false;
  try {
    process.kill(Number(owner), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const mark = randomBytes(4).toString("hex");
let count = 0;

/** The error for a file or folder that the system did not let us write or read. */
export function refused(what: string, path: string, cause: unknown, hint?: string): FileError {
  if (cause instanceof FileError) return cause;
  const code = (cause as NodeJS.ErrnoException)?.code ?? "";
  const words = cause instanceof Error ? cause.message : String(cause);
  const [expected, got] = Object.hasOwn(reasons, code) ? reasons[code]! : ["the system to take", words];
  const complaint = { what, expected: `${expected} ${path}`, got: code === "" ? got : `${got} (${code})` };
  return new FileError(hint === undefined ? complaint : { ...complaint, hint }, { cause });
}

/** What was expected, before the path, and what was got. */
const reasons: Readonly<Record<string, readonly [expected: string, got: string]>> = {
  ENOSPC: ["room on the disk for", "a full disk"],
  EDQUOT: ["room on the disk for", "a quota that is used up"],
  EFBIG: ["room on the disk for", "a file larger than the system allows"],
  EACCES: ["permission for", "none"],
  EPERM: ["permission for", "none"],
  EROFS: ["permission to write", "a disk that can only be read"],
  ENOENT: ["a file, or a folder to put it into, at", "none"],
  ENOTDIR: ["a folder for", "a file in its way"],
  EEXIST: ["a folder for", "a file in its way"],
  EISDIR: ["a file at", "a folder"],
};

async function writeAll(file: FileHandle, part: Uint8Array): Promise<void> {
  for (let done = 0; done < part.length; ) {
    const { bytesWritten } = await file.write(part, done, part.length - done);
    done += bytesWritten;
  }
}
