import { type Host, hostSymbol } from "../../src/door.js";
import { jsonOf, render, sendable } from "../render.js";
import { shared } from "../threads.js";
import type { Comms } from "./comms.js";
import { currentCell, currentContext, KeyboardInterrupt, throwIfStopped } from "./context.js";
import type { Mailbox } from "./mailbox.js";
import type { Outlet } from "./outlet.js";

interface Question {
  readonly answer: (value: string) => void;
  readonly refuse: (reason: Error) => void;
}

/** What a host stands on. */
export interface HostParts {
  readonly outlet: Outlet;
  readonly comms: Comms;
  readonly mailbox: Mailbox;
  readonly shared: Int32Array;
}

/** The front end that sent the cell cannot ask the user. */
export class InputRefused extends Error {
  override name = "InputRefused";
  constructor() {
    super("input: expected a front end that can ask the user, got one that takes no input.");
  }
}

/** What says how the kernel is, and what answers requests, only the session sends. */
const ofSession = /^(status|execute_input|iopub_welcome)$|_(reply|request)$/;

/** The {@link Host} of this thread: what the library can ask of the notebook. */
export class NotebookHost implements Host {
  readonly #outlet: Outlet;
  readonly #comms: Comms;
  readonly #mailbox: Mailbox;
  readonly #shared: Int32Array;
  readonly #recoveries = new Set<() => void>();
  readonly #questions = new Map<number, Question>();
  readonly #never = new AbortController().signal;
  #requests = 0;

  constructor({ outlet, comms, mailbox, shared: view }: HostParts) {
    this.#outlet = outlet;
    this.#comms = comms;
    this.#mailbox = mailbox;
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

  render: Host["render"] = render;

  broadcast: Host["broadcast"] = (msgType, content, { metadata = {}, buffers = [] } = {}) => {
    throwIfStopped();
    if (!/^[a-z][\w.]*$/i.test(msgType) || ofSession.test(msgType)) {
      throw new TypeError(`broadcast: expected the type of a message such as display_data, got "${msgType}".`);
    }
    const { comm_id: id, target_name: target, data = {} } = content;
    // Who lists the open comms must know of those that are made by hand.
    if (msgType === "comm_open" && typeof id === "string") {
      this.#comms.open(String(target), { data, metadata, buffers }, id);
    } else if (msgType === "comm_close" && typeof id === "string") {
      this.#comms.close(id, { data, metadata, buffers });
    } else {
      const plain = {
        content: jsonOf("broadcast: content", content),
        metadata: jsonOf("broadcast: metadata", metadata),
      };
      this.#outlet.post({ type: "broadcast", cell: currentCell(), msgType, ...plain, buffers });
    }
  };

  clear: Host["clear"] = (wait) => {
    throwIfStopped();
    this.#outlet.post({ type: "clear", cell: currentCell(), wait });
  };

  get signal(): AbortSignal {
    return currentContext()?.controller.signal ?? this.#never;
  }

  closing: Host["closing"] = async (work) => {
    const context = currentContext();
    if (context) context.closing += 1;
    Atomics.add(this.#shared, shared.closing, 1);
    try {
      return await work();
    } finally {
      // A tear sets the shared count to 0 and may be about to run this.
      if (Atomics.load(this.#shared, shared.closing) > 0) Atomics.sub(this.#shared, shared.closing, 1);
      if (context) context.closing -= 1;
    }
  };

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

  input: Host["input"] = (prompt, password = false) =>
    new Promise((answer, refuse) => {
      this.#question(prompt, password, { answer, refuse });
    });

  /** {@link input} for code that does not await: blocks this thread. Throws InputRefused, or KeyboardInterrupt after Stop. */
  ask(prompt: string, password: boolean): string {
    if (this.signal.aborted) throw new KeyboardInterrupt();
    let answered: { readonly value: string } | { readonly reason: Error } | undefined;
    this.#question(prompt, password, {
      answer: (value) => {
        answered = { value };
      },
      refuse: (reason) => {
        answered = { reason };
      },
    });
    this.#mailbox.block(() => answered !== undefined);
    const end = answered as unknown as { readonly value: string } | { readonly reason: Error };
    if ("reason" in end) throw end.reason;
    return end.value;
  }

  #question(prompt: string, password: boolean, question: Question): void {
    this.#requests += 1;
    this.#questions.set(this.#requests, question);
    this.#outlet.post({ type: "input-request", cell: currentCell(), request: this.#requests, prompt, password });
  }

  openComm: Host["openComm"] = (target, message, id) => this.#comms.open(target, message, id);

  onComm: Host["onComm"] = (target, take) => this.#comms.take(target, take);

  /** The front end answered a question, or (without a value) has no input. */
  answered(request: number, value?: string): void {
    const question = this.#questions.get(request);
    this.#questions.delete(request);
    if (value !== undefined) question?.answer(value);
    else question?.refuse(new InputRefused());
  }

  /** No question outlives an interrupt. */
  interrupted(): void {
    for (const { refuse } of this.#questions.values()) refuse(new KeyboardInterrupt());
    this.#questions.clear();
  }

  /** Puts things back into order after running code was torn: its `finally` blocks did not run. */
  torn(): void {
    Atomics.store(this.#shared, shared.shield, 0);
    Atomics.store(this.#shared, shared.closing, 0);
    for (const recover of this.#recoveries) {
      try {
        recover();
      } catch (error) {
        console.error(error);
      }
    }
  }
}
