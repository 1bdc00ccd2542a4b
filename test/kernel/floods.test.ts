import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Subscriber } from "zeromq";
import { endpoint } from "../../kernel/wire/connection.js";
import { decode } from "../../kernel/wire/decode.js";
import type { Message } from "../../kernel/wire/message.js";
import { createSigner } from "../../kernel/wire/signature.js";
import { type KernelClient, startKernel } from "./client.js";
import { flood, memoryOf, printing, problemOf } from "./soak.js";

let kernel: KernelClient;
before(async () => {
  kernel = await startKernel();
});
after(() => kernel.close());

/** Nothing of a cell comes after its idle, and the process never grew beyond what the issue allows. */
function check(code: Message | undefined): void {
  const idle = kernel.published.findLastIndex((message) => message.content.execution_state === "idle");
  const parent = code?.parent_header.msg_id;
  const late = kernel.published.slice(idle + 1).filter((message) => message.parent_header.msg_id === parent);
  assert.deepEqual(late, []);
  const { peak } = memoryOf(kernel.process.pid as number);
  assert.ok(peak < 500, `${peak} MB`);
}

for (const [what, step] of [
  ["a loop", ""],
  ["a loop with await", "if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve)); else await null"],
] as const) {
  test(`300,000 lines of ${what} arrive complete and in order, and nothing after idle`, async () => {
    const { problem } = await flood(kernel, printing(300_000, 0, step), 300_000);
    assert.equal(problem, "");
    await sleep(100);
    check(kernel.published.at(-1));
  });
}

test("a client that reads nothing for three seconds gets 300,000 lines complete and in order, and nothing after idle", async () => {
  const slow = new Subscriber({ linger: 0, receiveHighWaterMark: 1 });
  slow.subscribe();
  slow.connect(endpoint(kernel.connection, "iopub_port"));
  await slow.receive();
  const signer = createSigner(kernel.connection.key, kernel.connection.signature_scheme);
  // 60 MB: more than the queues of zeromq and TCP hold, so that the kernel has to wait.
  const running = kernel.execute(printing(300_000, 200));
  const start = performance.now();
  await sleep(3000);
  const messages: Message[] = [];
  for await (const frames of slow) {
    const decoded = decode(frames, signer);
    assert.ok(decoded.ok);
    messages.push(decoded.message);
    if (decoded.message.content.execution_state === "idle") break;
  }
  const { reply, outputs } = await running;
  assert.equal(reply.content.status, "ok");
  assert.ok(performance.now() - start > 3000);
  const texts = (from: readonly Message[]): string[] =>
    from.filter((m) => m.header.msg_type === "stream").map((m) => String(m.content.text));
  assert.equal(problemOf(texts(messages), 300_000), "");
  assert.equal(problemOf(texts(outputs), 300_000), "");
  slow.receiveTimeout = 200;
  await assert.rejects(slow.receive(), "nothing after idle");
  slow.close();
  check(outputs[0]);
  assert.equal(kernel.errors(), "");
});

test("an endless loop that prints is held back, and can be interrupted", async () => {
  const { ended } = await kernel.begin("for (;;) console.log('begun')");
  await sleep(1000);
  await kernel.request("interrupt_request", {}, "control");
  const { reply } = await ended;
  assert.equal(reply.content.ename, "KeyboardInterrupt");
  check(reply);
});
