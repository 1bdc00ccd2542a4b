import { Script } from "node:vm";

/** So long code of the user may take that only says how a value looks, in ms. */
const patience = 3000;

/** V8's watchdog counts for a script, not for a function: this one calls {@link run}. */
const script = new Script('globalThis[Symbol.for("nabla.bounded")]()', { filename: "node:bounded" });
let run = (): void => {};
Object.defineProperty(globalThis, Symbol.for("nabla.bounded"), { value: () => run() });

/** A watchdog looks on until then; a time, and no flag, because no `finally` runs when Stop ends what runs. */
let deadline = 0;

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
  try {
    script.runInThisContext({ timeout: patience });
    return (result as unknown as { readonly value: T }).value;
  } catch (error) {
    throw (error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? new Slow() : error;
  } finally {
    deadline = 0;
  }
}

/** What stands for a value that answered too late. */
export const slowText = `[a value that takes longer than ${patience / 1000} s to be shown]`;
