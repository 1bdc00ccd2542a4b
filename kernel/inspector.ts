import { Session } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import type { InterrupterParts } from "./interrupt.js";

interface Paused {
  readonly params: { readonly callFrames: readonly { readonly location: { readonly scriptId: string } }[] };
}

interface Parsed {
  readonly params: { readonly scriptId: string; readonly url: string };
}

/**
 * Torn code runs no `after` hooks. What it leaves on Node's stack of async ids (AsyncLocalStorage keeps one on Node 20) would
 * fail an assertion at the end of the turn and abort the process. Node clears the stack after an uncaught exception in the
 * same way; a Node without this binding keeps no such stack.
 */
const clearAsyncIds = `(() => {
  const warned = process.noDeprecation;
  process.noDeprecation = true;
  try { process.binding("async_wrap").clearAsyncIdStack(); } catch {} finally { process.noDeprecation = warned; }
})()`;

/**
 * Ends what runs on the main thread, from a worker. It pauses first (at once inside of a busy loop, else at the next
 * statement), so that what is torn is known: a termination that is merely asked for could arrive late and hit the next cell.
 */
export const tear: InterrupterParts["tear"] = async ({ allowed, torn, moot }) => {
  const session = new Session();
  session.connectToMainThread();
  const post = (method: string, options: object = {}): Promise<void> =>
    new Promise((resolve, reject) => {
      session.post(method, options, (error) => (error === null ? resolve() : reject(error)));
    });
  // Call frames name their scripts by number only.
  const urls = new Map<string, string>();
  session.on("Debugger.scriptParsed", ({ params }: Parsed) => urls.set(params.scriptId, params.url));
  try {
    const paused = new Promise<Paused>((resolve) => session.once("Debugger.paused", (message) => resolve(message)));
    const failed = Promise.all([post("Debugger.enable"), post("Debugger.pause")]).then(() => paused);
    let found: Paused | undefined;
    while (found === undefined) {
      // Nothing answers while native code runs: look now and then whether waiting still makes sense.
      found = await Promise.race([failed, sleep(5, undefined)]);
      if (found === undefined && moot()) return false;
    }
    const scripts = found.params.callFrames.map(({ location }) => urls.get(location.scriptId) ?? "");
    if (!allowed(scripts)) {
      await post("Debugger.resume");
      return false;
    }
    torn();
    await post("Runtime.evaluate", { expression: clearAsyncIds, silent: true });
    // The termination is answered only after the code has ended, which it can only after it goes on.
    const ended = post("Runtime.terminateExecution");
    await post("Debugger.resume");
    await ended;
    return true;
  } finally {
    // Ends a pause, or the wish for one.
    session.disconnect();
  }
};

/** The heap of the main thread, seen from a worker. */
export interface Heap {
  /** Bytes in use, garbage of the last while included; asked in the midst of a busy loop, answered between two collections. */
  used(): Promise<number>;
  /** Collects garbage as soon as the event loop of the main thread gets to it. */
  collect(): Promise<void>;
  /** Leaves the inspector until the next question. */
  rest(): void;
}

/** Asks V8's inspector about the main thread's heap. */
export function heapOfMainThread(): Heap {
  let session: Session | undefined;
  const post = <T>(method: string): Promise<T> =>
    new Promise((resolve, reject) => {
      if (session === undefined) {
        session = new Session();
        session.connectToMainThread();
      }
      session.post(method, {}, (error, result) => (error === null ? resolve(result as T) : reject(error)));
    });
  return {
    used: async () => (await post<{ usedSize: number }>("Runtime.getHeapUsage")).usedSize,
    collect: () => post("HeapProfiler.collectGarbage"),
    rest() {
      session?.disconnect();
      session = undefined;
    },
  };
}
