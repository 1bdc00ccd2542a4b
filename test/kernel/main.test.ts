import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Message } from "../../kernel/wire/message.js";
import { type KernelClient, printed, startKernel } from "./client.js";

let kernel: KernelClient;

before(async () => {
  kernel = await startKernel();
  const { outputs } = await kernel.execute("import fs from 'node:fs'; let counter = 0;");
  assert.deepEqual(types(outputs), ["execute_input"], "the first import says nothing");
});
after(() => kernel.close());

const types = (outputs: readonly Message[]): string[] => outputs.map((message) => message.header.msg_type);
const content = (outputs: readonly Message[], type: string): Message["content"] | undefined =>
  outputs.find((message) => message.header.msg_type === type)?.content;

/** Runs a cell and interrupts it once it has printed `begun`. */
async function stop(code: string): Promise<{ reply: Message["content"]; ms: number }> {
  const { ended } = await kernel.begin(code);
  await sleep(100);
  const start = performance.now();
  await kernel.request("interrupt_request", {}, "control");
  const { reply } = await ended;
  return { reply: reply.content, ms: performance.now() - start };
}

test("names, types and imports carry over from cell to cell", async () => {
  await kernel.execute(
    "interface Point { x: number }\nconst point: Point = { x: 1 };\nfunction twice(n: number) { return 2 * n }",
  );
  assert.equal(await kernel.result("point satisfies Point; twice(point.x) + (fs.existsSync('/') ? 1 : 0)"), "3");
  assert.equal(await kernel.result("const point = 'redefined'; point"), "'redefined'");
});

test("a type error stops the cell before it runs", async () => {
  const { reply, outputs } = await kernel.execute("counter += 1;\nconst wrong: number = 'text';");
  assert.equal(reply.content.status, "error");
  assert.deepEqual(types(outputs), ["execute_input", "error"]);
  assert.match(String(content(outputs, "error")?.evalue), /not assignable to type 'number'/);
  assert.equal(await kernel.result("counter"), "0");
});

test("a runtime error has its name, its text and the user's own line", async () => {
  const { reply, outputs } = await kernel.execute("const fine = 1;\nthrow new RangeError('too far');");
  const error = content(outputs, "error");
  assert.deepEqual([error?.ename, error?.evalue], ["RangeError", "too far"]);
  assert.match(String(error?.traceback), /In\[\d+\]:2:7/);
  assert.deepEqual([reply.content.ename, reply.content.traceback], [error?.ename, error?.traceback]);
  assert.equal(await kernel.result("fine"), "1");
});

test("20,000 console.log lines arrive complete, in order, in under a second", async () => {
  const expected = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join("");
  let best = Number.POSITIVE_INFINITY;
  // Other processes may take the machine for a while: the best of three counts.
  for (let attempt = 0; attempt < 3 && best >= 1000; attempt++) {
    const start = performance.now();
    const { outputs } = await kernel.execute("for (let i = 0; i < 20000; i++) console.log('line ' + i);");
    best = Math.min(best, performance.now() - start);
    assert.equal(printed(outputs), expected);
  }
  assert.ok(best < 1000, `${best} ms`);
});

test("stdout and stderr stay apart and in order, and belong to their cell even when they come late", async () => {
  const { outputs } = await kernel.execute(
    "console.log('1'); console.error('2'); console.log('3'); setTimeout(() => console.log('late'), 300); 0",
  );
  assert.deepEqual(
    outputs.filter((m) => m.header.msg_type === "stream").map((m) => m.content.text),
    ["1\n", "2\n", "3\n"],
  );
  await kernel.execute("'another cell'");
  const late = await kernel.seen((message) => message.content.text === "late\n");
  assert.equal(late.parent_header.msg_id, outputs[0]?.parent_header.msg_id);
});

test("a display and its updates arrive before the result", async () => {
  const { outputs } = await kernel.execute(`
    const shown = { [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>∇</b>", "text/plain": "∇" }) };
    const door = (globalThis as any)[Symbol.for("nabla.host")];
    door.display({ data: { "text/plain": "first" }, metadata: {} }, "figure");
    door.update("figure", { data: { "text/plain": "second" }, metadata: {} });
    shown`);
  assert.deepEqual(types(outputs), ["execute_input", "display_data", "update_display_data", "execute_result"]);
  assert.deepEqual(content(outputs, "update_display_data")?.transient, { display_id: "figure" });
  assert.deepEqual(content(outputs, "execute_result")?.data, { "text/html": "<b>∇</b>", "text/plain": "∇" });
});

test("output of a busy loop is seen, and the kernel answers, while it runs", async () => {
  const running = kernel.execute(
    "console.log('begun'); const until = Date.now() + 2000; while (Date.now() < until); console.log('over')",
  );
  await kernel.seen((message) => message.content.text === "begun\n");
  await kernel.heartbeat();
  const { reply } = await kernel.request("complete_request", { code: "'x'.toUpperC", cursor_pos: 12 });
  assert.deepEqual(reply.content.matches, ["toUpperCase"]);
  assert.ok(!kernel.published.some((message) => message.content.text === "over\n"));
  await running;
});

