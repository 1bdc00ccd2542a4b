import { setTimeout as sleep } from "node:timers/promises";
import { type CellError, shared, type ToUser } from "./threads.js";

/** Stops what the user thread does. */
export interface Interrupter {
  /**
   * Asks the user thread to stop; whenever its event loop does not hear that, tears the running code. Resolves when every
   * cell that it found has ended. A shielded piece of work is left to end first, unless the user presses again.
   */
  press(): Promise<void>;
  /**
   * Ends the running cell for a reason of the kernel's own, shielded or not. False when there is none, or when it stands where
   * it must not be torn.
   */
  end(reason: CellError): Promise<boolean>;
}

/** What tearing may look at before it happens: the scripts on the stack, innermost first. */
export type Allowed = (scripts: readonly string[]) => boolean;

/** What an interrupter stands on. */
export interface InterrupterParts {
  /** Indexed by {@link shared}. */
  readonly view: Int32Array;
  user(message: ToUser): void;
  /**
   * Pauses the user thread, asks `allowed`, and ends what runs there, or lets it go on. `torn` is called while it still
   * stands. Gives up when `moot` says so. Resolves to whether it tore.
   */
  tear(options: { allowed: Allowed; torn(): void; moot(): boolean }): Promise<boolean>;
  /** Ends what native code waits for, e.g. the child of an `execSync`; what it returns ends the attempt. */
  unblock(): () => void;
  /** Whether what stands on such a stack must come to its end, like a shield. */
  spared: Allowed;
  log(text: string): void;
}

/** So long the event loop of the user thread may take to hear of an interrupt before it counts as busy, in ms. */
const grace = 50;
const tick = 5;
/** So long what must not be torn is left alone before the next look at it, in ms: looking stops it for a while. */
const rest = 50;
/** Code that did not pause after so long stands in native code, in ms. */
const native = 60;
/** The last picture of a run may keep the event loop busy for so long before it is torn after all, in ms. */
const closingTime = 5000;

interface Press {
  readonly number: number;
  readonly at: number;
  again: boolean;
}

/** An interrupter over the shared indices `heard`, `shield`, `closing`, `running`, `settled`, `tearing` and `watched`. */
export function createInterrupter(parts: InterrupterParts): Interrupter {
  const { view } = parts;
  const read = (index: number): number => Atomics.load(view, index);
  let pressed: Press | undefined;
  let presses = 0;

  /** Asks the event loop, and waits for a short while. Whether it answered: whether `heard` is the past. */
  const ask = async ({ number, again }: Press, heard: number): Promise<boolean> => {
    parts.user({ type: "interrupt", press: number, again });
    for (let waited = 0; waited < grace; waited += tick) {
      if (read(shared.heard) !== heard) return true;
      await sleep(tick);
    }
    return read(shared.heard) !== heard;
  };

  /** Tears what keeps the event loop busy, or sees it end. */
  const free = async (press: Press, heard: number): Promise<void> => {
    const cell = read(shared.running);
    const over = (): boolean => {
      const now = read(shared.running);
      // A busy callback of an older cell blocks the cell that is about to start: that is no reason to give up.
      return read(shared.heard) !== heard || read(shared.settled) === press.number || (cell !== 0 && now !== cell);
    };
    const shielded = (): boolean => {
      if (read(shared.watched) > 0) return true;
      if (press.again) return false;
      const closing = read(shared.closing) > 0 && performance.now() - press.at < closingTime;
      return read(shared.shield) > 0 || closing;
    };
    const allowed: Allowed = (scripts) => !over() && !shielded() && (press.again || !parts.spared(scripts));
    while (!over()) {
      if (shielded()) {
        if (read(shared.shield) > 0) Atomics.store(view, shared.tearing, 1);
        await sleep(tick);
        continue;
      }
      if (await unblocking(() => parts.tear({ allowed, torn: () => parts.user({ type: "torn" }), moot: over }))) return;
      if (!shielded()) await sleep(rest);
    }
  };

  const unblocking = async <T>(work: () => Promise<T>): Promise<T> => {
    let stop = (): void => {};
    const timer = setTimeout(() => {
      stop = parts.unblock();
    }, native);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      stop();
    }
  };

  const stop = async (press: Press): Promise<void> => {
    while (read(shared.settled) !== press.number) {
      // Taken once for both: an answer that comes between the two must not be missed.
      const heard = read(shared.heard);
      if (await ask(press, heard)) await sleep(tick);
      else await free(press, heard);
    }
  };

  return {
    async press() {
      if (pressed !== undefined) {
        pressed.again = true;
        return;
      }
      presses += 1;
      pressed = { number: presses, at: performance.now(), again: false };
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
    async end(reason) {
      const cell = read(shared.running);
      if (cell === 0 || read(shared.watched) > 0) return false;
      const over = (): boolean => read(shared.running) !== cell;
      const allowed: Allowed = (scripts) => !over() && !parts.spared(scripts);
      return parts.tear({ allowed, torn: () => parts.user({ type: "torn", reason }), moot: over });
    },
  };
}
