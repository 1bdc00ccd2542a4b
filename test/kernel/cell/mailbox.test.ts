import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { Mailbox } from "../../../kernel/cell/mailbox.js";
import { shared, type ToUser } from "../../../kernel/threads.js";

test("a listener that throws keeps no cell waiting that came while the thread was blocked", async () => {
  const { port1, port2 } = new MessageChannel();
  const mailbox = new Mailbox(port1, new Int32Array(shared.size));
  const handled: string[] = [];
  mailbox.listen(({ type }) => {
    handled.push(type);
    if (type === "comm-message") throw new Error("of a listener");
  });
  const thrown: unknown[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => thrown.push(error));
  try {
    const emitted = { cell: 1, count: 1, js: "", map: "", code: "" };
    const messages: ToUser[] = [
      { type: "comm-message", id: "a", message: { data: {} }, cell: 1 },
      { type: "evaluate", emitted, silent: false },
      { type: "input", request: 1, value: "" },
    ];
    for (const message of messages) port2.postMessage(message);
    mailbox.block(() => handled.includes("input"));
    await nextTurn();
    await nextTurn();
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
    port1.close();
  }
  assert.deepEqual(handled, ["input", "comm-message", "evaluate"]);
  assert.match(String(thrown), /of a listener/);
});
