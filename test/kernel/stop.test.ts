import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type KernelClient, resultText, startKernel } from "./client.js";

let kernel: KernelClient;
before(async () => {
  kernel = await startKernel();
  await kernel.execute(`import cp from "node:child_process"; let steps = 0; const kept = "kept";`);
});
after(() => kernel.close());

/** Runs a cell, presses Stop some time after it has begun, and says how long it took to be idle. */
async function stop(code: string, presses = 1): Promise<{ ename: unknown; ms: number }> {
  const { ended } = await kernel.begin(code);
  await sleep(60);
  const start = performance.now();
  for (let press = 0; press < presses; press++) kernel.send("control", "interrupt_request", {});
  const { reply } = await ended;
  return { ename: reply.content.ename, ms: performance.now() - start };
}

/** Other processes may take the machine for a while: the best of some tries counts. */
async function quickest(code: string, limit: number, tries = 8): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let left = tries; left > 0 && best >= limit; left--) {
    const { ename, ms } = await stop(code);
    assert.equal(ename, "KeyboardInterrupt");
    best = Math.min(best, ms);
  }
  return best;
}

const begun = `console.log("begun");`;
for (const [what, code] of [
  ["a loop", `${begun} for (;;) steps++;`],
  ["a loop after an await", `${begun} await new Promise((r) => setTimeout(r, 20)); for (;;) steps++;`],
  ["a promise that never settles", `${begun} await new Promise(() => {});`],
  ["a timer that loops", `${begun} await new Promise(() => setTimeout(() => { for (;;) steps++; }, 20));`],
  ["a shell", "%%bash\necho begun; sleep 60"],
] as const) {
  test(`Stop ends ${what} within 300 ms`, async () => {
    const ms = await quickest(code, 300);
    assert.ok(ms < 300, `${ms} ms`);
  });
}

for (const [what, code] of [
  ["a blocking child", `${begun} cp.execSync("sleep 60");`],
  ["a row of blocking children", `${begun} for (;;) cp.spawnSync("sleep", ["60"]);`],
  ["a blocking wait", `${begun} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`],
  ["a regular expression", `${begun} /(a+)+$/.test("a".repeat(60) + "b");`],
  [
    "a storm of microtasks",
    `${begun} const again = async (): Promise<void> => { await 0; return again(); }; await again();`,
  ],
  ["a storm of ticks", `${begun} const tick = () => { process.nextTick(tick); }; tick(); await new Promise(() => {});`],
  ["a storm of immediates", `${begun} const im = () => { setImmediate(im); }; im(); await new Promise(() => {});`],
  ["a generator", `${begun} function* all() { for (;;) yield steps++; } for (const one of all()) steps = one;`],
  ["a sort", `${begun} for (;;) Array.from({ length: 1e5 }, () => Math.random()).sort((a, b) => a - b);`],
] as const) {
  test(`Stop ends ${what} soon`, async () => {
    const ms = await quickest(code, 1500);
    assert.ok(ms < 1500, `${ms} ms`);
  });
}

test("a press too many, while nothing runs or in a row, hurts no later cell", async () => {
  await kernel.request("interrupt_request", {}, "control");
  assert.equal((await kernel.execute("await null; kept")).reply.content.status, "ok");
  assert.equal((await stop(`${begun} for (;;) steps++;`, 3)).ename, "KeyboardInterrupt");
  assert.equal((await stop(`${begun} await new Promise(() => {})`, 3)).ename, "KeyboardInterrupt");
  const { reply, outputs } = await kernel.execute("await new Promise((r) => setTimeout(r, 20)); kept");
  assert.equal(reply.content.status, "ok");
  assert.deepEqual(resultText(outputs), "'kept'");
});

test("Stop kills the child that blocks, and none that an earlier cell started", {
  skip: process.platform !== "linux",
}, async () => {
  await kernel.execute(`const server = cp.spawn("sleep", ["61"]); await new Promise((r) => setTimeout(r, 100));`);
  await stop(`${begun} cp.execSync("sleep 62; sleep 63");`);
  const { outputs } = await kernel.execute(
    `const alive = (args: string) => cp.spawnSync("ps", ["-A", "-o", "args="]).stdout.toString().split("\\n").includes(args);
     [alive("sleep 61"), alive("sleep 62"), alive("sleep 63"), server.kill()]`,
  );
  const shown = resultText(outputs);
  assert.equal(shown, "[ true, false, false, true ]");
});

test("a timer that throws again and again is shown, then counted, and ended by Stop", async () => {
  await kernel.execute(`const boom = setInterval(() => { steps++; throw new Error("again"); }, 1);`);
  await kernel.seen(({ content }) => /Error: again \(this came 100 times\)/.test(String(content.text)), "the count");
  await kernel.request("interrupt_request", {}, "control");
  const errors = kernel.published.filter(({ content }) => content.evalue === "again");
  assert.equal(errors.length, 3);
  const code = "const before = steps; await new Promise((r) => setTimeout(r, 50)); steps - before";
  assert.equal(resultText((await kernel.execute(code)).outputs), "0");
});

test("late errors of all kinds come under their cell, and the kernel lives without its listeners", async () => {
  await kernel.execute("process.removeAllListeners(); await null;");
  for (const [name, code] of [
    ["E1", "setTimeout(() => { throw new Error('E1') }, 1);"],
    ["E2", "queueMicrotask(() => { throw new Error('E2') });"],
    ["E3", "void Promise.reject(new Error('E3'));"],
    ["E4", "process.nextTick(() => { throw new Error('E4') });"],
    [
      "E5",
      "import { EventEmitter } from 'node:events'; setImmediate(() => new EventEmitter().emit('error', new Error('E5')));",
    ],
    [
      "E6",
      "import { Worker } from 'node:worker_threads'; new Worker('throw new Error(\"E6\")', { eval: true, stderr: true });",
    ],
  ] as const) {
    const { outputs, reply } = await kernel.execute(code);
    assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
    const late = await kernel.seen(({ content }) => content.evalue === name, name);
    assert.equal(late.parent_header.msg_id, outputs[0]?.parent_header.msg_id);
  }
  assert.equal(resultText((await kernel.execute("kept")).outputs), "'kept'");
});
