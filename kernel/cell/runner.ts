import { setTimeout as later } from "node:timers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type ErrorContent, interrupted } from "../protocol/error.js";
import { render } from "../render.js";
import { type CellError, type EmittedCell, type Outcome, shared } from "../threads.js";
import { mendBuiltins } from "./builtins.js";
import { abort, abortAll, type CellContext, makeContext, renew, runAs, wasInterrupted } from "./context.js";
import { evaluate, type Scope } from "./evaluate.js";
import { runExposed } from "./exposed.js";
import type { Importer } from "./imports.js";
import { watchLeftovers } from "./leftovers.js";
import { CellMagics } from "./magics/magics.js";
import type { Outlet } from "./outlet.js";
import { toCellError } from "./traceback.js";

interface Running {
  readonly context: CellContext;
  readonly scope: Scope;
  readonly directory: string;
  readonly defined: Set<string>;
  reset: boolean;
  clearLeftovers(): string;
  readonly end: (outcome: Outcome) => void;
}

/** How long a cell that was interrupted may take to stop by itself, or to say that it does (`Host.closing`), in ms. */
const patience = 80;
/** How long it may take when it said so, in ms; the user can press again. */
const longPatience = 10_000;

/** Runs cells and says how each ended. Cells of different subshells interleave where they await. */
export class Runner {
  readonly scope: Scope = Object.create(null) as Scope;
  readonly #outlet: Outlet;
  readonly #importer: Importer;
  readonly #shared: Int32Array;
  readonly #leftovers = watchLeftovers();
  /** By the number of the cell, in the order they started. */
  readonly #running = new Map<number, Running>();
  /** The last press of Stop that was heard, and the cells it found that have not ended yet. */
  #press = 0;
  #stopping = new Set<Running>();

  constructor(outlet: Outlet, importer: Importer, view: Int32Array) {
    this.#outlet = outlet;
    this.#importer = importer;
    this.#shared = view;
  }

  /** Runs a cell; posts `done` once, whatever happens to it. */
  start(emitted: EmittedCell, silent: boolean): void {
    const context = makeContext(emitted.cell);
    const running: Running = {
      context,
      scope: this.scope,
      directory: this.#importer.meta.dirname,
      defined: new Set(),
      reset: false,
      clearLeftovers: () => this.#leftovers.clear((cell) => this.#running.has(cell)),
      end: (outcome) => {
        if (this.#running.get(emitted.cell) !== running) return;
        this.#running.delete(emitted.cell);
        // Before the end is known: what comes after it must not be stopped by this press.
        this.#settle();
        renew(context);
        Atomics.store(this.#shared, shared.running, [...this.#running.keys()].at(-1) ?? 0);
        const { defined, reset } = running;
        this.#outlet.post({ type: "done", cell: emitted.cell, outcome, defined: [...defined], reset });
      },
    };
    this.#running.set(emitted.cell, running);
    Atomics.store(this.#shared, shared.running, emitted.cell);
    void runAs(context, () => this.#run(emitted, silent, running));
  }

  /**
   * The user wants what runs to stop: it may do so in its own way, but not for long. Work of cells that are over is told to
   * stop too. Returns whether this press was new.
   */
  interrupt(press: number, again: boolean): boolean {
    const isNew = press !== this.#press;
    if (isNew) {
      this.#press = press;
      this.#stopping = new Set(this.#running.values());
      abortAll(({ cell }) => this.#running.has(cell));
      // A second, short timer: after a long step the first one is late, and the cell deserves a turn to stop by itself.
      for (const running of this.#stopping) later(() => later(() => this.#stop(running, longPatience), 20), patience);
    }
    if (again) for (const running of this.#stopping) this.#stop(running, 0);
    this.#settle();
    return isNew;
  }

  /** Code was torn in the middle and will never settle. Whose it was is not known, and Stop means all. */
  torn(reason?: CellError): void {
    for (const running of [...this.#running.values()]) {
      abort(running.context);
      this.#stop(running, 0, reason);
    }
    this.#settle();
  }

  #settle(): void {
    for (const running of this.#stopping) {
      if (this.#running.get(running.context.cell) !== running) this.#stopping.delete(running);
    }
    if (this.#stopping.size === 0) Atomics.store(this.#shared, shared.settled, this.#press);
  }

  /** Ends a cell; where it puts things in order, at most `wait` ms later. */
  #stop(running: Running, wait: number, error: CellError = interrupted()): void {
    if (this.#running.get(running.context.cell) !== running) return;
    if (wait > 0 && running.context.closing > 0) {
      later(() => this.#stop(running, wait - 20, error), 20);
      return;
    }
    running.context.stopped = true;
    running.end({ status: "error", error });
  }

  async #run(emitted: EmittedCell, silent: boolean, running: Running): Promise<void> {
    running.end(await this.#outcome(emitted, silent, running));
  }

  async #outcome(emitted: EmittedCell, silent: boolean, running: Running): Promise<Outcome> {
    const { context, defined } = running;
    try {
      for (const note of emitted.notes ?? []) process.stderr.write(`${note}\n`);
      const work = () => evaluate(emitted, this.scope, this.#importer, defined, new CellMagics(running));
      const result = await runExposed(work, this.#shared);
      mendBuiltins();
      await lastTurn(context);
      if (silent || !result || result[0] === undefined) return { status: "ok" };
      return { status: "ok", result: await render(result[0]) };
    } catch (error) {
      mendBuiltins();
      await lastTurn(context);
      return { status: "error", error: wasInterrupted(error, context) ? stopped(error) : toCellError(error) };
    }
  }
}

/**
 * Rejections that nobody handles are reported between turns: they come before the end of the cell. A timer of Stop may come
 * there too, and must not take the place of what the cell itself has come to.
 */
async function lastTurn(context: CellContext): Promise<void> {
  context.closing += 1;
  await nextTurn();
  context.closing -= 1;
}

/** The library says what it leaves; other errors of stopping say nothing that the user does not know. */
function stopped(error: Error): ErrorContent {
  return interrupted(error.name === "InterruptedError" ? error.message : undefined);
}
