import { type Host, hostSymbol } from "../../src/door.js";
import { sendable } from "../render.js";
import { shared } from "../threads.js";
import type { Comms } from "./comms.js";
import { currentCell, currentContext, KeyboardInterrupt, throwIfStopped } from "./context.js";
import type { Outlet } from "./outlet.js";

interface Question {
  readonly answer: (value: string) => void;
  readonly refuse: (reason: Error) => void;
}

/** The {@link Host} of this thread: what the library can ask of the notebook. */
export class NotebookHost implements Host {
  readonly #outlet: Outlet;
  readonly #comms: Comms;
  readonly #shared: Int32Array;
  readonly #recoveries = new Set<() => void>();
  readonly #questions = new Map<number, Question>();
  readonly #never = new AbortController().signal;
  #requests = 0;

  constructor(outlet: Outlet, comms: Comms, view: Int32Array) {
    this.#outlet = outlet;
    this.#comms = comms;
    this.#shared = view;
  }

  install(): void {
    Object.defineProperty(globalThis, hostSymbol, { value: this, configurable: true });
  }

  display: Host["display"] = (rendered, displayId) => {
    throwIfStopped();
    const named = displayId === undefined ? {} : { displayId };
    this.#outlet.post({ type: "display", cell: currentCell(), rendered: sendable(rendered), update: false, ...named });
  };

  update: Host["update"] = (displayId, rendered) => {
    this.#outlet.post({ type: "display", cell: currentCell(), rendered: sendable(rendered), displayId, update: true });
  };

  clear: Host["clear"] = (wait) => {
    throwIfStopped();
    this.#outlet.post({ type: "clear", cell: currentCell(), wait });
  };

  get signal(): AbortSignal {
    return currentContext()?.controller.signal ?? this.#never;
  }

  shield: Host["shield"] = (work) => {
    Atomics.add(this.#shared, shared.shield, 1);
    try {
      return work();
    } finally {
      const outermost = Atomics.sub(this.#shared, shared.shield, 1) === 1;
      if (outermost && Atomics.load(this.#shared, shared.tearing) === 1) {
        Atomics.wait(this.#shared, shared.tearing, 1, 1000);
      }
    }
  };

  onTorn: Host["onTorn"] = (recover) => {
    this.#recoveries.add(recover);
  };

  input: Host["input"] = (prompt, password = false) => {
    this.#requests += 1;
    const request = this.#requests;
    this.#outlet.post({ type: "input-request", cell: currentCell(), request, prompt, password });
    return new Promise((answer, refuse) => {
      this.#questions.set(request, { answer, refuse });
    });
  };

  openComm: Host["openComm"] = (target, message, id) => this.#comms.open(target, message, id);

  /** The front end answered a question, or (without a value) has no input. */
  answered(request: number, value?: string): void {
    const question = this.#questions.get(request);
    this.#questions.delete(request);
    if (value !== undefined) question?.answer(value);
    else question?.refuse(new Error("input: expected a front end that can ask the user, got one that takes no input."));
  }

  /** No question outlives an interrupt. */
  interrupted(): void {
    for (const { refuse } of this.#questions.values()) refuse(new KeyboardInterrupt());
    this.#questions.clear();
  }

  /** Puts things back into order after running code was torn: its `finally` blocks did not run. */
  torn(): void {
    Atomics.store(this.#shared, shared.shield, 0);
    for (const recover of this.#recoveries) {
      try {
        recover();
      } catch (error) {
        console.error(error);
      }
    }
  }
}
