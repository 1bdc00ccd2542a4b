import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Json, Message } from "../../kernel/wire/message.js";
import { type KernelClient, printed, startKernel } from "./client.js";

const folder = mkdtempSync(join(tmpdir(), "nabla-requests-"));
const env = { ...process.env, NABLA_HISTORY: folder };
let kernel: KernelClient;

before(async () => {
  kernel = await startKernel(undefined, env);
  await kernel.execute(`const door = (globalThis as any)[Symbol.for("nabla.host")]; let n = 1;
    function add(a: number, b: number) { return a + b }`);
});
after(() => {
  kernel.close();
  rmSync(folder, { recursive: true, force: true });
});

type Result = Record<string, { status: string; data?: Record<string, unknown>; ename?: string; evalue?: string }>;

async function expressions(code: string, wanted: Json, options: Json = {}): Promise<Result> {
  const { reply } = await kernel.execute(code, { user_expressions: wanted, ...options });
  assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
  return reply.content.user_expressions as Result;
}

const plain = (result: Result, name: string): unknown => result[name]?.data?.["text/plain"];

test("user expressions are evaluated after the cell, in its scope, with their types checked", async () => {
  const found = await expressions("const late = 20; n = 2", {
    sum: "late + n",
    text: "String(late).length satisfies number // a comment",
    awaited: "await Promise.resolve(add(1, 2))",
    object: "{ a: 1 }",
    nothing: "undefined",
    shown: '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>x</b>", "text/plain": "x" }) })',
  });
  for (const [name, expected] of Object.entries({ sum: "22", text: "2", awaited: "3", nothing: "undefined" })) {
    assert.equal(plain(found, name), expected, name);
  }
  assert.match(String(plain(found, "object")), /a: 1/);
  assert.deepEqual(found.shown?.data, { "text/html": "<b>x</b>", "text/plain": "x" });
});

test("a bad expression is an error of its own: not of the cell, and not of the others", async () => {
  const wanted = {
    typed: "n.nope",
    thrown: "(() => { throw new RangeError('far') })()",
    none: "",
    statement: "let x = 1",
    number: 7,
    good: "n",
  };
  const found = await expressions("n = 3", wanted);
  const names = Object.entries(found).map(([name, { status, ename }]) => `${name}: ${ename ?? status}`);
  assert.deepEqual(names.slice(1, 2), ["thrown: RangeError"]);
  assert.match(String(found.typed?.evalue), /Property 'nope' does not exist/);
  for (const name of ["none", "statement", "number"]) assert.equal(found[name]?.status, "error", name);
  assert.equal(plain(found, "good"), "3");
});

test("expressions of silent and of empty cells are evaluated; those of a cell that fails are not", async () => {
  assert.equal(plain(await expressions("n = 4", { n: "n" }, { silent: true }), "n"), "4");
  assert.equal(plain(await expressions("", { n: "n" }, { silent: true }), "n"), "4");
  const { reply } = await kernel.execute("throw new Error('no')", { user_expressions: { n: "n" } });
  assert.deepEqual([reply.content.status, reply.content.user_expressions], ["error", {}]);
});

test("what an expression prints belongs to its request, also when it comes late", async () => {
  const { outputs } = await kernel.execute("1", {
    user_expressions: { a: "(console.log('now'), setTimeout(() => console.log('expressed late'), 200), 0)" },
  });
  assert.equal(printed(outputs), "now\n");
  await kernel.execute("'another'");
  const late = await kernel.seen((message) => message.content.text === "expressed late\n");
  assert.equal(late.parent_header.msg_id, outputs[0]?.parent_header.msg_id);
});

test("numbers count cells that are kept: neither silent ones nor those without store_history", async () => {
  const count = async (options: Json): Promise<unknown> =>
    (await kernel.execute("n", options)).reply.content.execution_count;
  const before = Number(await count({}));
  const { outputs } = await kernel.execute("n", { store_history: false });
  assert.ok(outputs.some((message) => message.header.msg_type === "execute_result"));
  await count({ silent: true });
  assert.equal(await count({}), before + 1);
});

