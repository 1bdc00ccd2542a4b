import { shared } from "../threads.js";

const leaving = new WeakMap<Promise<unknown>, (reason: unknown) => void>();

/**
 * Runs a cell. While the debugger waits for uncaught exceptions, V8 must find nobody who catches what leaves the cell: no
 * `try` on the stack and no handler of a rejection. Then the rejection comes back through {@link catchExposed}.
 */
export function runExposed<T>(work: () => Promise<T>, view: Int32Array): Promise<T> {
  if (Atomics.load(view, shared.exposed) === 0) return work();
  return new Promise((resolve, reject) => {
    void Promise.resolve().then(() => {
      leaving.set(work().then(resolve), reject);
    });
  });
}

/** Is this unhandled rejection the end of such a cell? Then it is handled now. */
export function catchExposed(reason: unknown, promise: Promise<unknown>): boolean {
  const reject = leaving.get(promise);
  reject?.(reason);
  return reject !== undefined;
}
