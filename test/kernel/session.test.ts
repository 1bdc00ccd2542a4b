import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { child, type Json } from "../../kernel/wire/message.js";
import { error, start } from "./script.js";

test("a cell goes through busy, input, output, reply and idle, in that order", async () => {
  const k = start();
  const request = k.execute("print hello");
  assert.deepEqual(await k.trace(request), ["busy", "execute_input", "stream:hello", "execute_reply:ok", "idle"]);
  assert.deepEqual(k.toLanguage.at(-1), { type: "commit", cell: 1, defined: ["x"] });
});

test("a result is published before the reply, with the cell's number", async () => {
  const k = start();
  k.execute("print a");
  const request = k.execute("show 42");
  assert.deepEqual(await k.trace(request), ["busy", "execute_input", "execute_result", "execute_reply:ok", "idle"]);
  const result = k.out.find((m) => m.header.msg_type === "execute_result");
  assert.deepEqual(result?.content, { execution_count: 2, data: { "text/plain": "42" }, metadata: {} });
});

test("to inspect behind a long line of data does not hold up the protocol", () => {
  const k = start();
  const begun = performance.now();
  k.send("inspect_request", { code: `"${"a".repeat(400_000)}"; word` });
  assert.ok(performance.now() - begun < 20_000);
  assert.deepEqual(k.toUser, [{ type: "inspect", request: 1, name: "word" }]);
});

test("silent cells show neither input nor result and use up no number", async () => {
  const k = start();
  const silent = k.execute("show 1", { silent: true });
  assert.deepEqual(await k.trace(silent), ["busy", "execute_reply:ok", "idle"]);
  const next = k.execute("show 2");
  await k.trace();
  const reply = k.out.find(
    (m) => m.header.msg_type === "execute_reply" && m.parent_header.msg_id === next.header.msg_id,
  );
  assert.equal(reply?.content.execution_count, 1);
});

test("a type error is the cell's error, and nothing of the cell runs", async () => {
  const k = start();
  const request = k.execute("type error");
  assert.deepEqual(await k.trace(request), ["busy", "execute_input", "error", "execute_reply:error", "idle"]);
  assert.deepEqual(k.toUser, []);
});

test("a blank cell is fine at once", async () => {
  const k = start();
  assert.deepEqual(await k.trace(k.execute(" \n\t ")), ["busy", "execute_reply:ok", "idle"]);
  assert.deepEqual(k.toLanguage, []);
});

test("cells run one at a time, in the order they came", async () => {
  const k = start();
  for (const word of ["a", "b", "c"]) k.execute(`print ${word}`);
  const one = (word: string) => ["busy", "execute_input", `stream:${word}`, "execute_reply:ok", "idle"];
  assert.deepEqual(await k.trace(), [...one("a"), ...one("b"), ...one("c")]);
});

test("an error aborts the cells that wait, and later ones run", async () => {
  const k = start();
  k.execute("throw");
  const waiting = [k.execute("print a"), k.execute("print b")];
  await k.trace();
  for (const request of waiting) assert.deepEqual(await k.trace(request), ["busy", "execute_reply:aborted", "idle"]);
  assert.ok((await k.trace(k.execute("print c"))).includes("stream:c"));
});

test("with stop_on_error off the waiting cells run", async () => {
  const k = start();
  k.execute("throw", { stop_on_error: false });
  assert.ok((await k.trace(k.execute("print a"))).includes("stream:a"));
});

test("requests without a handler are logged, and those without code are answered with an error", async () => {
  const k = start();
  for (const type of ["debug_request", "constructor", "__proto__"]) {
    assert.deepEqual(await k.trace(k.send(type, {})), ["busy", "idle"]);
    assert.deepEqual(k.log.splice(0), [`shell: nothing answers ${type}`]);
  }
  for (const type of ["execute", "complete", "inspect", "is_complete", "history"]) {
    const trace = await k.trace(k.send(`${type}_request`, { code: 7 }));
    assert.deepEqual(trace, ["busy", `${type}_reply:error`, "idle"]);
  }
});

test("output that comes after its cell still goes to that cell", async () => {
  const k = start();
  const first = k.execute("print a");
  await k.trace(k.execute("print b"));
  k.session.fromUser({ type: "stream", cell: 1, name: "stdout", text: "late" });
  k.session.fromUser({ type: "late-error", cell: 1, error });
  assert.deepEqual((await k.trace(first)).slice(-2), ["stream:late", "error"]);
});

test("an interrupt while a cell is checked ends it before it runs, and aborts the waiting ones", async () => {
  const k = start();
  k.hold(true);
  const first = k.execute("print a");
  const second = k.execute("print b", { stop_on_error: false });
  await turn();
  k.send("interrupt_request", {}, "control");
  const trace = (await k.trace(first)).filter((step, i, all) => step !== all[i - 1]);
  assert.deepEqual(trace, ["busy", "execute_input", "busy", "error", "execute_reply:error", "idle"]);
  assert.deepEqual(await k.trace(second), ["busy", "execute_reply:aborted", "idle"]);
  assert.deepEqual([k.toUser, k.presses()], [[], 0]);
  assert.equal(k.out.find((m) => m.header.msg_type === "error")?.content.ename, "KeyboardInterrupt");
});

