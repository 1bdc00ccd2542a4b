/** How much memory there is, and refusing to make what does not fit into it. */
import { readFileSync } from "node:fs";
import { freemem } from "node:os";
import { dirname, join } from "node:path";
import { MemoryError } from "../errors.js";

/** Below this many bytes nobody asks how much memory is free: asking costs more than most tensors. */
const unasked = 64 * 2 ** 20;

/**
 * Refuses to make something that is bigger than the memory that is free.
 *
 * @param what who wants it, as the user wrote it.
 * @param bytes its size.
 * @param got what it is, e.g. `float32 [100000, 100000]`.
 * @throws MemoryError; nothing was allocated.
 */
export function reserve(what: string, bytes: number, got: string): void {
  if (bytes < unasked) return;
  const free = freeMemory();
  if (bytes <= free) return;
  throw new MemoryError({
    what,
    expected: `at most the ${inBytes(free)} of memory that are free`,
    got: `${got}, which takes ${inBytes(bytes)}`,
    hint: "Use a smaller batch or a smaller model, or let go of tensors that you no longer need (x = undefined).",
  });
}

/** Bytes that this process can still use: what the machine has available, within the limits of its control groups. */
export function freeMemory(): number {
  return Math.min(machineFree(), ...groupLimits());
}

/** `1.5 GB`, `20 MB`: a size to be read by people (powers of 1000). */
export function inBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : Number(value.toPrecision(2))} ${units[unit]}`;
}

function machineFree(): number {
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(read("/proc/meminfo"))?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}

/** For each control group of this process that has a limit (version 2, then 1): limit − use + page cache that can go. */
function groupLimits(): number[] {
  const left: number[] = [];
  for (const line of read("/proc/self/cgroup").split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    if (controllers === "") {
      visit("/sys/fs/cgroup", path, "memory.max", "memory.current", "inactive_file", left);
    } else if (controllers?.split(",").includes("memory")) {
      const names = ["memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"] as const;
      visit("/sys/fs/cgroup/memory", path, ...names, left);
    }
  }
  return left;
}

function visit(root: string, path: string, limit: string, use: string, cache: string, left: number[]): void {
  for (let group = path; ; group = dirname(group)) {
    const folder = join(root, group);
    const most = Number.parseInt(read(join(folder, limit)), 10);
    const used = Number.parseInt(read(join(folder, use)), 10);
    if (most >= 0 && used >= 0) {
      const stat = new RegExp(`^${cache} (\\d+)`, "m").exec(read(join(folder, "memory.stat")))?.[1];
      left.push(Math.max(0, most - used + Number(stat ?? 0)));
    }
    if (group === "/" || group === ".") return;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
