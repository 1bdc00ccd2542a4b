import { readFileSync } from "node:fs";
import { processes, signal } from "./children.js";

/** How much patience each signal has before the next one, in ms. */
const signals = [
  ["SIGINT", 100],
  ["SIGTERM", 150],
  ["SIGKILL", 0],
] as const;

/** Ticks of the clock in a second (proc_pid_stat(5)); Linux shows programs no other number. */
const ticks = 100;

/**
 * `execSync` blocks its thread where nothing can tear it, until the child ends: this ends the child, with all that it
 * started. Which one that is only Linux tells: the youngest, because a thread that waits starts no other. One that is older
 * than `age` ms (of the running cell) was not started by it and is left alone, e.g. a server, while native code computes.
 *
 * @returns ends the attempt: call it as soon as the thread goes on
 */
export function endAwaited(age: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  if (process.platform !== "linux") return () => {};
  const child = mainThreadSleeps() ? youngestChild(age) : undefined;
  const send = (step: number): void => {
    const next = signals[step];
    if (next === undefined || child === undefined) return;
    for (const pid of family(child)) signal(pid, next[0]);
    timer = setTimeout(() => send(step + 1), next[1]);
  };
  send(0);
  return () => clearTimeout(timer);
}

/** Native code that computes waits for no child. */
function mainThreadSleeps(): boolean {
  const stat = attempt(() => readFileSync(`/proc/${process.pid}/task/${process.pid}/stat`, "latin1"));
  return /\) S /.test(stat ?? "");
}

function youngestChild(age: number): number | undefined {
  const now = Number(attempt(() => readFileSync("/proc/uptime", "latin1").split(" ")[0]));
  const found = processes()
    .filter(({ parent }) => parent === process.pid)
    .map(({ pid }) => ({ pid, start: startOf(pid) }))
    .sort((a, b) => b.start - a.start || b.pid - a.pid)[0];
  // Starts are counted in hundredths of a second.
  return found !== undefined && now - found.start <= age / 1000 + 0.02 ? found.pid : undefined;
}

/** When a process started, in seconds after the machine; 0 when it is gone. */
function startOf(pid: number): number {
  const fields = attempt(() =>
    readFileSync(`/proc/${pid}/stat`, "latin1")
      .replace(/^.*\) /s, "")
      .split(" "),
  );
  return Number(fields?.[19] ?? 0) / ticks;
}

/** A process and what descends from it, the youngest generation first: a shell ends when its child has. */
function family(pid: number): number[] {
  const all = processes();
  const found = [pid];
  for (const parent of found) found.push(...all.filter((each) => each.parent === parent).map((each) => each.pid));
  return found.reverse();
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