test("cursors count code points, also behind characters that JavaScript counts twice", async () => {
  const code = "const s = '😀😀'; s.toUpperC";
  const points = [...code].length;
  const { reply } = await kernel.request("complete_request", { code, cursor_pos: points });
  const { matches, cursor_start, cursor_end, metadata } = reply.content;
  assert.deepEqual(matches, ["toUpperCase"]);
  assert.deepEqual([cursor_start, cursor_end], [points - "toUpperC".length, points]);
  const [item] = (metadata as { _jupyter_types_experimental: Json[] })._jupyter_types_experimental;
  assert.deepEqual([item?.start, item?.end, item?.type], [cursor_start, cursor_end, "method"]);
  const inspected = await kernel.request("inspect_request", { code: "'😀'; add", cursor_pos: 8, detail_level: 1 });
  assert.match(String((inspected.reply.content.data as Json)["text/plain"]), /add\(a: number, b: number\): number/);
});

test("is_complete tells what goes on, with the indent of the next line", async () => {
  const ask = async (code: string): Promise<Json> =>
    (await kernel.request("is_complete_request", { code })).reply.content;
  assert.deepEqual(await ask("1 + 1"), { status: "complete" });
  assert.deepEqual(await ask("if (n) {"), { status: "incomplete", indent: "  " });
  assert.deepEqual(await ask("const = 1"), { status: "invalid" });
});

test("complete and inspect are answered in under 100 ms while a cell loops, and the value is told when it is idle", async () => {
  const inspect = () => kernel.request("inspect_request", { code: "n", cursor_pos: 1 });
  const complete = () => kernel.request("complete_request", { code: "add(n.toF", cursor_pos: 9 });
  const shown = ({ reply }: { reply: Message }): string => String((reply.content.data as Json)["text/plain"]);
  assert.match(shown(await inspect()), /Value: 4/);
  const running = kernel.execute("console.log('looping'); for (;;);");
  await kernel.seen((message) => message.content.text === "looping\n");
  for (const ask of [inspect, complete]) {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 10; i++) {
      const start = performance.now();
      await ask();
      best = Math.min(best, performance.now() - start);
    }
    assert.ok(best < 100, `${best} ms`);
  }
  assert.doesNotMatch(shown(await inspect()), /Value/);
  await kernel.request("interrupt_request", {}, "control");
  await running;
});

test("the usage of the kernel's process is told on control, also while a cell loops", async () => {
  const usage = async (): Promise<Json> => (await kernel.request("usage_request", {}, "control")).reply.content;
  await usage();
  const running = kernel.execute("console.log('using'); const end = Date.now() + 500; while (Date.now() < end);");
  await kernel.seen((message) => message.content.text === "using\n");
  await running;
  const told = await usage();
  assert.deepEqual([told.hostname, told.pid], [hostname(), kernel.process.pid]);
  assert.ok(Number(told.kernel_cpu) > 1, `${told.kernel_cpu} %`);
  assert.ok(Number(told.kernel_memory) > 30e6);
});

test("a client may open a comm to a target that the notebook takes; others are closed", async () => {
  await kernel.execute(`door.onComm("echo", (comm: any, opened: any) => {
    comm.onMessage((m: any) => { console.log("heard " + m.buffers[0].length); comm.send({ data: { got: m.data, first: opened.data }, buffers: m.buffers }); });
    comm.onClose(() => console.log("closed")); });`);
  kernel.send("shell", "comm_open", { comm_id: "c1", target_name: "echo", data: { hello: 1 } });
  const sent = kernel.send(
    "shell",
    "comm_msg",
    { comm_id: "c1", data: { x: 2 } },
    { buffers: [Buffer.from([1, 2, 3])] },
  );
  const back = await kernel.seen(
    (message) => message.header.msg_type === "comm_msg" && message.content.comm_id === "c1",
  );
  assert.deepEqual(back.content.data, { got: { x: 2 }, first: { hello: 1 } });
  assert.deepEqual([...(back.buffers[0] ?? [])], [1, 2, 3]);
  assert.equal(back.parent_header.msg_id, sent.header.msg_id);
  const heard = await kernel.seen((m) => m.content.text === "heard 3\n");
  assert.equal(heard.parent_header.msg_id, sent.header.msg_id);
  const idle = await kernel.seen(
    ({ content, parent_header }) => content.execution_state === "idle" && parent_header.msg_id === sent.header.msg_id,
  );
  const places = [heard, back, idle].map((message) => kernel.published.indexOf(message));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
    "idle comes after what the listener did",
  );
  const info = async (content: Json): Promise<unknown> =>
    (await kernel.request("comm_info_request", content)).reply.content.comms;
  assert.deepEqual(await info({ target_name: "echo" }), { c1: { target_name: "echo" } });
  kernel.send("shell", "comm_close", { comm_id: "c1", data: {} });
  await kernel.seen((message) => message.content.text === "closed\n");
  kernel.send("shell", "comm_open", { comm_id: "c2", target_name: "nobody", data: {} });
  await kernel.seen((message) => message.header.msg_type === "comm_close" && message.content.comm_id === "c2");
  assert.deepEqual(await info({}), {});
});

