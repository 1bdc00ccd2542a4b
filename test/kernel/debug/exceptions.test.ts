import assert from "node:assert/strict";
import { test } from "node:test";
import { debugged } from "./debugged.js";

const dap = debugged();

const caught = "try {\n  throw new Error('caught');\n} catch {}";
const later = "await null;\nthrow new Error('later');";
const awaited =
  "async function fails() {\n  await null;\n  throw new Error('inside');\n}\ntry {\n  await fails();\n} catch {}";

test("without a filter no exception stops a cell", async () => {
  await dap.body("setExceptionBreakpoints", { filters: [] });
  assert.equal((await dap.execute(later)).reply.content.ename, "Error");
});

test("all exceptions: also those that are caught stop, and say what was thrown", async () => {
  await dap.body("setExceptionBreakpoints", { filters: ["all"] });
  const running = dap.execute(caught);
  assert.match(await dap.stopped(), /:2 exception$/);
  const info = await dap.body("exceptionInfo", { threadId: 1 });
  assert.deepEqual([info.exceptionId, info.description, info.breakMode], ["Error", "Error: caught", "always"]);
  assert.equal((await dap.scope("Locals"))?.["(exception)"], "Error: caught");
  await dap.go();
  assert.equal((await running).reply.content.status, "ok");
});

test("uncaught exceptions: those that end a cell, at once and after an await, and in timers; not those that are caught", async () => {
  await dap.body("setExceptionBreakpoints", { filters: ["uncaught"] });
  for (const code of [caught, awaited]) assert.equal((await dap.execute(code)).reply.content.status, "ok");
  for (const [code, line] of [
    ["const fine = 1;\nthrow new RangeError('at once');", 2],
    [later, 2],
    ["function deep(): never {\n  throw new Error('deep');\n}\ndeep();", 2],
    ["await null;\n(undefined as any).x;", 2],
  ] as const) {
    const running = dap.execute(code);
    assert.match(await dap.stopped(), new RegExp(`:${line} exception$`), code);
    assert.equal((await dap.body("exceptionInfo", { threadId: 1 })).breakMode, "unhandled", code);
    await dap.go();
    const { reply } = await running;
    assert.equal(reply.content.status, "error", code);
    assert.match(String((reply.content.traceback as string[]).join("\n")), /In\[\d+\]/, code);
  }
  const timer = dap.execute("setTimeout(() => {\n  throw new Error('in a timer');\n}, 5);");
  assert.match(await dap.stopped(), /:2 exception$/);
  await dap.go();
  await timer;
});