for (const [what, code] of [
  ["a busy loop", "console.log('begun'); for (;;) counter += 1;"],
  [
    "a busy loop after an await",
    "console.log('begun'); await new Promise((r) => setTimeout(r, 20)); for (;;) counter += 1;",
  ],
  [
    "a busy loop in a timer",
    "console.log('begun'); await new Promise(() => setTimeout(() => { for (;;) counter += 1; }, 20));",
  ],
  ["a pending await", "counter += 1; console.log('begun'); await new Promise(() => {});"],
  ["a flood of output", "for (;;) { counter += 1; console.log('begun', 'x'.repeat(2000)); }"],
] as const) {
  test(`an interrupt ends ${what}, and all state is kept`, async () => {
    await kernel.execute("counter = 0; const precious = [1, 2, 3];");
    const { reply, ms } = await stop(code);
    assert.equal(reply.ename, "KeyboardInterrupt");
    assert.ok(ms < 5000, `${ms} ms`);
    assert.equal(await kernel.result("precious.length + Math.sign(counter)"), "4");
    assert.equal(
      await kernel.result("await new Promise((r) => setTimeout(() => r('timers work'), 5))"),
      "'timers work'",
    );
  });
}

test("what would end a process ends only its cell", async () => {
  for (const [code, error] of [
    ["process.exit(1)", "ExitError"],
    [
      "setTimeout(() => { throw new TypeError('in a timer') }, 10); await new Promise((r) => setTimeout(r, 100))",
      "TypeError",
    ],
    [
      "void Promise.reject(new SyntaxError('nobody listens')); await new Promise((r) => setTimeout(r, 50))",
      "SyntaxError",
    ],
    ["(function f(): number { return f() + 1 })()", "RangeError"],
  ] as const) {
    const { outputs } = await kernel.execute(code);
    assert.equal(content(outputs, "error")?.ename, error);
  }
  assert.equal(await kernel.result("1 + 1"), "2");
});

test("an interrupt during an import lets the module come to its end", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nabla-import-"));
  const file = join(folder, "slow.mjs");
  writeFileSync(
    file,
    "console.log('begun'); const end = Date.now() + 600; while (Date.now() < end); export const value = 7;",
  );
  const code = `const slow = await import(${JSON.stringify(file)})`;
  await stop(`${code}; for (;;);`);
  await sleep(700);
  assert.equal(await kernel.result(`${code}; slow.value`), "7");
  rmSync(folder, { recursive: true });
});

test("after a shutdown with restart a new kernel on the same ports starts empty", async () => {
  const first = await startKernel();
  await first.execute("const gone = 1");
  const { reply } = await first.request("shutdown_request", { restart: true }, "control");
  assert.deepEqual(reply.content, { status: "ok", restart: true });
  assert.equal(await first.ended(), 0);
  assert.equal(first.errors(), "");
  const second = await startKernel(undefined, process.env, first.connection);
  assert.equal((await second.execute("gone")).reply.content.status, "error");
  first.close();
  second.close();
});

test("a protocol thread that dies ends the kernel and says why, also while a cell loops", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nabla-dying-"));
  const [preload, sign] = [join(folder, "preload.cjs"), join(folder, "die")];
  writeFileSync(
    preload,
    `const { workerData } = require("node:worker_threads");
    const die = () => { if (require("node:fs").existsSync(${JSON.stringify(sign)})) throw new Error("a flaw of the kernel"); };
    if (workerData?.connection) setInterval(die, 50);`,
  );
  for (const code of ["console.log('begun'); await new Promise(() => {})", "console.log('begun'); for (;;);"]) {
    const env = { ...process.env, NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
    const dying = await startKernel(undefined, env);
    const running = dying.execute(code).catch((error: Error) => error.message);
    await dying.seen((message) => message.content.text === "begun\n", "begun");
    writeFileSync(sign, "");
    const end = await running;
    dying.close();
    rmSync(sign);
    assert.match(
      String(end),
      /^the kernel ended with SIGKILL .*the protocol thread died: Error: a flaw of the kernel/s,
    );
  }
  rmSync(folder, { recursive: true });
});

test("a connection file that cannot be used is one line on stderr and an exit code", () => {
  const main = fileURLToPath(new URL("../../kernel/main.js", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "nabla-connection-"));
  const malformed = join(folder, "c.json");
  writeFileSync(malformed, '{"transport": "tcp"}');
  for (const [args, message] of [
    [[], /^nabla: expected one argument, a Jupyter connection file, got 0\n$/],
    [[join(folder, "none.json")], /^nabla: .*none\.json: expected a connection file that can be read, got ENOENT\n$/],
    [[malformed], /^nabla: .*c\.json: expected ip, an address, got nothing\n$/],
  ] as const) {
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, message);
  }
  rmSync(folder, { recursive: true });
});
