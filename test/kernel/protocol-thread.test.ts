import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Dealer } from "zeromq";
import { endpoint } from "../../kernel/wire/connection.js";
import { child, encode } from "../../kernel/wire/message.js";
import { createSigner } from "../../kernel/wire/signature.js";
import { type KernelClient, printed, startKernel } from "./client.js";

const echo = fileURLToPath(new URL("./echo.js", import.meta.url));
let kernel: KernelClient;

before(async () => {
  kernel = await startKernel(echo);
});
after(() => kernel.close());

/** Lets a cell run until it prints `begun`, and for a while; interrupts it; its answer, and how long it took to end. */
async function interrupted(code: string, presses = 1) {
  const { ended } = await kernel.begin(code);
  await sleep(100);
  const start = performance.now();
  for (let press = 0; press < presses; press++) {
    await kernel.request("interrupt_request", {}, "control");
    await sleep(100);
  }
  const { reply } = await ended;
  return { reply: reply.content, ms: performance.now() - start };
}

test("20,000 lines arrive complete and in order, in few messages", async () => {
  const { outputs } = await kernel.execute("for (let i = 0; i < 20000; i++) print('line ' + i)");
  assert.equal(printed(outputs), Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(""));
  const streams = outputs.filter((message) => message.header.msg_type === "stream");
  assert.ok(streams.length < 1000, `${streams.length} messages`);
});

test("more output than the limit is neither lost nor heaped up", async () => {
  const code =
    "let most = 0; for (let i = 0; i < 3000; i++) { print('x'.repeat(9999)); most = Math.max(most, view[shared.outstanding]) } print('most=' + most)";
  const text = printed((await kernel.execute(code)).outputs);
  const most = Number(/most=(\d+)/.exec(text)?.[1]);
  assert.equal(text.length, 3000 * 10_000 + `most=${most}\n`.length);
  assert.ok(most <= (1 << 20) + 10_100, `${most} characters were outstanding`);
});

test("output of a busy loop is seen, and heartbeat and control answer, while it runs", async () => {
  const running = kernel.execute(
    "print('busy'); const end = Date.now() + 1500; while (Date.now() < end); print('over')",
  );
  await kernel.seen((message) => String(message.content.text).startsWith("busy"));
  await kernel.heartbeat();
  await kernel.request("kernel_info_request", {}, "control");
  assert.ok(!kernel.published.some((message) => String(message.content.text).includes("over")));
  assert.equal((await running).reply.content.status, "ok");
});

for (const [what, code] of [
  ["a busy loop", "while (true) {}"],
  ["a busy loop after an await", "await null; await new Promise((r) => setTimeout(r, 20)); while (true) {}"],
  ["a busy loop in a timer", "await new Promise((r) => setTimeout(() => { for (;;); }, 20))"],
  ["a busy loop in an immediate", "await new Promise((r) => setImmediate(() => { for (;;); }))"],
  ["a busy loop in a tick", "await new Promise((r) => process.nextTick(() => { for (;;); }))"],
  ["a pending await", "await new Promise(() => {})"],
  ["a loop that swallows every error", "for (;;) { try { for (;;) {} } catch {} finally { continue } }"],
  ["a loop that waits for room for its output", "for (;;) print('y'.repeat(1000))"],
] as const) {
  test(`an interrupt ends ${what} and keeps all state`, async () => {
    await kernel.execute("scope.kept = 42");
    const { reply, ms } = await interrupted(`print("begun"); ${code}`);
    assert.equal(reply.ename, "KeyboardInterrupt");
    assert.ok(ms < 5000, `${ms} ms`);
    const { outputs } = await kernel.execute("await new Promise((r) => setTimeout(r, 1)); print(scope.kept)");
    assert.equal(printed(outputs), "42\n");
  });
}

test("an interrupt ends a cell that is being checked, and it never runs", async () => {
  const code = "#slow\nscope.ran = true; while (true) {}";
  const running = kernel.execute(code);
  await kernel.seen(({ content, header }) => header.msg_type === "execute_input" && content.code === code);
  await kernel.request("interrupt_request", {}, "control");
  const { content } = (await running).reply;
  assert.deepEqual([content.ename, content.evalue], ["KeyboardInterrupt", "stopped before it ran"]);
  assert.equal(printed((await kernel.execute("print(scope.ran)")).outputs), "undefined\n");
});

