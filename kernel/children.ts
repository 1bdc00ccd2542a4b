import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { processes, read, signal } from "./processes.js";

/**
 * The variable by which processes that cells start are known again, even those that left the kernel's process group or lost
 * their parent. A process that is to outlive the kernel is started without it, by a parent that ends.
 */
const markName = "NABLA_KERNEL";

/** Marks what this process starts from now on, and returns the mark. Threads that are started later see it too. */
export function markChildren(mark = randomUUID() as string): string {
  process.env[markName] = mark;
  return mark;
}

/** Ends every process that cells have started: asks first, and makes sure after `patience` ms. */
export async function endChildren(patience = 300): Promise<void> {
  const end = performance.now() + patience;
  for (const pid of children()) signal(pid, "SIGTERM");
  while (children().length > 0 && performance.now() < end) await sleep(30);
  killChildren();
}

/** Kills at once what is left of them. */
export function killChildren(): void {
  for (const pid of children()) signal(pid, "SIGKILL");
}

/** The processes that descend from this one or carry its mark. */
function children(): number[] {
  if (process.platform === "win32") return [];
  const all = processes();
  const ours = new Set([process.pid]);
  // Parents may have higher numbers than their children: look until nothing is found any more.
  for (let before = 0; before < ours.size; ) {
    before = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  for (const { pid } of all) if (!ours.has(pid) && isMarked(pid)) ours.add(pid);
  ours.delete(process.pid);
  return [...ours];
}

function isMarked(pid: number): boolean {
  const mark = process.env[markName];
  if (process.platform !== "linux" || mark === undefined) return false;
  return read(`/proc/${pid}/environ`).split("\0").includes(`${markName}=${mark}`);
}
