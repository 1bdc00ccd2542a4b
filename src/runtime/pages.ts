/** What loading a large library leaves in memory. */
import { readFileSync, realpathSync } from "node:fs";

/** A piece of a process's memory. */
interface Mapping {
  readonly start: number;
  readonly bytes: number;
}

/** The mappings of these files, in the words of /proc/self/smaps, that are still as they are in the file. */
export function cleanMappings(smaps: string, files: readonly string[]): Mapping[] {
  return smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m).flatMap((text) => {
    const [, from, to, file] = /^([0-9a-f]+)-([0-9a-f]+) r-[-x]p \S+ \S+ \S+ +(.+)/.exec(text) ?? [];
    // What the linker has written is anonymous now, and would be lost.
    if (file === undefined || !files.includes(file) || !/^Anonymous: +0 kB$/m.test(text)) return [];
    const start = Number.parseInt(from!, 16);
    return [{ start, bytes: Number.parseInt(to!, 16) - start }];
  });
}

/**
 * Lets go of the pages of files that only the dynamic linker has read, symbols and relocations: of TensorFlow's libraries 230 MB.
 * `drop` is madvise's MADV_DONTNEED; what is needed again comes out of the system's cache. Linux only.
 */
export function dropCleanPages(files: readonly string[], drop: (start: number, bytes: number) => void): void {
  if (process.platform !== "linux") return;
  try {
    const smaps = readFileSync("/proc/self/smaps", "latin1");
    const real = files.map((file) => realpathSync(file));
    for (const { start, bytes } of cleanMappings(smaps, real)) drop(start, bytes);
  } catch {
    // No /proc: the memory stays taken.
  }
}