const shielded = "Atomics.store(view, shared.shield, 1); scope.step = 0; print('begun');";

test("an interrupt leaves shielded work to its end", async () => {
  const end = "Atomics.store(view, shared.shield, 0); while (true) {}";
  await interrupted(`${shielded} const end = Date.now() + 800; while (Date.now() < end); scope.step = 1; ${end}`);
  assert.equal(printed((await kernel.execute("print(scope.step)")).outputs), "1\n");
});

test("a second interrupt tears through a shield", async () => {
  const { reply } = await interrupted(`${shielded} while (true) {}`, 2);
  assert.equal(reply.ename, "KeyboardInterrupt");
  await kernel.execute("Atomics.store(view, shared.shield, 0)");
});

test("a timer that blocks the kernel while it is idle can be interrupted", async () => {
  await kernel.execute("setTimeout(() => { print('blocked'); for (;;); }, 50)");
  await kernel.seen(({ content }) => content.text === "blocked\n");
  await kernel.request("interrupt_request", {}, "control");
  assert.equal(printed((await kernel.execute("print('alive')")).outputs), "alive\n");
});

test("interrupts at any moment never hurt a later cell", async () => {
  for (let round = 0; round < 40; round++) {
    const running = kernel.execute(`const end = Date.now() + ${40 + (round % 20) * 2}; while (Date.now() < end);`);
    await sleep(round % 7);
    await kernel.request("interrupt_request", {}, "control");
    await running;
    const { reply } = await kernel.execute("print(1)");
    assert.equal(reply.content.status, "ok", `round ${round}`);
  }
});

test("SIGINT interrupts a busy loop like a request does", async () => {
  const { ended } = await kernel.begin("print('begun'); while (true) {}");
  kernel.process.kill("SIGINT");
  assert.equal((await ended).reply.content.ename, "KeyboardInterrupt");
});

test("input goes to stdin and back", async () => {
  const running = kernel.execute("print('you are ' + await ask('who?'))", { allow_stdin: true });
  assert.deepEqual((await kernel.question()).content, { prompt: "who?", password: false });
  kernel.send("stdin", "input_reply", { value: "Ada" });
  assert.equal(printed((await running).outputs), "you are Ada\n");
});

test("messages with a wrong signature or no sense are dropped, and the kernel goes on", async () => {
  const socket = new Dealer({ linger: 0 });
  socket.connect(endpoint(kernel.connection, "shell_port"));
  const forged = child(undefined, "execute_request", { code: "scope.forged = 1" });
  await socket.send(encode(forged, createSigner("not the key", "hmac-sha256")));
  await socket.send(["junk"]);
  await socket.send([Buffer.from("<IDS|MSG>"), Buffer.alloc(100_000)]);
  await sleep(100);
  socket.close();
  assert.equal(printed((await kernel.execute("print(scope.forged)")).outputs), "undefined\n");
  assert.match(kernel.errors(), /wrong signature/);
});

test("a language thread that dies fails its cell and is replaced", async () => {
  const { reply } = await kernel.execute("#die");
  assert.match(String(reply.content.evalue), /the language thread died \(the checker broke\)/);
  assert.equal(printed((await kernel.execute("print('again')")).outputs), "again\n");
});

for (const [what, code] of [
  ["an idle kernel", "print('begun')"],
  ["a kernel in a busy loop", "print('begun'); while (true) {}"],
] as const) {
  test(`a shutdown is answered and ends ${what} within two seconds`, async () => {
    const other = await startKernel(echo);
    other.send("shell", "execute_request", { code });
    await other.seen(({ content }) => content.text === "begun\n");
    const start = performance.now();
    const { reply } = await other.request("shutdown_request", { restart: true }, "control");
    assert.deepEqual(reply.content, { status: "ok", restart: true });
    await other.ended();
    assert.ok(performance.now() - start < 2000);
    assert.equal(other.errors(), "");
    other.close();
  });
}
