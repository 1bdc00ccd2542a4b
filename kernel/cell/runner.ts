import { setImmediate as nextTurn } from "node:timers/promises";
import { type ErrorContent, interrupted } from "../protocol/error.js";
import { render } from "../render.js";
import { type EmittedCell, type Outcome, shared } from "../threads.js";
import { type CellContext, KeyboardInterrupt, makeContext, runAs, wasInterrupted } from "./context.js";
import { evaluate, type Scope } from "./evaluate.js";
import { runExposed } from "./exposed.js";
import type { Importer } from "./imports.js";
import { CellMagics } from "./magics/magics.js";
import type { Outlet } from "./outlet.js";
import { toCellError } from "./traceback.js";

interface Running {
  readonly context: CellContext;
  readonly scope: Scope;
  readonly directory: string;
  readonly defined: Set<string>;
  reset: boolean;
  readonly end: (outcome: Outcome) => void;
}

/** How long a cell that was interrupted may take to stop by itself, in ms. */
const patience = 500;

/** Runs cells and says how each ended. Cells of different subshells interleave where they await. */
export class Runner {
  readonly scope: Scope = Object.create(null) as Scope;
  readonly #outlet: Outlet;
  readonly #importer: Importer;
  readonly #shared: Int32Array;
  /** By the number of the cell, in the order they started. */
  readonly #running = new Map<number, Running>();

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
      end: (outcome) => {
        if (this.#running.get(emitted.cell) !== running) return;
        this.#running.delete(emitted.cell);
        Atomics.store(this.#shared, shared.running, [...this.#running.keys()].at(-1) ?? 0);
        const { defined, reset } = running;
        this.#outlet.post({ type: "done", cell: emitted.cell, outcome, defined: [...defined], reset });
      },
    };
    this.#running.set(emitted.cell, running);
    Atomics.store(this.#shared, shared.running, emitted.cell);
    runAs(context, () => this.#run(emitted, silent, running)).then(running.end);
  }

  /** The user wants what runs to stop: it may do so in its own way, but not for long. */
  interrupt(): void {
    for (const running of this.#running.values()) {
      running.context.controller.abort(new KeyboardInterrupt());
      // A second, short timer: after a long step the first one is late, and the cell deserves a turn to stop by itself.
      setTimeout(() => setTimeout(() => this.#stop(running), 50), patience);
    }
  }

  /** Code was torn in the middle and will never settle. Whose it was is not known, and Stop means all. */
  torn(): void {
    for (const running of [...this.#running.values()]) {
      running.context.controller.abort(new KeyboardInterrupt());
      this.#stop(running);
    }
  }

  #stop(running: Running): void {
    if (this.#running.get(running.context.cell) !== running) return;
    running.context.stopped = true;
    running.end({ status: "error", error: interrupted() });
  }

  async #run(emitted: EmittedCell, silent: boolean, running: Running): Promise<Outcome> {
    const { context, defined } = running;
    try {
      const work = () => evaluate(emitted, this.scope, this.#importer, defined, new CellMagics(running));
      const result = await runExposed(work, this.#shared);
      // Rejections that nobody handles are reported between turns: they come before the end of the cell.
      await nextTurn();
      if (silent || !result || result[0] === undefined) return { status: "ok" };
      return { status: "ok", result: await render(result[0]) };
    } catch (error) {
      await nextTurn();
      return { status: "error", error: wasInterrupted(error, context) ? stopped(error) : toCellError(error) };
    }
  }
}

/** The library says what it leaves; other errors of stopping say nothing that the user does not know. */
function stopped(error: Error): ErrorContent {
  return interrupted(error.name === "InterruptedError" ? error.message : undefined);
}
