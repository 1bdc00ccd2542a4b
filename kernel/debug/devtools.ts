import { Session } from "node:inspector";
import type { Json } from "../wire/message.js";
import { DebugError } from "./dap.js";

/** An object group: what is held for the front end until it is released. */
export type Group = "stop" | "idle" | `once-${number}`;

/** V8's inspector of the user thread, from another thread (Chrome DevTools Protocol, version "v8"). */
export class DevTools {
  readonly #session = new Session();
  readonly #log: (text: string) => void;
  #open = true;

  constructor(log: (text: string) => void) {
    this.#log = log;
    this.#session.connectToMainThread();
  }

  /** Asks and waits. Throws DebugError with V8's reason. */
  ask<Answer = unknown>(method: string, options: object = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (!this.#open) throw new DebugError(`${method}: the debugger is not attached`);
      this.#session.post(method, options, (error, answer) => {
        if (error === null) resolve(answer as Answer);
        else reject(new DebugError(reasonOf(error)));
      });
    });
  }

  /** Asks for something whose failure does not matter: what it is about may be gone. */
  tell(method: string, options: object = {}): void {
    this.ask(method, options).catch(() => {});
  }

  on<Event>(event: string, heard: (event: Event) => void): void {
    this.#session.on(event, ({ params }: { params: Event }) => {
      try {
        heard(params);
      } catch (error) {
        this.#log(`${event}: ${error instanceof Error ? error.stack : String(error)}`);
      }
    });
  }

  /** Lets the user thread go on, and forgets all breakpoints. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#session.disconnect();
  }
}

function reasonOf(error: Error | Json): string {
  const text = typeof error.message === "string" ? error.message : String(error);
  return text.replace(/^Inspector error -?\d+: /, "");
}
