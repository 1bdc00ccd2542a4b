import { processes, read, signal, statOf } from "./processes.js";

/** How much patience each signal has before the next one, in ms. */
const signals = [
  ["SIGINT", 100],
  ["SIGTERM", 150],
  ["SIGKILL", 0],
] as const;

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
  return statOf(process.pid, process.pid)?.state === "S";
}

function youngestChild(age: number): number | undefined {
  const now = Number.parseFloat(read("/proc/uptime"));
  const found = processes()
    .filter(({ parent }) => parent === process.pid)
    .map(({ pid }) => ({ pid, start: statOf(pid)?.start ?? 0 }))
    .sort((a, b) => b.start - a.start || b.pid - a.pid)[0];
  // Starts are counted in hundredths of a second.
  return found !== undefined && now - found.start <= age / 1000 + 0.02 ? found.pid : undefined;
}

/** A process and what descends from it, the youngest generation first: a shell ends when its child has. */
function family(pid: number): number[] {
  const all = processes();
  const found = [pid];
  for (const parent of found) found.push(...all.filter((each) => each.parent === parent).map((each) => each.pid));
  return found.reverse();
}