test("a comm of a subshell is answered while a cell awaits, under its own parent", async () => {
  const subshell = String((await kernel.request("create_subshell_request", {}, "control")).reply.content.subshell_id);
  await kernel.execute(
    `door.onComm("live", (comm: any) => comm.onMessage((m: any) => { comm.send({ data: m.data }); n = m.data.n; }));`,
  );
  kernel.send("shell", "comm_open", { comm_id: "c3", target_name: "live", data: {} }, { subshell });
  const main = kernel.execute(
    "n = 0; console.log('waiting'); while (n !== 9) await new Promise((r) => setTimeout(r, 5)); n",
  );
  await kernel.seen((message) => message.content.text === "waiting\n");
  const sent = kernel.send("shell", "comm_msg", { comm_id: "c3", data: { n: 9 } }, { subshell });
  const back = await kernel.seen(
    (message) => message.header.msg_type === "comm_msg" && message.content.comm_id === "c3",
  );
  assert.deepEqual([back.parent_header.msg_id, back.parent_header.subshell_id], [sent.header.msg_id, subshell]);
  assert.equal((await main).reply.content.status, "ok");
});

test("names that cells of two shells define at the same time are all there afterwards, with their types", async () => {
  const subshell = String((await kernel.request("create_subshell_request", {}, "control")).reply.content.subshell_id);
  const main = kernel.execute(
    "interface Main { m: number }\nconst mine: Main = { m: 5 }; console.log('defines'); while (n !== 11) await new Promise((r) => setTimeout(r, 5));",
  );
  await kernel.seen((message) => message.content.text === "defines\n");
  await kernel.execute("const yours = 'sub'; n = 11", {}, subshell);
  assert.equal((await main).reply.content.status, "ok");
  assert.equal(plain(await expressions("", { both: "mine.m + yours.length" }), "both"), "8");
  assert.match(
    String((await expressions("", { wrong: "mine.x" })).wrong?.evalue),
    /Property 'x' does not exist on type 'Main'/,
  );
});

test("a restarted kernel has the history of the one before", async () => {
  const ask = async (client: KernelClient, content: Json): Promise<[number, number, unknown][]> =>
    (await client.request("history_request", content)).reply.content.history as [number, number, unknown][];
  await kernel.execute("'remember ∇'");
  const tail = { hist_access_type: "tail", n: 1, output: true, raw: true };
  const [last] = await ask(kernel, tail);
  assert.deepEqual(last?.[2], ["'remember ∇'", "'remember ∇'"]);
  const gone = await startKernel(undefined, env);
  await gone.execute("'of the other'");
  await gone.request("shutdown_request", { restart: true }, "control");
  await gone.ended();
  gone.close();
  const next = await startKernel(undefined, env);
  const found = await ask(next, { hist_access_type: "search", pattern: "'*", output: false, raw: true });
  assert.deepEqual(found.map(([, , input]) => input).slice(-2), ["'remember ∇'", "'of the other'"]);
  assert.deepEqual(
    await ask(next, { hist_access_type: "range", session: -1, start: 1, stop: 2, output: false, raw: true }),
    [[found.at(-1)?.[0], 1, "'of the other'"]],
  );
  next.close();
});
