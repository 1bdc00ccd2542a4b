import type { EmittedCell, ToUser } from "../threads.js";

/**
 * Sends messages to the user thread in their order. A cell waits, and what is behind it too, while its breakpoints are
 * being set.
 */
export function gate(
  before: (cell: EmittedCell) => Promise<void> | undefined,
  send: (message: ToUser) => void,
): (message: ToUser) => void {
  const waiting: ToUser[] = [];
  let held = false;
  const pass = (message: ToUser): void => {
    const ready = !held && message.type === "evaluate" ? before(message.emitted) : undefined;
    if (held) waiting.push(message);
    else if (!ready) send(message);
    else {
      held = true;
      void ready.then(() => {
        held = false;
        send(message);
        for (const next of waiting.splice(0)) pass(next);
      });
    }
  };
  return pass;
}
