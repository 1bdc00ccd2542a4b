import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Dealer } from "zeromq";
import { endpoint, portNames } from "../../kernel/wire/connection.js";
import { child, encode } from "../../kernel/wire/message.js";
import { createSigner } from "../../kernel/wire/signature.js";
import { type KernelClient, startKernel } from "./client.js";
import { createMalice, seeded } from "./malice.js";
import { memoryOf } from "./soak.js";

/** `FUZZ_SEED=7 node dist/test/run.js fuzz` tries others. */
const seed = Number(process.env.FUZZ_SEED ?? 65537);
const folder = mkdtempSync(join(tmpdir(), "nabla-fuzz-"));
const sign = join(folder, "executed");
const payload = `(globalThis as any).executed = 1; (await import("node:fs")).writeFileSync(${JSON.stringify(sign)}, "");`;
const total = 100_000;
let kernel: KernelClient;

before(async () => {
  kernel = await startKernel();
});
after(() => {
  kernel.close();
  rmSync(folder, { recursive: true });
});

/** Sends so many messages to one channel and waits until the kernel has seen them all; what it replied. */
async function attack(channel: "shell" | "control" | "stdin", messages: number, salt: number): Promise<string[]> {
  const malice = createMalice(kernel.connection.key, seed + salt, payload);
  const socket = new Dealer({ linger: 0 });
  socket.connect(endpoint(kernel.connection, `${channel}_port`));
  const replies: string[] = [];
  let over = false;
  const read = async (): Promise<void> => {
    for await (const frames of socket) {
      const text = frames.slice(2).join("\n");
      over ||= text.includes("the last one");
      if (replies.length < 2000) replies.push(text);
    }
  };
  const reading = read();
  for (let i = 0; i < messages; i++) await socket.send(malice.next());
  const last = child(undefined, "kernel_info_request", {});
  const marked = { ...last, header: { ...last.header, username: "the last one" } };
  await socket.send(encode(marked, createSigner(kernel.connection.key, "hmac-sha256")));
  // Nothing is answered on stdin.
  for (let waited = 0; !over && waited < (channel === "stdin" ? 1000 : 60_000); waited += 20) await sleep(20);
  assert.ok(over || channel === "stdin", `${channel} answered the request behind the flood`);
  socket.close();
  await reading;
  const told = malice.secrets.filter((secret) => [...replies, kernel.errors()].some((text) => text.includes(secret)));
  assert.deepEqual(told, [], "an HMAC that was expected is told");
  return replies;
}

test(`${total} messages from seed ${seed} run nothing, cost no memory and are said a few times, and the kernel answers`, async () => {
  const pid = kernel.process.pid as number;
  const count = Number((await kernel.execute("1")).reply.content.execution_count);
  const channels = { shell: 0.6, control: 0.2, stdin: 0.2 } as const;
  const wave = async (part: number, salt: number): Promise<void> => {
    const published = kernel.published.length;
    await Promise.all(
      Object.entries(channels).map(([channel, share], i) =>
        attack(channel as keyof typeof channels, total * part * share, salt + i),
      ),
    );
    assert.equal(kernel.published.slice(published).filter((m) => m.header.msg_type === "execute_input").length, 0);
    (kernel.published as unknown[]).length = 0;
  };
  await wave(0.3, 0);
  const before = memoryOf(pid).now;
  await wave(0.7, 100);
  const grown = memoryOf(pid).now - before;
  const { reply } = await kernel.execute("(globalThis as any).executed ?? 'nothing'");
  assert.equal(reply.content.execution_count, count + 1, "no cell was counted");
  assert.equal(await kernel.result("(globalThis as any).executed ?? 'nothing'"), "'nothing'");
  assert.equal(existsSync(sign), false);
  assert.equal(await kernel.result("({} as any).polluted ?? 'clean'"), "'clean'");
  assert.ok((await kernel.heartbeat()) < 5000);
  assert.match(kernel.errors(), /^nabla: shell: dropped a message with a wrong signature$/m);
  const lines = kernel.errors().split("\n");
  assert.ok(lines.length < 150, `${lines.length} lines in the log`);
  assert.ok(grown < 64, `grew by ${grown} MB`);
});

test("bytes that are no ZeroMQ, on every port, disturb nothing", async () => {
  const random = seeded(seed);
  for (const port of portNames) {
    for (let i = 0; i < 20; i++) {
      const socket = connect(kernel.connection[port], "127.0.0.1");
      socket.on("error", () => {});
      socket.end(Buffer.from(Array.from({ length: 1 + random() * 200 }, () => random() * 256)));
    }
  }
  await sleep(200);
  assert.equal(await kernel.result("6 * 7"), "42");
});

test("a cell of 10 MB, and one nested 5,000 deep, are answered", async () => {
  const large = await kernel.execute(`/*${"x".repeat(10_000_000)}*/ 1`);
  assert.equal(large.reply.content.status, "ok");
  const deep = await kernel.execute(`${"[".repeat(5000)}${"]".repeat(5000)}`);
  if (deep.reply.content.status === "error")
    assert.match(String(deep.reply.content.evalue), /nests .* got more\. Split it/);
  assert.equal(await kernel.result("6 * 7"), "42");
});

test("a message larger than the limit is not even received", async () => {
  const socket = new Dealer({ linger: 0 });
  socket.connect(endpoint(kernel.connection, "shell_port"));
  const before = memoryOf(kernel.process.pid as number).now;
  await socket.send([Buffer.from("<IDS|MSG>"), Buffer.alloc((1 << 28) + 1)]);
  await sleep(500);
  socket.close();
  const grown = memoryOf(kernel.process.pid as number).now - before;
  assert.ok(grown < 100, `grew by ${grown} MB`);
  assert.equal(await kernel.result("6 * 7"), "42");
});
