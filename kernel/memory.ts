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
const part = 0.85;
/** The part from which V8 is asked to stop at the limit itself: much may be allocated between two looks. */
const wary = 0.6;
/** The process is the one to end when the machine has less than this part of its memory left, or less than {@link least}. */
const reserve = 0.03;
const least = 256 * 2 ** 20;
/** Nothing grows faster, in bytes a millisecond: by this the guard knows how long it need not look. */
const speed = 4e6;
const soonest = 20;
const latest = 250;

const text = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;

/** Ends a cell before its hunger ends the kernel: V8 ends a process whose heap is full, the system one that takes all memory. */
export function watchMemory(parts: MemoryParts): void {
  const { heapLimit, heap } = parts;
  /** Above these a cell is ended. */
  let line = part * heapLimit;
  let processLine = parts.processLimit;
  let collecting = false;
  let ending: Promise<boolean> | undefined;

  /** Ends the cell, once however many ask. */
  const end = (reason: ErrorContent): Promise<boolean> => {
    ending ??= parts.end(reason).finally(() => {
      ending = undefined;
    });
    return ending;
  };

  /** Ends the cell because the heap is full. */
  const endFull = async (used: number): Promise<boolean> => {
    if (!(await end(heapFull(used, heapLimit)))) return false;
    // What the cell defined stays. The next cell must be able to give it up: it gets half of what is left.
    line = halfway(used);
    collect();
    return true;
  };

  /** Between what is used and the limit; V8 may have let it grow beyond that. */
  const halfway = (used: number): number => (used < heapLimit ? (used + heapLimit) / 2 : 1.1 * used);

  /** What is left to grow before a cell has to be ended; ends it when nothing is. */
  const look = async (): Promise<number> => {
    const resident = parts.resident();
    const available = parts.available();
    const free = Math.min(processLine - resident, available - Math.max(least, reserve * (available + resident)));
    // Where others take the memory, ending a cell of ours helps nobody.
    if (free <= 0 && (resident > processLine || resident > available)) {
      if (await end(tooLarge(resident, available, parts.processLimit))) collect();
      return 0;
    }
    if (resident < wary * heapLimit) {
      if (!collecting) heap.rest();
      return Math.min(wary * heapLimit - resident, Math.max(0, free));
    }
    const used = await heap.used();
    if (used >= wary * heapLimit) heap.brake(() => endFull(heapLimit));
    else if (used < (wary / 2) * heapLimit && !collecting) heap.rest();
    if (used >= line) {
      await endFull(used);
      return 0;
    }
    return Math.min(line - used, Math.max(0, free));
  };

  const collect = (): void => {
    collecting = true;
    processLine = Math.max(parts.processLimit, parts.resident() * 1.1);
    // The event loop may be busy with the next cell before it collects: that must not keep the guard from looking.
    const measured = heap.collect().then(async () => {
      const used = await heap.used();
      line = Math.max(part * heapLimit, halfway(used));
      processLine = Math.max(parts.processLimit, parts.resident() * 1.1);
    });
    void measured.catch(ignore).finally(() => {
      collecting = false;
    });
  };

  const again = (free: number): void => {
    setTimeout(() => look().then(again, () => again(0)), Math.min(latest, Math.max(soonest, free / speed))).unref();
  };
  again(0);
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
    `The cell was ended: its JavaScript values took ${text(used)} of at most ${text(limit)}, and at the limit the kernel ` +
      "would have died. Everything that it had defined is kept: set what is large to undefined. For more room, start Jupyter " +
      `with NODE_OPTIONS=--max-old-space-size=${more}.`,
  );
}

function tooLarge(resident: number, available: number, limit: number): ErrorContent {
  const why = Number.isFinite(limit)
    ? `NABLA_MEMORY allows ${text(limit)}`
    : `the machine has ${text(available)} left, and would have ended the kernel`;
  return withoutPlace(
    "OutOfMemory",
    `The cell was ended: the kernel took ${text(resident)} of memory, and ${why}. Everything that it had defined is kept: set ` +
      "what is large to undefined.",
  );
}

function ignore(): void {}
