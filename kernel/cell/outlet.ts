import type { MessagePort } from "node:worker_threads";
import { type FromUser, shared, weight } from "../threads.js";

/** Characters of output under way above which the user thread waits for the protocol thread. */
const limit = 1024 * 1024;

/** The way out of the user thread. It posts at once, and blocks while too much is under way: output is never dropped. */
export class Outlet {
  readonly #port: MessagePort;
  readonly #shared: Int32Array;

  constructor(port: MessagePort, view: Int32Array) {
    this.#port = port;
    this.#shared = view;
  }

  post(message: FromUser): void {
    const characters = weight(message);
    if (characters > 0) Atomics.add(this.#shared, shared.outstanding, characters);
    try {
      this.#port.postMessage(message);
    } catch (error) {
      if (characters > 0) Atomics.sub(this.#shared, shared.outstanding, characters);
      throw error;
    }
    if (characters > 0) this.#wait();
  }

  #wait(): void {
    for (;;) {
      const outstanding = Atomics.load(this.#shared, shared.outstanding);
      if (outstanding <= limit) return;
      Atomics.wait(this.#shared, shared.outstanding, outstanding, 100);
    }
  }
}
