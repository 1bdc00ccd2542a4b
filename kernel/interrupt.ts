import { setTimeout as sleep } from "node:timers/promises";
import { shared, type ToUser } from "./threads.js";

/** Stops what the user thread does. */
export interface Interrupter {
  /**
   * Asks the user thread to stop; when its event loop does not hear that, tears the running code. Resolves when it is done.
   * A shielded piece of work is left to end first, unless the user presses again.
   */
  press(): Promise<void>;
}

/** What tearing may look at before it happens: the scripts on the stack, innermost first. */
export type Allowed = (scripts: readonly string[]) => boolean;

export interface InterrupterParts {
  /** Indexed by {@link shared}. */
  readonly view: Int32Array;
  user(message: ToUser): void;
  /**
   * Pauses the user thread, asks `allowed`, and ends what runs there, or lets it go on. `torn` is called while it still
   * stands. Gives up when `moot` says so. Resolves to whether it tore.
   */
  tear(options: { allowed: Allowed; torn(): void; moot(): boolean }): Promise<boolean>;
  /** Whether what stands on such a stack must come to its end, like a shield. */
  spared: Allowed;
  log(text: string): void;
}

/** So long the event loop of the user thread may take to hear of an interrupt before it counts as busy, in ms. */
const grace = 50;
const tick = 5;
/** So long what must not be torn is left alone before the next look at it, in ms: looking stops it for a while. */
const rest = 50;

/** An interrupter over the shared indices `heard`, `shield`, `running` and `tearing`. */
export function createInterrupter(parts: InterrupterParts): Interrupter {
  const { view } = parts;
  const read = (index: number): number => Atomics.load(view, index);
  let pressed: { again: boolean } | undefined;

  const stop = async (press: { again: boolean }): Promise<void> => {
    const heard = read(shared.heard);
    const cell = read(shared.running);
    const over = (): boolean => {
      const now = read(shared.running);
      // A busy callback of an older cell blocks the cell that is about to start: that is no reason to give up.
      return read(shared.heard) !== heard || (cell !== 0 && now !== cell);
    };
    parts.user({ type: "interrupt" });
    for (let waited = 0; waited < grace && !over(); waited += tick) await sleep(tick);
    const shielded = (): boolean => read(shared.shield) > 0 && !press.again;
    const allowed: Allowed = (scripts) => !over() && !shielded() && (press.again || !parts.spared(scripts));
    while (!over()) {
      if (shielded()) {
        Atomics.store(view, shared.tearing, 1);
        await sleep(tick);
        continue;
      }
      if (await parts.tear({ allowed, torn: () => parts.user({ type: "torn" }), moot: over })) return;
      if (!shielded()) await sleep(rest);
    }
  };

  return {
    async press() {
      if (pressed !== undefined) {
        pressed.again = true;
        return;
      }
      pressed = { again: false };
      try {
        await stop(pressed);
      } catch (error) {
        parts.log(`interrupt: ${String(error)}`);
      } finally {
        pressed = undefined;
        Atomics.store(view, shared.tearing, 0);
        Atomics.notify(view, shared.tearing);
      }
    },
  };
}
