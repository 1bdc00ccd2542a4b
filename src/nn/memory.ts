import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { MemoryError } from "../errors.js";

/** Weights, gradients and two optimizer slots, float32. */
const bytesPerParameter = 4 * 4;

/** Throws MemoryError if training a model with so many parameters needs more memory than there is. Allocates nothing. */
export function checkMemory(what: string, parameters: number, available = availableMemory()): void {
  const needed = parameters * bytesPerParameter;
  if (needed <= available) return;
  throw new MemoryError({
    what,
    expected: `at most ${gigabytes(available)} (the memory available)`,
    got: `${parameters.toLocaleString("en-US")} parameters, which take ${gigabytes(needed)} with gradients and optimizer`,
    hint: "Make the largest layers smaller. Nothing was allocated.",
  });
}

/** Bytes that this process may still use: the least of what the machine and its control groups have left. */
export function availableMemory(): number {
  const memAvailable = /^MemAvailable:\s+(\d+) kB/m.exec(read("/proc/meminfo"))?.[1];
  const machine = memAvailable === undefined ? totalmem() : Number(memAvailable) * 1024;
  return Math.min(machine, ...controlGroups().map(left));
}

/** Folders of this process's memory control groups, version 2 (from its own up to the root) and 1. */
function controlGroups(): string[] {
  const groups: string[] = [];
  let path = /^0::(\/.*)$/m.exec(read("/proc/self/cgroup"))?.[1] ?? "/";
  for (;;) {
    groups.push(`/sys/fs/cgroup${path}`);
    if (path === "/" || path === "") break;
    path = path.slice(0, path.lastIndexOf("/"));
  }
  return [...groups, "/sys/fs/cgroup/memory"];
}

/** Caches count as used but are given up on demand, so they are left out. */
function left(folder: string): number {
  const version1 = folder.endsWith("/memory");
  const limit = Number.parseInt(read(`${folder}/${version1 ? "memory.limit_in_bytes" : "memory.max"}`), 10);
  const used = Number.parseInt(read(`${folder}/${version1 ? "memory.usage_in_bytes" : "memory.current"}`), 10);
  if (Number.isNaN(limit) || Number.isNaN(used)) return Number.POSITIVE_INFINITY;
  const cache = Number(/^(?:total_)?inactive_file (\d+)/m.exec(read(`${folder}/memory.stat`))?.[1] ?? 0);
  return Math.max(0, limit - used + cache);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toLocaleString("en-US", { maximumFractionDigits: 1 })} GB`;
}
