import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { shared, type ToUser } from "../threads.js";

/** What starts code of the user: it waits until the code that blocks has gone on. */
const starting: ReadonlySet<ToUser["type"]> = new Set(["evaluate", "comm-open", "comm-message", "comm-close"]);
/** Without a ring of the bell the box is looked into so often, in ms. */
const patience = 1000;

/** The way into the user thread. Code that blocks can read it too, so that a synchronous `prompt` hears Stop. */
export class Mailbox {
  readonly #port: MessagePort;
  readonly #shared: Int32Array;
  readonly #later: ToUser[] = [];
  #handle: (message: ToUser) => void = () => {};

  constructor(port: MessagePort, view: Int32Array) {
    this.#port = port;
    this.#shared = view;
  }

  /** Calls `handle` for every message, in order. */
  listen(handle: (message: ToUser) => void): void {
    this.#handle = handle;
    this.#port.on("message", (message: ToUser) => {
      this.#later.push(message);
      this.#deliver();
    });
  }

  /** Blocks this thread, handling what comes, until `done` says so. What would run code of the user comes afterwards. */
  block(done: () => boolean): void {
    while (!done()) {
      const rung = Atomics.load(this.#shared, shared.bell);
      const received = receiveMessageOnPort(this.#port) as { message: ToUser } | undefined;
      if (received === undefined) Atomics.wait(this.#shared, shared.bell, rung, patience);
      else if (starting.has(received.message.type)) this.#later.push(received.message);
      else this.#handle(received.message);
    }
    if (this.#later.length > 0) setImmediate(() => this.#deliver());
  }

  #deliver(): void {
    try {
      for (let message = this.#later.shift(); message; message = this.#later.shift()) this.#handle(message);
    } finally {
      // The listener of a comm threw: a cell behind it must not wait for the next message.
      if (this.#later.length > 0) setImmediate(() => this.#deliver());
    }
  }
}
