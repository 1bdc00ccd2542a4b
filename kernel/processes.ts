import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** One process of the machine, by numbers. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
}

/** What Linux tells of a process or thread (proc_pid_stat(5)). */
export interface Stat {
  /** `R` runs, `S` sleeps, `Z` is dead and not waited for, … */
  readonly state: string;
  readonly parent: number;
  /** When it started, in seconds after the machine. */
  readonly start: number;
}

/** Ticks of the clock in a second; Linux shows programs no other number. */
const ticks = 100;

/** The text of a file of /proc; empty when it is gone, not ours, or no such thing. */
export function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

/** A process, or one `thread` of it; undefined when it is gone, and where the system does not tell. */
export function statOf(pid: number, thread?: number): Stat | undefined {
  const text = read(`/proc/${pid}${thread === undefined ? "" : `/task/${thread}`}/stat`);
  // `7 (a name (1)) S 1 …`: the name may hold anything, the rest stands behind its last bracket.
  const [state = "", parent, ...more] = text.replace(/^.*\) /s, "").split(" ");
  return parent === undefined ? undefined : { state, parent: Number(parent), start: Number(more[17]) / ticks };
}

/** All that run; empty where the system does not tell. */
export function processes(): Process[] {
  if (process.platform !== "linux") return listed();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = statOf(Number(name));
      return stat === undefined || stat.state === "Z" ? [] : [{ pid: Number(name), parent: stat.parent }];
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

/** Sends a signal to a process that may be gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}
