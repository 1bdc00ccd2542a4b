import { currentContext, inCell } from "./context.js";

/** Something that a cell's own code set up and that may still go on. */
interface Leftover {
  readonly cell: number;
  readonly kind: "timer" | "listener";
  /** Garbage, and so surely over. */
  isGone(): boolean;
  /** Ends it. False if it was over. */
  end(): boolean;
}

/** What cells leave running when they end: timers, and listeners of the process. What packages and files set up is theirs. */
export interface Leftovers {
  /** Ends what cells that are over left, and says so: `2 timers and 1 listener`; empty if there was nothing. */
  clear(isRunning: (cell: number) => boolean): string;
}

/** Watches `setTimeout`, `setInterval` and the listeners of `process` from now on. */
export function watchLeftovers(): Leftovers {
  const kept = new Set<Leftover>();
  let pruneAt = 256;
  const keep = <T extends object>(kind: Leftover["kind"], thing: T, end: (thing: T) => boolean): void => {
    const reference = new WeakRef(thing);
    const isGone = (): boolean => reference.deref() === undefined;
    const endIt = (): boolean => {
      const there = reference.deref();
      return there !== undefined && end(there);
    };
    kept.add({ cell: currentContext()?.cell ?? 0, kind, isGone, end: endIt });
    if (kept.size <= pruneAt) return;
    for (const each of kept) if (each.isGone()) kept.delete(each);
    pruneAt = 2 * kept.size + 256;
  };

  for (const name of ["setTimeout", "setInterval"] as const) {
    const start = globalThis[name] as (...args: unknown[]) => NodeJS.Timeout;
    const watched = (...args: unknown[]): NodeJS.Timeout => {
      const timer = start(...args);
      if (inCell() && isOfCell(caller(watched))) keep("timer", timer, endTimer);
      return timer;
    };
    // Its name, and what promisify() makes of it.
    for (const key of Reflect.ownKeys(start)) {
      if (key !== "prototype") Object.defineProperty(watched, key, Object.getOwnPropertyDescriptor(start, key) ?? {});
    }
    Object.defineProperty(globalThis, name, { value: watched, configurable: true, enumerable: true, writable: true });
  }
  process.on("newListener", function added(event: string | symbol, listener: (...args: unknown[]) => void) {
    if (!inCell() || !isOfCell(caller(added))) return;
    keep("listener", listener, () => {
      const before = process.listenerCount(event);
      process.removeListener(event, listener);
      return process.listenerCount(event) < before;
    });
  });

  return {
    clear(isRunning) {
      const ended = { timer: 0, listener: 0 };
      for (const left of kept) {
        if (isRunning(left.cell)) continue;
        kept.delete(left);
        if (left.end()) ended[left.kind] += 1;
      }
      const counts = Object.entries(ended).filter(([, count]) => count > 0);
      return counts.map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : "s"}`).join(" and ");
    },
  };
}

/** Node says of a timer in `_destroyed` alone whether it is over. */
function endTimer(timer: NodeJS.Timeout & { readonly _destroyed?: boolean }): boolean {
  const runs = timer._destroyed !== true;
  clearTimeout(timer);
  return runs;
}

/** The file of the code that called a function, Node's own left out. */
function caller(called: (...args: never[]) => unknown): string {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: string } = {};
  try {
    // From process.on to the listener of its event it is a few frames.
    Error.stackTraceLimit = 8;
    Error.prepareStackTrace = (_, sites) =>
      sites.map((site) => site.getFileName() ?? "").find((file) => !file.startsWith("node:")) ?? "";
    Error.captureStackTrace(holder, called);
    return holder.stack ?? "";
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

function isOfCell(file: string): boolean {
  return /^In\[\d+\]$/.test(file);
}
