import { constants } from "node:os";

/** Calls `orphaned` when the process that started the kernel is gone. Only a Jupyter server asks for that. */
export function watchParent(orphaned: () => void): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    orphaned();
  }, 1000);
}

interface SignalWatcher {
  onsignal(signal: number): void;
  start(signal: number): number;
  unref(): void;
}

/**
 * Calls `pressed` on SIGINT, from a worker. Node offers signals to the main thread only, whose event loop may be busy; libuv
 * tells every loop that asks. Without this SIGINT ends the process, which is why nothing else depends on it.
 */
export function watchSigint(pressed: () => void): void {
  process.noDeprecation = true;
  try {
    const { binding } = process as unknown as { binding(name: string): { Signal: new () => SignalWatcher } };
    const watcher = new (binding.call(process, "signal_wrap").Signal)();
    watcher.onsignal = pressed;
    watcher.start(constants.signals.SIGINT);
    watcher.unref();
  } catch {
    // A Node without this inside: clients use interrupt_request.
  }
}
