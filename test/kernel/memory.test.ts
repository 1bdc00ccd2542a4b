import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type MemoryParts, processLimit, watchMemory } from "../../kernel/memory.js";
import { until } from "../until.js";
import { resultText, startKernel } from "./client.js";

const GB = 2 ** 30;

/** A guard over a machine of numbers. */
function guarded(found: {
  heapLimit?: number;
  processLimit?: number;
  resident: number;
  used?: number;
  available?: number;
}) {
  const ended: string[] = [];
  let asked = 0;
  let full: (() => Promise<boolean>) | undefined;
  const parts: MemoryParts = {
    heapLimit: found.heapLimit ?? 4 * GB,
    processLimit: found.processLimit ?? Number.POSITIVE_INFINITY,
    heap: {
      used: async () => {
        asked += 1;
        return found.used ?? 0;
      },
      brake(stop) {
        full = stop;
      },
      collect: async () => {},
      rest: () => {},
    },
    resident: () => found.resident,
    available: () => found.available ?? 64 * GB,
    end: async ({ ename, evalue }) => {
      ended.push(`${ename}: ${evalue}`);
      return true;
    },
  };
  watchMemory(parts);
  return { found, ended, asked: () => asked, full: () => full };
}

test("a process smaller than the heap's limit is never asked about its heap", async () => {
  const { asked, ended } = guarded({ resident: GB, used: 4 * GB });
  await sleep(300);
  assert.deepEqual([asked(), ended], [0, []]);
});

test("a full heap ends the cell once, and what is left of it does not end the next cell", async () => {
  const { found, ended, asked } = guarded({ resident: 3.9 * GB, used: 3.6 * GB });
  await until(() => asked() > 4, "looks behind the first end");
  assert.equal(ended.length, 1);
  assert.match(ended[0]!, /^OutOfMemory: .*3\.6 GB of at most 4\.0 GB/);
  found.used = 3.95 * GB;
  await until(() => ended.length === 2, "another end");
});

test("V8 is asked to stop at the limit only when the heap is filling, and ends one cell however many ask", async () => {
  const { found, ended, asked, full } = guarded({ resident: 3 * GB, used: 2 * GB });
  await until(() => asked() > 0, "a look");
  assert.equal(full(), undefined);
  found.used = 2.6 * GB;
  await until(() => full() !== undefined, "a brake");
  assert.deepEqual(await Promise.all([full()?.(), full()?.()]), [true, true]);
  assert.equal(ended.length, 1);
  assert.match(ended[0]!, /^OutOfMemory: .*4\.0 GB of at most 4\.0 GB/);
});

test("a heap of little that is used ends nothing, however large the process is", async () => {
  const { ended, asked } = guarded({ resident: 20 * GB, used: GB });
  await until(() => asked() > 1, "two looks");
  assert.deepEqual(ended, []);
});

test("native memory ends the cell before the machine has none, but only when it is the kernel's", async () => {
  const hungry = guarded({ resident: 30 * GB, available: 0.2 * GB });
  const innocent = guarded({ resident: 0.1 * GB, available: 0.2 * GB });
  await until(() => hungry.ended.length > 0, "an end");
  assert.match(hungry.ended[0]!, /^OutOfMemory: .*took 30\.0 GB of memory, and the machine has 0\.2 GB left/);
  assert.deepEqual(innocent.ended, []);
});

test("a wish for a limit is a number of MB", () => {
  assert.equal(processLimit("1024"), GB);
  for (const none of [undefined, "", "much", "-1"]) assert.equal(processLimit(none), Number.POSITIVE_INFINITY);
});

test("a cell that fills the heap or the memory ends, says why, and the kernel keeps its state", async () => {
  const kernel = await startKernel(undefined, {
    ...process.env,
    NODE_OPTIONS: "--max-old-space-size=500",
    NABLA_MEMORY: "1100",
  });
  try {
    await kernel.execute("let hoard: unknown[] = []; let precious = 7;");
    for (const [code, why] of [
      ["for (;;) hoard.push({ x: hoard.length });", /JavaScript values took 0\.\d GB of at most 0\.\d GB/],
      [
        "for (;;) hoard.push(Buffer.alloc(2e7, 1));",
        /the kernel took 1\.\d GB of memory, and NABLA_MEMORY allows 1\.1 GB/,
      ],
    ] as const) {
      const { reply, outputs } = await kernel.execute(code);
      assert.equal(reply.content.ename, "OutOfMemory");
      assert.match(String(reply.content.evalue), why);
      assert.equal(outputs.filter(({ header }) => header.msg_type === "error").length, 1);
      assert.equal((await kernel.execute("hoard = []; precious")).reply.content.status, "ok");
    }
    const { outputs } = await kernel.execute("precious");
    assert.equal(resultText(outputs), "7");
  } finally {
    kernel.close();
  }
});

test("what crosses the heap's limit between two looks ends the cell too, and the kernel keeps its state", async () => {
  const kernel = await startKernel(undefined, { ...process.env, NODE_OPTIONS: "--max-old-space-size=500" });
  try {
    // What V8 makes of the wished 500 MB depends on its version.
    await kernel.execute(`import { getHeapStatistics } from "node:v8";
      const megabytes = Math.floor((0.63 * getHeapStatistics().heap_size_limit) / 2 ** 20);
      let precious = 7; const hoard = Array.from({ length: megabytes }, () => new Array(2 ** 17).fill(0.5));
      await new Promise((resolve) => setTimeout(resolve, 600));`);
    // One call, in which the event loop cannot be asked.
    const { reply } = await kernel.execute("let more = new Array(2 ** 25 - 1).fill(0.5); for (;;) precious = 7;");
    assert.equal(reply.content.ename, "OutOfMemory");
    const { outputs } = await kernel.execute("hoard.length - megabytes + precious");
    assert.equal(resultText(outputs), "7");
  } finally {
    kernel.close();
  }
});
