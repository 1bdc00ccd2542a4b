import { Worker } from "node:worker_threads";
import type { Host, Rendered } from "../../src/door.js";

/** The part of {@link Host} that a training run uses. */
type Notebook = Pick<Host, "display" | "update" | "signal" | "shield" | "closing">;

/**
 * A notebook for a run to show itself in: what it shows goes to another thread, which makes JSON of it, as it goes to the
 * kernel's protocol thread.
 */
export function makeNotebook(): Notebook {
  const wire = new Worker(
    'const { parentPort } = require("node:worker_threads"); parentPort.on("message", (shown) => JSON.stringify(shown));',
    { eval: true },
  );
  wire.unref();
  return {
    display: (rendered: Rendered) => wire.postMessage(rendered),
    update: (_id: string, rendered: Rendered) => wire.postMessage(rendered),
    signal: new AbortController().signal,
    shield: (work) => work(),
    closing: (work) => work(),
  };
}
