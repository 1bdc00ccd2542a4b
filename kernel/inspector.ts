import { Session } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import type { InterrupterParts } from "./interrupt.js";

interface Paused {
  readonly params: { readonly callFrames: readonly CallFrame[] };
}

interface CallFrame {
  readonly functionName: string;
  readonly location: { readonly scriptId: string };
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
 * What promises tell Node of themselves (on Node 20, for AsyncLocalStorage). V8 drops whatever is thrown there, terminations
 * too. The trampoline is none of it: callbacks run on top of it.
 */
const hooks = { script: "node:internal/async_hooks", except: "callbackTrampoline" };

/** A termination that has not ended anything after so long was lost, or waits for native code, in ms. */
const lost = 250;

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
  const urlOf = ({ location }: CallFrame): string => urls.get(location.scriptId) ?? "";
  const inHook = ({ params }: Paused): boolean =>
    params.callFrames.some((frame) => urlOf(frame) === hooks.script && frame.functionName !== hooks.except);
  /** Nothing answers while native code runs: look now and then whether waiting still makes sense. */
  const unlessMoot = async (pausing: Promise<Paused>): Promise<Paused | undefined> => {
    for (;;) {
      const found = await Promise.race([pausing, sleep(5, undefined)]);
      if (found !== undefined || moot()) return found;
    }
  };
  const next = <T>(event: string): Promise<T> => new Promise((resolve) => session.once(event, resolve));
  const pause = (asked: () => Promise<unknown>): Promise<Paused | undefined> => {
    const paused = next<Paused>("Debugger.paused");
    return unlessMoot(asked().then(() => paused));
  };
  // Both at once: code that native code gives room to hear the one may be in native code again before the other.
  const begin = (): Promise<unknown> => Promise.all([post("Debugger.enable"), post("Debugger.pause")]);
  /** What is paused already cannot be asked to pause at its next statement. */
  const goOn = async (): Promise<unknown> => {
    await Promise.all([next("Debugger.resumed"), post("Debugger.resume")]);
    return post("Debugger.pause");
  };
  try {
    let found = await pause(begin);
    while (found !== undefined && inHook(found) && !moot()) found = await pause(goOn);
    if (found === undefined) return false;
    if (inHook(found) || !allowed(found.params.callFrames.map(urlOf))) {
      await post("Debugger.resume");
      return false;
    }
    torn();
    await post("Runtime.evaluate", { expression: clearAsyncIds, silent: true });
    // V8 may have stopped it at the limit of the heap just now, and our own pause is still to come.
    session.on("Debugger.paused", () => void post("Debugger.resume").catch(() => {}));
    // The termination is answered only after the code has ended, which it can only after it goes on.
    const ended = post("Runtime.terminateExecution").then(() => true);
    await post("Debugger.resume");
    return await Promise.race([ended, sleep(lost, false)]);
  } finally {
    // Ends a pause, or the wish for one.
    session.disconnect();
  }
};

/** The heap of the main thread, seen from a worker. */
export interface Heap {
  /** Bytes in use, garbage of the last while included; asked in the midst of a busy loop, answered between two collections. */
  used(): Promise<number>;
  /**
   * From now on V8 calls `full` instead of ending the process at the limit of the heap, while the main thread stands; it goes
   * on with more room, unless `full` resolves to true and has torn what ran. What cells await costs ten times as much meanwhile.
   */
  brake(full: () => Promise<boolean>): void;
  /** Collects garbage as soon as the event loop of the main thread gets to it. */
  collect(): Promise<void>;
  /** Leaves the inspector until the next question. */
  rest(): void;
}

/** Asks V8's inspector about the main thread's heap. */
export function heapOfMainThread(): Heap {
  let session: Session | undefined;
  let braking = false;
  const connect = (): Session => {
    const made = new Session();
    made.connectToMainThread();
    session = made;
    return made;
  };
  const post = <T>(method: string, options: object = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      const to = session ?? connect();
      to.post(method, options, (error, result) => (error === null ? resolve(result as T) : reject(error)));
    });
  return {
    brake(full) {
      if (braking) return;
      braking = true;
      // It skips all but this: what else pauses is the debugger's.
      const enabled = Promise.all([post("Debugger.setSkipAllPauses", { skip: true }), post("Debugger.enable")]);
      void enabled.catch(() => {});
      session?.on("Debugger.paused", () => {
        const over = full().then((torn) => (torn ? undefined : post("Debugger.resume")));
        // Whoever tears on another account may have ended the pause meanwhile.
        void over.catch(() => {});
      });
    },
    used: async () => (await post<{ usedSize: number }>("Runtime.getHeapUsage")).usedSize,
    collect: () => post("HeapProfiler.collectGarbage"),
    rest() {
      session?.disconnect();
      session = undefined;
      braking = false;
    },
  };
}
