import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { FromUser } from "../../kernel/threads.js";
import type { Message } from "../../kernel/wire/message.js";
import { type KernelClient, printed, startKernel } from "./client.js";
import { start } from "./script.js";

type Script = ReturnType<typeof start>;

async function subshell(k: Script): Promise<string> {
  const reply = await k.reply(k.send("create_subshell_request", {}, "control"));
  assert.equal(reply.status, "ok");
  return String(reply.subshell_id);
}

const done = (cell: number): FromUser => ({ type: "done", cell, outcome: { status: "ok" }, defined: [] });

test("subshells are created, listed and deleted on control", async () => {
  const k = start();
  const [a, b] = [await subshell(k), await subshell(k)];
  assert.notEqual(a, b);
  const list = async (): Promise<unknown> =>
    (await k.reply(k.send("list_subshell_request", {}, "control"))).subshell_id;
  assert.deepEqual(await list(), [a, b]);
  const remove = (content: object) => k.reply(k.send("delete_subshell_request", { ...content }, "control"));
  assert.deepEqual(await remove({ subshell_id: a }), { status: "ok" });
  assert.deepEqual(await list(), [b]);
  assert.equal((await remove({ subshell_id: a })).ename, "UnknownSubshellError");
  assert.equal((await remove({})).ename, "MalformedRequest");
});

test("a subshell's cells run while a main cell waits, in order among themselves", async () => {
  const k = start();
  const id = await subshell(k);
  const main = k.execute("wait");
  const first = k.execute("wait", {}, id);
  const second = k.execute("print b", {}, id);
  await k.trace();
  assert.deepEqual(await k.trace(second), [], "the second one waits for the first");
  k.session.fromUser(done(2));
  assert.deepEqual(await k.trace(second), ["busy", "execute_input", "stream:b", "execute_reply:ok", "idle"]);
  assert.equal((await k.reply(first)).status, "ok");
  assert.deepEqual(await k.reply(main), {});
  assert.deepEqual((await k.trace(main)).at(-1), "busy", "the main cell still runs");
});

test("an error in one shell aborts what waits there, and nothing in another", async () => {
  const k = start();
  const id = await subshell(k);
  k.execute("throw", {}, id);
  const waiting = k.execute("print a", {}, id);
  const main = k.execute("print b");
  assert.equal((await k.reply(waiting)).status, "aborted");
  assert.equal((await k.reply(main)).status, "ok");
});

test("deleting a subshell aborts what waits there; its running cell comes to its end", async () => {
  const k = start();
  const id = await subshell(k);
  const running = k.execute("wait", {}, id);
  const waiting = k.execute("print a", {}, id);
  await k.trace();
  k.send("delete_subshell_request", { subshell_id: id }, "control");
  assert.equal((await k.reply(waiting)).status, "aborted");
  k.session.fromUser(done(1));
  assert.equal((await k.reply(running)).status, "ok");
});

test("a request to a subshell that is not there gets an error; a comm message still arrives", async () => {
  const k = start();
  const lost = { subshell_id: "gone" };
  for (const type of ["execute", "complete", "kernel_info"]) {
    const request = k.send(`${type}_request`, { code: "x" }, "shell", lost);
    assert.deepEqual(await k.trace(request), ["busy", `${type}_reply:error`, "idle"]);
    assert.equal((await k.reply(request)).ename, "UnknownSubshellError");
  }
  assert.equal(k.toUser.length, 0);
  k.send("comm_close", { comm_id: "c", data: {} }, "shell", lost);
  assert.equal(k.toUser.at(-1)?.type, "comm-close");
});

test("an interrupt stops the cells of all shells and aborts all that wait", async () => {
  const k = start();
  const id = await subshell(k);
  k.execute("wait");
  await k.trace();
  k.hold(true);
  const checked = k.execute("print a", {}, id);
  const waiting = [k.execute("print b", {}, id), k.execute("print c")];
  await k.trace();
  k.send("interrupt_request", {}, "control");
  assert.equal((await k.reply(checked)).ename, "KeyboardInterrupt");
  for (const request of waiting) assert.equal((await k.reply(request)).status, "aborted");
  assert.equal(k.presses(), 1, "the main cell runs: the user thread is told");
});

let kernel: KernelClient;
before(async () => {
  kernel = await startKernel(fileURLToPath(new URL("./echo.js", import.meta.url)));
});
after(() => kernel.close());

test("two cells interleave where they await, each with its own output and parent", async () => {
  const { reply } = await kernel.request("create_subshell_request", {}, "control");
  const id = String(reply.content.subshell_id);
  const main = kernel.execute(
    "scope.log = []; print('main'); while (!scope.go) await new Promise((r) => setTimeout(r, 5)); print('end ' + scope.go)",
  );
  await kernel.seen((message) => message.content.text === "main\n");
  const other = await kernel.execute("print('sub'); scope.go = 7", {}, id);
  assert.equal(printed(other.outputs), "sub\n");
  const mine = (message: Message): boolean => message.header.msg_type === "stream";
  assert.ok(other.outputs.filter(mine).every((message) => message.parent_header.subshell_id === id));
  assert.equal(printed((await main).outputs), "main\nend 7\n");
});

test("an interrupt of a busy loop ends the cells of all shells, and they take new ones", async () => {
  const id = String((await kernel.request("create_subshell_request", {}, "control")).reply.content.subshell_id);
  const waiting = kernel.execute("print('waits'); await new Promise(() => {})", {}, id);
  await kernel.seen((message) => message.content.text === "waits\n");
  const looping = kernel.execute("print('loops'); for (;;);");
  await kernel.seen((message) => message.content.text === "loops\n");
  await kernel.request("interrupt_request", {}, "control");
  for (const cell of [waiting, looping]) assert.equal((await cell).reply.content.ename, "KeyboardInterrupt");
  assert.equal(printed((await kernel.execute("print('again')", {}, id)).outputs), "again\n");
  assert.equal(printed((await kernel.execute("print('again')")).outputs), "again\n");
});