test("an interrupt of a running cell is pressed once and answered at once", async () => {
  const k = start();
  k.execute("wait");
  await k.trace();
  const request = k.send("interrupt_request", {}, "control");
  assert.deepEqual(await k.trace(request), ["busy", "interrupt_reply:ok", "idle"]);
  assert.equal(k.presses(), 1);
});

test("while a cell runs, other requests are answered and the kernel stays busy", async () => {
  const k = start();
  const cell = k.execute("wait");
  await k.trace();
  assert.deepEqual(await k.trace(k.send("kernel_info_request", {})), ["busy", "kernel_info_reply:ok", "idle"]);
  assert.deepEqual(await k.trace(cell), ["busy", "execute_input", "busy"]);
});

test("when the language thread dies, the cell that waited says so", async () => {
  const k = start();
  k.hold(true);
  const request = k.execute("print a");
  await k.trace();
  k.session.languageLost("it died");
  assert.deepEqual(await k.trace(request), ["busy", "execute_input", "error", "execute_reply:error", "idle"]);
  k.hold(false);
  assert.ok((await k.trace(k.execute("print b"))).includes("stream:b"));
});

test("while the language thread is busy for long, whether a text is complete is unknown", async () => {
  const k = start();
  const request = k.send("is_complete_request", { code: "f(" });
  await sleep(700);
  assert.deepEqual(await k.reply(request), { status: "unknown" });
});

test("input is asked on stdin of the front end that sent the cell, and refused where there is none", async () => {
  const k = start();
  const cell = k.execute("wait", { allow_stdin: true });
  await k.trace();
  k.session.fromUser({ type: "input-request", cell: 1, request: 5, prompt: "name?", password: true });
  const question = k.out.at(-1);
  assert.deepEqual(question?.content, { prompt: "name?", password: true });
  assert.deepEqual(question?.parent_header, cell.header);
  const before = k.out.length;
  k.send("input_reply", { value: "∇" }, "stdin");
  await k.trace();
  assert.deepEqual(k.toUser.at(-1), { type: "input", request: 5, value: "∇" });
  assert.equal(k.out.length, before, "an input_reply has no busy and idle");
  k.session.fromUser({ type: "input-request", cell: 99, request: 6, prompt: "", password: false });
  assert.deepEqual(k.toUser.at(-1), { type: "input-refused", request: 6 });
});

test("comms are routed both ways, with buffers, and listed while they are open", async () => {
  const k = start();
  const buffers = [Buffer.from("b")];
  k.session.receive("shell", {
    ...child(undefined, "comm_open", { comm_id: "c1", target_name: "t", data: { a: 1 } }),
    buffers,
  });
  assert.deepEqual(await k.trace(), ["busy", "idle"]);
  assert.deepEqual(k.toUser.at(-1), {
    type: "comm-open",
    id: "c1",
    target: "t",
    cell: 1,
    message: { data: { a: 1 }, metadata: {}, buffers },
  });
  k.session.fromUser({ type: "comm-open", cell: 1, id: "c2", target: "u", message: { data: {}, buffers } });
  const opened = k.out.at(-1);
  assert.deepEqual(opened?.content, { comm_id: "c2", data: {}, target_name: "u" });
  assert.deepEqual(opened?.buffers, buffers);
  const listed = async (content: Json): Promise<unknown> => {
    await k.trace(k.send("comm_info_request", content));
    return k.out.findLast((m) => m.header.msg_type === "comm_info_reply")?.content.comms;
  };
  assert.deepEqual(await listed({}), { c1: { target_name: "t" }, c2: { target_name: "u" } });
  assert.deepEqual(await listed({ target_name: "u" }), { c2: { target_name: "u" } });
  k.send("comm_close", { comm_id: "c1" });
  assert.deepEqual(await listed({}), { c2: { target_name: "u" } });
});

test("a flood of comm messages makes neither the running cell nor an earlier one forgotten", async () => {
  const k = start();
  const earlier = k.execute("print a");
  const running = k.execute("wait", { allow_stdin: true });
  await k.trace();
  k.send("comm_open", { comm_id: "c", target_name: "t" });
  for (let i = 0; i < 10_001; i++) k.send("comm_msg", { comm_id: "c", data: i });
  await k.trace();
  const last = k.toUser.at(-1);
  assert.deepEqual(last?.type === "comm-message" && last.message.data, 10_000);
  for (const [i, request] of [earlier, running].entries()) {
    k.session.fromUser({ type: "stream", cell: i + 1, name: "stdout", text: "x" });
    assert.deepEqual(k.out.at(-1)?.parent_header, request.header);
  }
  k.session.fromUser({ type: "input-request", cell: 2, request: 1, prompt: "", password: false });
  assert.equal(k.out.at(-1)?.header.msg_type, "input_request");
});

test("a shutdown is answered, told to all, and ends the process", async () => {
  const k = start();
  const request = k.send("shutdown_request", { restart: true }, "control");
  assert.deepEqual(await k.trace(request), ["busy", "shutdown_reply:ok", "shutdown_reply:ok", "idle"]);
  assert.equal(k.out.find((m) => m.header.msg_type === "shutdown_reply")?.content.restart, true);
  assert.equal(k.exits(), 1);
});
