import { types } from "node:util";
import { Script } from "node:vm";

/** So long code of the user may take that only says how a value looks, in ms. */
const patience = 3000;

/** V8's watchdog counts for a script, not for a function: this one calls {@link run}. */
const script = new Script('globalThis[Symbol.for("nabla.bounded")]()', { filename: "node:bounded" });
let run = (): void => {};
Object.defineProperty(globalThis, Symbol.for("nabla.bounded"), { value: () => run() });

/** A watchdog looks on until then; a time, and no flag, because no `finally` runs when Stop ends what runs. */
let deadline = 0;

let watched: (on: boolean) => void = () => {};

/**
 * `tell` hears when the look at an error begins, and when it is over. Until then nothing may pause the thread: V8's inspector
 * describes the errors that it finds on the stack, which runs their getters anew where not even the watchdog ends them.
 */
export function onWatched(tell: (on: boolean) => void): void {
  watched = tell;
}

/** What was looked at answered too late. */
export class Slow extends Error {}

/**
 * Does work on a value that may call what the value brings itself, such as `[util.inspect.custom]()`. Throws {@link Slow} when
 * it takes longer than three seconds, wherever it stands then.
 */
export function bounded<T>(value: unknown, work: () => T): T {
  const hasOwnCode = (typeof value === "object" && value !== null) || typeof value === "function";
  if (!hasOwnCode || performance.now() < deadline) return work();
  let result: { readonly value: T } | undefined;
  run = () => {
    result = { value: work() };
  };
  deadline = performance.now() + patience;
  const isError = types.isNativeError(value);
  if (isError) watched(true);
  try {
    script.runInThisContext({ timeout: patience });
    return (result as unknown as { readonly value: T }).value;
  } catch (error) {
    throw (error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? new Slow() : error;
  } finally {
    deadline = 0;
    if (isError) watched(false);
  }
}

/** How long {@link Slow} took, in words. */
export const tooLong = `longer than ${patience / 1000} s`;

/** What stands for a value that answered too late. */
export const slowText = `[a value that takes ${tooLong} to be shown]`;
