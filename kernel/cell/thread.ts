import type { MessagePort } from "node:worker_threads";
import { onWatched, showPromisesPlainly, textOf } from "../render.js";
import { shared as index, type ToUser } from "../threads.js";
import { mendBuiltins } from "./builtins.js";
import { Comms } from "./comms.js";
import { exposeToDebugger } from "./debuggee.js";
import { forbidExit } from "./guards.js";
import { NotebookHost } from "./host.js";
import { makeImporter } from "./imports.js";
import { catchLateErrors } from "./late-errors.js";
import { Mailbox } from "./mailbox.js";
import { Outlet } from "./outlet.js";
import { installPrompts } from "./prompts.js";
import { Runner } from "./runner.js";
import { installStackTraces } from "./stack.js";
import { captureOutput } from "./streams.js";
import { withTslab } from "./tslab.js";

/** What the user thread stands on. */
export interface UserThread {
  /** Speaks {@link ToUser} and FromUser. */
  readonly port: MessagePort;
  /** An Int32Array over a SharedArrayBuffer, indices in threads.ts. */
  readonly shared: Int32Array;
  /** The notebook's folder, from which imports resolve. */
  readonly directory: string;
}

/**
 * Makes this thread, the process's main one, the user thread: cells run here, in this realm. It takes over the console, the
 * standard streams, `process.exit` and uncaught errors.
 */
export function startUserThread({ port, shared, directory }: UserThread): void {
  const exit = process.exit.bind(process);
  const outlet = new Outlet(port, shared);
  const comms = new Comms(outlet);
  const mailbox = new Mailbox(port, shared);
  const host = new NotebookHost({ outlet, comms, mailbox, shared });
  const runner = new Runner(outlet, withTslab(makeImporter(directory), host), shared);
  // A library may call itself often before it throws: the user's own line must still be among the frames.
  Error.stackTraceLimit = 100;
  installStackTraces();
  captureOutput(outlet);
  forbidExit();
  const late = catchLateErrors(outlet);
  host.install();
  installPrompts(host);
  exposeToDebugger(runner.scope);
  showPromisesPlainly();
  onWatched((on) => Atomics.store(shared, index.watched, on ? 1 : 0));

  const handle = (message: ToUser): void => {
    mendBuiltins();
    switch (message.type) {
      case "evaluate":
        runner.start(message.emitted, message.silent);
        break;
      case "interrupt":
        Atomics.add(shared, index.heard, 1);
        Atomics.notify(shared, index.heard);
        if (runner.interrupt(message.press, message.again)) {
          host.interrupted();
          late.stop();
        }
        break;
      case "torn":
        host.torn();
        host.interrupted();
        runner.torn(message.reason);
        break;
      case "input":
        host.answered(message.request, message.value);
        break;
      case "input-refused":
        host.answered(message.request);
        break;
      case "comm-open":
      case "comm-message":
      case "comm-close":
        // Before the listeners run: Stop may tear them, and what they throw is told before the next turn.
        setImmediate(() => outlet.post({ type: "comm-heard", cell: message.cell }));
        comms.receive(message);
        break;
      case "inspect": {
        const known = Object.hasOwn(runner.scope, message.name);
        const text = known ? { text: textOf(runner.scope[message.name]) } : {};
        outlet.post({ type: "inspected", request: message.request, ...text });
        break;
      }
      case "shutdown":
        exit(0);
    }
  };
  mailbox.listen(handle);
  outlet.post({ type: "ready" });
}
