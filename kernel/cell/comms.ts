import { randomUUID } from "node:crypto";
import type { Comm, CommMessage } from "../../src/door.js";
import { jsonOf } from "../render.js";
import type { FromUser, ToUser } from "../threads.js";
import { currentCell, makeContext, runAs } from "./context.js";
import type { Outlet } from "./outlet.js";

type Listener = (message: CommMessage) => void;
type Taker = (comm: Comm, message: CommMessage) => void;

interface Open {
  readonly message: Listener[];
  readonly close: Listener[];
}

/** The comms of this thread, opened by the library or by the front end. */
export class Comms {
  readonly #outlet: Outlet;
  readonly #open = new Map<string, Open>();
  readonly #takers = new Map<string, Taker>();

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  open(target: string, message: CommMessage, id: string = randomUUID()): Comm {
    this.#post({ type: "comm-open", cell: currentCell(), id, target, message });
    return this.#comm(id);
  }

  /** What becomes of the comms that the front end opens to a target. */
  take(target: string, taker: Taker): void {
    this.#takers.set(target, taker);
  }

  #comm(id: string): Comm {
    const listeners: Open = { message: [], close: [] };
    this.#open.set(id, listeners);
    return {
      id,
      send: (data) => this.#post({ type: "comm-message", cell: currentCell(), id, message: data }),
      close: (data = { data: {} }) => this.close(id, data),
      onMessage: (listener) => void listeners.message.push(listener),
      onClose: (listener) => void listeners.close.push(listener),
    };
  }

  /** Closes a comm of this thread; nothing happens when it is closed. */
  close(id: string, message: CommMessage): void {
    if (this.#open.delete(id)) this.#post({ type: "comm-close", cell: currentCell(), id, message });
  }

  /** A message of the front end. What its listeners print belongs to the request that brought it. */
  receive(event: Extract<ToUser, { type: "comm-open" | "comm-message" | "comm-close" }>): void {
    const { id, message } = event;
    if (event.type === "comm-open") {
      this.#opened(event);
      return;
    }
    const listeners = this.#open.get(id);
    if (event.type === "comm-close") this.#open.delete(id);
    const wanted = (event.type === "comm-close" ? listeners?.close : listeners?.message) ?? [];
    for (const listener of wanted) runAs(makeContext(event.cell), () => listener(message));
  }

  #opened({ id, target, message, cell }: Extract<ToUser, { type: "comm-open" }>): void {
    const taker = this.#takers.get(target);
    // The protocol wants a comm closed that nothing waits for.
    if (taker === undefined) this.#post({ type: "comm-close", cell, id, message: { data: {} } });
    else runAs(makeContext(cell), () => taker(this.#comm(id), message));
  }

  #post(event: Extract<FromUser, { message: CommMessage }>): void {
    const { data, metadata = {}, buffers = [] } = event.message;
    // Front ends refuse anything else, and would say so where nobody looks.
    if (typeof data !== "object" || data === null || Array.isArray(data)) {
      throw new TypeError(
        `comm: expected data to be an object, got ${Array.isArray(data) ? "an array" : String(data)}.`,
      );
    }
    const message = { data: jsonOf("comm: data", data), metadata: jsonOf("comm: metadata", metadata), buffers };
    this.#outlet.post({ ...event, message });
  }
}
