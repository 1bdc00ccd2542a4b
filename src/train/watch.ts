import { setImmediate } from "node:timers/promises";
import { host } from "../door.js";
import { ValueError } from "../errors.js";
import { show } from "../tensor/arguments.js";

/** The longest stretch of work, in milliseconds, before the event loop gets its turn. */
const stretch = 5;

/** Keeps long work a good guest: it stops when asked to, is not torn in the middle, and lets displays and messages through. */
export class Watch {
  readonly #signals: readonly AbortSignal[];
  #rested = performance.now();

  /** Throws ValueError unless it is a signal. */
  constructor(signal?: AbortSignal) {
    if (signal !== undefined && typeof signal?.aborted !== "boolean") {
      const hint = "Write new AbortController().signal.";
      throw new ValueError({ what: "signal", expected: "an AbortSignal", got: show(signal), hint });
    }
    this.#signals = [signal, host()?.signal].filter((each) => each !== undefined);
  }

  /** Whether the user, or the owner of the signal, wants the work to end. */
  get stopped(): boolean {
    return this.#signals.some(({ aborted }) => aborted);
  }

  /** Does one piece of synchronous work that an interrupt must not tear. */
  whole<T>(work: () => T): T {
    const notebook = host();
    return notebook === undefined ? work() : notebook.shield(work);
  }

  /** Waits for work that goes on on another thread, and that an interrupt must not tear either. */
  async through<T>(work: T | Promise<T>): Promise<T> {
    // An older kernel has no such door.
    return work instanceof Promise ? await (host()?.closing?.(() => work) ?? work) : work;
  }

  /** Lets the notebook wait for what must still be done after a stop, e.g. the last picture of the loss. */
  async closing(work: () => Promise<void>): Promise<void> {
    const notebook = this.stopped ? host() : undefined;
    // An older kernel has no such door.
    await (notebook?.closing?.(work) ?? work());
  }

  /** Gives the event loop a turn where the last one is a few milliseconds ago. */
  async rest(): Promise<void> {
    if (performance.now() - this.#rested < stretch) return;
    await setImmediate();
    this.#rested = performance.now();
  }
}
