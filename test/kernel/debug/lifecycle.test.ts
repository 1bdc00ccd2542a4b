import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../../../kernel/wire/message.js";
import { DapClient } from "./dap-client.js";
import { debugged } from "./debugged.js";

const dap = debugged();
const endless = "let turns = 0;\nwhile (true) {\n  turns += 1;\n}";

/** Runs a cell up to a breakpoint. */
async function stopIn(code: string, line: number): Promise<{ ended: Promise<Json> }> {
  await dap.breakIn(code, [line]);
  const running = dap.execute(code);
  await dap.stopped();
  return { ended: running.then(({ reply }) => reply.content) };
}

async function stoppedThreads(): Promise<unknown> {
  return (await dap.body("debugInfo")).stoppedThreads;
}

test("what debugInfo says names cells as the kernel does, and keeps the breakpoints until disconnect", async () => {
  const code = "const naming = 'ä€😀';\nnaming";
  await dap.breakIn(code, [2]);
  const info = await dap.body("debugInfo");
  const { sourcePath } = await dap.body("dumpCell", { code });
  assert.deepEqual([info.isStarted, info.hashMethod, info.stoppedThreads], [true, "Murmur2", []]);
  assert.deepEqual(info.breakpoints, [{ source: sourcePath, breakpoints: [{ line: 2 }] }]);
  assert.deepEqual(await dap.body("source", { source: { path: sourcePath } }), {
    content: code,
    mimeType: "application/typescript",
  });
  await dap.body("disconnect");
  const { isStarted, breakpoints } = await dap.body("debugInfo");
  assert.deepEqual([isStarted, breakpoints], [false, []]);
  assert.equal((await dap.execute(code)).reply.content.status, "ok");
});

test("the front end is told that it may set breakpoints once it has read what there is to set", async () => {
  const announced = (): number => dap.kernel.published.filter(({ content }) => content.event === "initialized").length;
  const before = announced();
  await dap.body("initialize", { clientID: "test" });
  assert.equal(announced(), before);
  await dap.body("attach");
  await dap.event("initialized");
  assert.equal(announced(), before + 1);
});

test("while a cell is stopped the kernel answers, and an interrupt ends the stop and the cell", async () => {
  const { ended } = await stopIn("let kept = 1;\nkept = 2;\nkept = 3;", 2);
  await dap.kernel.heartbeat();
  const { reply } = await dap.kernel.request("complete_request", { code: "'x'.toUpperC", cursor_pos: 12 });
  assert.deepEqual(reply.content.matches, ["toUpperCase"]);
  await dap.kernel.request("interrupt_request", {}, "control");
  assert.deepEqual([(await ended).status, (await ended).ename], ["error", "KeyboardInterrupt"]);
  assert.deepEqual(await stoppedThreads(), []);
  assert.equal(await dap.evaluate("kept"), "1");
  assert.equal((await dap.execute("kept + 1")).reply.content.status, "ok");
});

test("an interrupt ends a busy loop that has a breakpoint in it, and exceptions of that are none", async () => {
  await dap.body("setExceptionBreakpoints", { filters: ["all"] });
  const { ended } = await stopIn(endless, 3);
  await dap.breakIn(endless, []);
  await dap.go();
  await dap.kernel.request("interrupt_request", {}, "control");
  assert.equal((await ended).ename, "KeyboardInterrupt");
  assert.deepEqual(await stoppedThreads(), []);
});

test("an interrupt lets shielded work come to its end, past its breakpoints, and ends the cell behind it", async () => {
  const code = [
    'const host = (globalThis as any)[Symbol.for("nabla.host")];',
    "let steps = 0, whole = 0;",
    "while (true) {",
    "  host.shield(() => {",
    "    steps += 1;",
    "    whole += 1;",
    "  });",
    "}",
  ].join("\n");
  const { ended } = await stopIn(code, 6);
  await dap.kernel.request("interrupt_request", {}, "control");
  assert.equal((await ended).ename, "KeyboardInterrupt");
  assert.equal(await dap.evaluate("steps === whole && steps > 0"), "true");
});

test("disconnecting, or terminating, lets a stopped cell go on or end", async () => {
  const code = "const before = 1;\nconst after = 2;";
  const { ended: went } = await stopIn(code, 2);
  await dap.body("disconnect");
  assert.equal((await went).status, "ok");
  await dap.attach();
  const { ended } = await stopIn(code, 2);
  await dap.body("terminate");
  await dap.event("terminated");
  assert.equal((await ended).ename, "KeyboardInterrupt");
});

test("a shutdown while a cell is stopped ends the process within two seconds", async () => {
  const other = new DapClient();
  await other.start();
  await other.attach();
  const code = "const here = 1;\nhere;";
  await other.breakIn(code, [2]);
  other.kernel.send("shell", "execute_request", { code });
  await other.stopped();
  const start = performance.now();
  other.kernel.send("control", "shutdown_request", { restart: false });
  await other.kernel.ended();
  const took = performance.now() - start;
  other.close();
  assert.ok(took < 2000, `${took} ms`);
});
