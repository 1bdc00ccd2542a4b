import { freemem } from "node:os";
import type { Heap } from "./heap.js";
import { type ErrorContent, withoutPlace } from "./protocol/error.js";

/** What the guard of the memory looks at, and what it does. Sizes in bytes. */
export interface MemoryParts {
  /** V8 ends the process when the user thread's heap reaches that. */
  readonly heapLimit: number;
  /** The process is to stay below that; infinite without a wish of the user. */
  readonly processLimit: number;
  readonly heap: Heap;
  /** What the process has in memory, everything counted. */
  resident(): number;
  /** What the machine, or the container, could still give. */
  available(): number;
  /** Ends what the user thread runs, and says why; false when it could not. */
  end(reason: ErrorContent): Promise<boolean>;
}

/**
 * The part of the heap's limit at which a cell is ended. V8 collects whenever half of what was free after the last collection
 * is used up: at 85 % at least 70 % is no garbage.
 */
const full = 0.85;
/** The part from which V8 is asked to stop at the limit itself: much may be allocated between two looks. */
const wary = 0.6;
/** The process is the one to end when the machine has less than this part of its memory left, or less than {@link least}. */
const reserve = 0.03;
const least = 256 * 2 ** 20;
/** Nothing grows faster, in bytes a millisecond: by this the guard knows how long it need not look. */
const speed = 4e6;
const soonest = 20;
const latest = 250;

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;

/** Ends a cell before its hunger ends the kernel: V8 ends a process whose heap is full, the system one that takes all memory. */
export function watchMemory(parts: MemoryParts): void {
  const guard = new Guard(parts);
  const again = (room: number): void => {
    const wait = Math.min(latest, Math.max(soonest, room / speed));
    // A look that failed, because the thread goes on or ends, says nothing: look again.
    setTimeout(() => guard.look().then(again, () => again(0)), wait).unref();
  };
  again(0);
}

class Guard {
  readonly #parts: MemoryParts;
  /** Above these a cell is ended. What it defined stays: the next one gets more room, in which it can give that up. */
  #heapLine: number;
  #processLine: number;
  #collecting = false;
  #ending: Promise<boolean> | undefined;

  constructor(parts: MemoryParts) {
    this.#parts = parts;
    this.#heapLine = full * parts.heapLimit;
    this.#processLine = parts.processLimit;
  }

  /** What is left to grow, in bytes, before a cell has to be ended; ends it when nothing is. */
  async look(): Promise<number> {
    const resident = this.#parts.resident();
    const room = await this.#roomOfProcess(resident);
    return room === undefined ? 0 : Math.min(room, await this.#roomOfHeap(resident));
  }

  /** Undefined when there was none. */
  async #roomOfProcess(resident: number): Promise<number | undefined> {
    const available = this.#parts.available();
    const kept = Math.max(least, reserve * (available + resident));
    const room = Math.min(this.#processLine - resident, available - kept);
    // Where others take the memory, ending a cell of ours helps nobody.
    if (room > 0 || (resident <= this.#processLine && resident <= available)) return Math.max(0, room);
    if (await this.#end(tooLarge(resident, available, this.#parts.processLimit))) this.#collect();
    return undefined;
  }

  async #roomOfHeap(resident: number): Promise<number> {
    const { heap, heapLimit } = this.#parts;
    const alarm = wary * heapLimit;
    // The heap is in the process: nothing need be asked.
    if (resident < alarm) {
      if (!this.#collecting) heap.rest();
      return alarm - resident;
    }
    const used = await heap.used();
    if (used >= alarm) heap.brake(() => this.#endFull(heapLimit));
    else if (used < alarm / 2 && !this.#collecting) heap.rest();
    if (used < this.#heapLine) return this.#heapLine - used;
    await this.#endFull(used);
    return 0;
  }

  async #endFull(used: number): Promise<boolean> {
    if (!(await this.#end(heapFull(used, this.#parts.heapLimit)))) return false;
    this.#heapLine = this.#halfway(used);
    this.#collect();
    return true;
  }

  /** Ends the cell, once however many ask. */
  #end(reason: ErrorContent): Promise<boolean> {
    this.#ending ??= this.#parts.end(reason).finally(() => {
      this.#ending = undefined;
    });
    return this.#ending;
  }

  /** Between what is used and the limit; V8 may have let it grow beyond that. */
  #halfway(used: number): number {
    const { heapLimit } = this.#parts;
    return used < heapLimit ? (used + heapLimit) / 2 : 1.1 * used;
  }

  /** The event loop may be busy with the next cell before it collects: that must not keep the guard from looking. */
  #collect(): void {
    const { heap, heapLimit } = this.#parts;
    this.#collecting = true;
    this.#raiseProcessLine();
    const measured = heap.collect().then(async () => {
      this.#heapLine = Math.max(full * heapLimit, this.#halfway(await heap.used()));
      this.#raiseProcessLine();
    });
    void measured.catch(ignore).finally(() => {
      this.#collecting = false;
    });
  }

  #raiseProcessLine(): void {
    this.#processLine = Math.max(this.#parts.processLimit, this.#parts.resident() * 1.1);
  }
}

/** What the machine or the container could still give, in bytes. */
export function availableMemory(): number {
  const { availableMemory: ofContainer } = process as { availableMemory?: () => number };
  return ofContainer === undefined ? freemem() : ofContainer.call(process);
}

/** The size that a user wants the kernel to stay below, `NABLA_MEMORY` in MB. */
export function processLimit(wish: string | undefined): number {
  const megabytes = Number(wish);
  return wish !== undefined && megabytes > 0 ? megabytes * 2 ** 20 : Number.POSITIVE_INFINITY;
}

function heapFull(used: number, limit: number): ErrorContent {
  const more = Math.ceil((2 * limit) / 2 ** 30) * 1024;
  return withoutPlace(
    "OutOfMemory",
    `The cell was ended: its JavaScript values took ${gigabytes(used)} of at most ${gigabytes(limit)}, and at the limit the kernel ` +
      "would have died. Everything that it had defined is kept: set what is large to undefined. For more room, start Jupyter " +
      `with NODE_OPTIONS=--max-old-space-size=${more}.`,
  );
}

function tooLarge(resident: number, available: number, limit: number): ErrorContent {
  const why = Number.isFinite(limit)
    ? `NABLA_MEMORY allows ${gigabytes(limit)}`
    : `the machine has ${gigabytes(available)} left, and would have ended the kernel`;
  return withoutPlace(
    "OutOfMemory",
    `The cell was ended: the kernel took ${gigabytes(resident)} of memory, and ${why}. Everything that it had defined is kept: set ` +
      "what is large to undefined.",
  );
}

function ignore(): void {}
