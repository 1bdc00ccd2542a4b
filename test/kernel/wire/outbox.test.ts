import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { child, type Message } from "../../../kernel/wire/message.js";
import { createOutbox } from "../../../kernel/wire/outbox.js";
import { until } from "../../until.js";

const cells = [child(undefined, "execute_request", {}), child(undefined, "execute_request", {})] as const;
const text = (cell: 0 | 1, text: string, name = "stdout"): Message => child(cells[cell], "stream", { name, text });

function collect(send: (message: Message) => Promise<void> = async () => {}) {
  const sent: string[] = [];
  let taken = 0;
  const outbox = createOutbox({
    async send(message) {
      await send(message);
      sent.push(String(message.content.text ?? message.header.msg_type));
    },
    taken: (weight) => {
      taken += weight;
    },
    log: () => {},
    patience: 5,
  });
  return { outbox, sent, taken: () => taken };
}

test("consecutive text of one cell and name becomes one message", async () => {
  const { outbox, sent, taken } = collect();
  for (let i = 0; i < 100; i++) outbox.post(text(0, `${i} `), 3);
  await outbox.drain();
  assert.deepEqual(sent, [Array.from({ length: 100 }, (_, i) => `${i} `).join("")]);
  assert.equal(taken(), 300);
});

test("text of another cell or name is not mixed in, and the order stays", async () => {
  const { outbox, sent } = collect();
  outbox.post(text(0, "a"));
  outbox.post(text(0, "b"));
  outbox.post(text(0, "E", "stderr"));
  outbox.post(text(0, "c"));
  outbox.post(text(1, "d"));
  outbox.post(child(cells[1], "status", {}));
  outbox.post(text(1, "e"));
  await outbox.drain();
  assert.deepEqual(sent, ["ab", "E", "c", "d", "status", "e"]);
});

test("idle never overtakes output, however slow the socket is", async () => {
  const { outbox, sent } = collect(() => sleep(3));
  for (const word of ["one", "two", "three"]) {
    outbox.post(text(0, word));
    outbox.post(child(cells[0], "status", {}));
    await sleep(1);
  }
  await outbox.drain();
  assert.deepEqual(sent, ["one", "status", "two", "status", "three", "status"]);
});

test("text goes out by itself after the patience", async () => {
  const { outbox, sent } = collect();
  outbox.post(text(0, "early"));
  assert.deepEqual(sent, []);
  await until(() => sent.length > 0, "the text");
  assert.deepEqual(sent, ["early"]);
});

test("much text is cut into pieces and none is lost", async () => {
  const { outbox, sent } = collect();
  const line = "x".repeat(999);
  for (let i = 0; i < 1000; i++) outbox.post(text(0, `${line}\n`));
  await outbox.drain();
  assert.ok(sent.length > 5);
  assert.equal(sent.join("").length, 1_000_000);
});

test("a message that the socket refuses is counted and does not stop the others", async () => {
  let first = true;
  const { outbox, sent, taken } = collect(async () => {
    if (!first) return;
    first = false;
    throw new Error("refused");
  });
  outbox.post(child(undefined, "display_data", {}), 7);
  outbox.post(child(undefined, "status", {}), 1);
  await outbox.drain();
  assert.deepEqual(sent, ["status"]);
  assert.equal(taken(), 8);
});
