import { executionAsyncResource } from "node:async_hooks";
import { clearInterval } from "node:timers";
import { mendBuiltins } from "./builtins.js";
import { currentContext, KeyboardInterrupt, wasInterrupted } from "./context.js";
import { catchExposed } from "./exposed.js";
import type { Outlet } from "./outlet.js";
import { toCellError } from "./traceback.js";

/** So often one cell's same error is shown in full; then only how often it came, at every power of ten. */
const shown = 3;
/** Different errors that are counted. */
const counted = 1000;

/** What catches errors that nobody waits for. */
export interface LateErrors {
  /** The user pressed Stop: timers that throw again and again end. */
  stop(): void;
}

/** Exceptions in timers and rejections that nobody handles become an error of the cell that caused them. */
export function catchLateErrors(outlet: Outlet): LateErrors {
  const times = new Map<string, number>();
  const throwing = new Set<NodeJS.Timeout>();

  const report = (reason: unknown): void => {
    mendBuiltins();
    const context = currentContext();
    const timer = currentInterval();
    if (reason instanceof KeyboardInterrupt || (context && wasInterrupted(reason, context))) {
      // The timer of a cell that was stopped.
      if (timer) clearInterval(timer);
      return;
    }
    const error = toCellError(reason);
    if (!context) {
      process.stderr.write(`${error.traceback.join("\n")}\n`);
      return;
    }
    if (timer) throwing.add(timer);
    const { cell } = context;
    const key = `${cell} ${error.ename}: ${error.evalue}`;
    const count = (times.get(key) ?? 0) + 1;
    times.set(key, count);
    if (times.size > counted) times.delete(times.keys().next().value as string);
    if (count <= shown) outlet.post({ type: "late-error", cell, error });
    else if (Number.isInteger(Math.log10(count))) {
      const way = timer ? " Stop ends the timer that throws it." : "";
      const text = `${error.ename}: ${error.evalue} (this came ${count} times).${way}\n`;
      outlet.post({ type: "stream", cell, name: "stderr", text });
    }
  };

  const listeners = {
    uncaughtException: report,
    unhandledRejection: (reason: unknown, promise: Promise<unknown>): void => {
      if (!catchExposed(reason, promise)) report(reason);
    },
    // Without these a late error ends the kernel: they come back when a cell removes all listeners.
    removeListener: (): void => queueMicrotask(install),
  } as const;
  const install = (): void => {
    for (const [event, listener] of Object.entries(listeners)) {
      if (!process.listeners(event as "exit").includes(listener as never)) process.on(event, listener);
    }
  };
  install();

  return {
    stop() {
      for (const timer of throwing) clearInterval(timer);
      throwing.clear();
    },
  };
}

/** The `setInterval` whose callback runs, if one does. */
function currentInterval(): NodeJS.Timeout | undefined {
  const resource = executionAsyncResource() as { readonly _repeat?: number | null; refresh?: unknown };
  return typeof resource.refresh === "function" && typeof resource._repeat === "number"
    ? (resource as unknown as NodeJS.Timeout)
    : undefined;
}
