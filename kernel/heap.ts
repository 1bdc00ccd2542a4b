import { DevTools } from "./debug/devtools.js";

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
export function heapOfMainThread(log: (text: string) => void): Heap {
  let attached: DevTools | undefined;
  let braking = false;
  const tools = (): DevTools => {
    attached ??= new DevTools(log);
    return attached;
  };
  return {
    async used() {
      return (await tools().ask<{ usedSize: number }>("Runtime.getHeapUsage")).usedSize;
    },
    brake(full) {
      if (braking) return;
      braking = true;
      const brakes = tools();
      // It skips all but this: what else pauses is the debugger's.
      brakes.tell("Debugger.setSkipAllPauses", { skip: true });
      brakes.tell("Debugger.enable");
      brakes.on("Debugger.paused", async () => {
        const torn = await full().catch((error: unknown) => {
          log(`the full heap: ${String(error)}`);
          return false;
        });
        // Whoever tears on another account may have ended the pause meanwhile.
        if (!torn) brakes.tell("Debugger.resume");
      });
    },
    async collect() {
      await tools().ask("HeapProfiler.collectGarbage");
    },
    rest() {
      attached?.close();
      attached = undefined;
      braking = false;
    },
  };
}
