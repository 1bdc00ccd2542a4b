import { AsyncLocalStorage } from "node:async_hooks";

/** One evaluation of a cell. Whatever the cell starts (timers, promises) carries it along. */
export interface CellContext {
  /** The execute request; 0 is nobody's. */
  readonly cell: number;
  /** A new one after each Stop that found the cell already over, see {@link abortAll}. */
  controller: AbortController;
  /** Stop was pressed at least once since the evaluation began. */
  interrupted: boolean;
  /** The user stopped this cell while code of it was still waiting: that code must do nothing visible any more. */
  stopped: boolean;
  /** Pieces of work that put things in order before the cell may end, see `Host.closing`. */
  closing: number;
}

const storage = new AsyncLocalStorage<CellContext | undefined>();
let latest: CellContext | undefined;

/** Every context that timers, promises or listeners may still carry along. */
const alive = new Set<WeakRef<CellContext>>();
let pruneAt = 256;

/** Makes the context of one evaluation; {@link abortAll} finds it as long as anything carries it along. */
export function makeContext(cell: number): CellContext {
  const context = { cell, controller: new AbortController(), interrupted: false, stopped: false, closing: 0 };
  alive.add(new WeakRef(context));
  if (alive.size > pruneAt) {
    for (const reference of alive) if (reference.deref() === undefined) alive.delete(reference);
    pruneAt = 2 * alive.size + 256;
  }
  return context;
}

/**
 * Fires the signals of all work that any cell began and that may still go on: a `fit` without `await` outlives its cell.
 * What cells that are over (`running` says no) begin later gets a fresh signal.
 */
export function abortAll(running: (context: CellContext) => boolean): void {
  for (const reference of [...alive]) {
    const context = reference.deref();
    if (context === undefined) alive.delete(reference);
    else {
      abort(context);
      if (!running(context)) renew(context);
    }
  }
}

/** Tells the work of one cell to stop. */
export function abort(context: CellContext): void {
  context.interrupted = true;
  context.controller.abort(new KeyboardInterrupt());
}

/** Gives what a cell begins from now on a signal that has not fired. */
export function renew(context: CellContext): void {
  if (context.controller.signal.aborted) context.controller = new AbortController();
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
export function wasInterrupted(error: unknown, { interrupted }: CellContext): error is Error {
  if (!interrupted || !(error instanceof Error)) return false;
  return error instanceof KeyboardInterrupt || error.name === "InterruptedError" || error.name === "AbortError";
}
