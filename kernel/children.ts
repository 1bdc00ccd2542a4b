import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * The variable by which processes that cells start are known again, even those that left the kernel's process group or lost
 * their parent. A process that is to outlive the kernel is started without it.
 */
const markName = "NABLA_KERNEL";

/** One process of the machine, by numbers. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
}

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

/** All that run; empty where the system does not tell. */
export function processes(): Process[] {
  if (process.platform !== "linux") return listed();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      // `7 (a name (1)) S 1 …`: state and parent stand behind the last bracket.
      const [state, parent] = read(`/proc/${name}/stat`)
        .replace(/^.*\) /s, "")
        .split(" ");
      return parent === undefined || state === "Z" ? [] : [{ pid: Number(name), parent: Number(parent) }];
    });
}

function listed(): Process[] {
  try {
    const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8", timeout: 500 }).split("\n");
    // The listing process itself is a child too, and gone by now.
    const fields = lines.map((line) => line.trim().split(/\s+/)).filter(([, , name]) => name?.endsWith("ps") === false);
    return fields.map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
  } catch {
    return [];
  }
}

function isMarked(pid: number): boolean {
  const mark = process.env[markName];
  if (process.platform !== "linux" || mark === undefined) return false;
  return read(`/proc/${pid}/environ`).split("\0").includes(`${markName}=${mark}`);
}

/** The text of a file of /proc; empty when it is gone or not ours. */
function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

/** Sends a signal to a process that may be gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}
