import { AsyncLocalStorage } from "node:async_hooks";

/** One evaluation of a cell. Whatever the cell starts (timers, promises) carries it along. */
export interface CellContext {
  /** The execute request; 0 is nobody's. */
  readonly cell: number;
  readonly controller: AbortController;
  /** The user stopped this cell while code of it was still waiting: that code must do nothing visible any more. */
  stopped: boolean;
}

const storage = new AsyncLocalStorage<CellContext | undefined>();
let latest: CellContext | undefined;

export function makeContext(cell: number): CellContext {
  return { cell, controller: new AbortController(), stopped: false };
}

/** Runs work as part of a cell; what it starts belongs to the cell too. */
export function runAs<T>(context: CellContext, work: () => T): T {
  latest = context;
  return storage.run(context, work);
}

/** The cell to which the running code belongs; work that lost its origin belongs to the latest cell. */
export function currentContext(): CellContext | undefined {
  return storage.getStore() ?? latest;
}

/** The number of that cell, 0 before the first. */
export function currentCell(): number {
  return currentContext()?.cell ?? 0;
}

/** Is this code of a cell, or the kernel's own? */
export function inCell(): boolean {
  return storage.getStore() !== undefined;
}

/** The user stopped the cell. Thrown into code of a stopped cell that goes on after an `await`. */
export class KeyboardInterrupt extends Error {
  override name = "KeyboardInterrupt";
  constructor() {
    super("The cell was interrupted.");
  }
}

/** Throws {@link KeyboardInterrupt} when the running code belongs to a cell that the user has stopped. */
export function throwIfStopped(): void {
  if (storage.getStore()?.stopped) throw new KeyboardInterrupt();
}

/** Did this error come of stopping the cell, and not of the cell's own fault? */
export function wasInterrupted(error: unknown, { controller }: CellContext): error is Error {
  if (!controller.signal.aborted || !(error instanceof Error)) return false;
  return error instanceof KeyboardInterrupt || error.name === "InterruptedError" || error.name === "AbortError";
}
