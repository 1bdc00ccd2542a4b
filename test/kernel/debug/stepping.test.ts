import assert from "node:assert/strict";
import { test } from "node:test";
import { printed } from "../client.js";
import { debugged } from "./debugged.js";

const dap = debugged();

test("a breakpoint that was set before the cell ran stops it there, and continue lets it end", async () => {
  const code = "const first = 1;\nconst second: number = first + 1;\nsecond * 2";
  assert.deepEqual(await dap.breakIn(code, [2]), [2]);
  const running = dap.execute(code);
  assert.match(await dap.stopped(), /^In\[\d+\]:2 breakpoint$/);
  const [frame, ...rest] = await dap.frames();
  assert.deepEqual(rest, [], "the kernel's own frames are hidden");
  assert.equal(frame?.source.path, (await dap.body("dumpCell", { code })).sourcePath);
  assert.equal((await dap.scope("Globals"))?.first, "1");
  await dap.go();
  assert.equal((await running).reply.content.status, "ok");
});

test("steps go over, into a function of an earlier cell, out of it, and over an await", async () => {
  await dap.execute("function half(n: number) {\n  const result = n / 2;\n  return result;\n}");
  const code = [
    "let sum = 0;",
    "sum += half(8);",
    "await new Promise((resolve) => setTimeout(resolve, 20));",
    "sum += 1;",
    "sum",
  ].join("\n");
  await dap.breakIn(code, [1]);
  const running = dap.execute(code);
  const body = (await dap.stopped()).replace(/:.*/, "");
  await dap.go("next");
  assert.equal(await dap.stopped(), `${body}:2 step`);
  await dap.go("stepIn");
  assert.equal(await dap.stopped(), "half:2 step");
  assert.deepEqual(await dap.scope("Locals"), { n: "8", result: "undefined" });
  await dap.go("next");
  assert.equal(await dap.stopped(), "half:3 step");
  assert.equal((await dap.scope("Locals"))?.result, "4");
  assert.deepEqual(
    (await dap.frames()).map(({ name }) => name),
    ["half", body],
  );
  await dap.go("stepOut");
  // Nothing but the call is left to do on line 2: V8 stops where the next statement begins.
  assert.equal(await dap.stopped(), `${body}:3 step`);
  await dap.go("next");
  assert.equal(await dap.stopped(), `${body}:4 step`);
  assert.equal((await dap.scope("Globals"))?.sum, "4");
  await dap.go("next");
  assert.equal(await dap.stopped(), `${body}:5 step`);
  await dap.go("next");
  const { reply } = await running;
  assert.equal(reply.content.status, "ok");
  const { reply: next } = await dap.execute("sum");
  assert.equal(next.content.status, "ok", "no step reaches into the next cell");
});

test("a cell that is changed and run again has its own breakpoints, the old text none", async () => {
  const old = "let turn = 1;\nturn += 1;";
  const changed = "let turn = 1;\n\nturn += 2;";
  await dap.breakIn(old, [2]);
  await dap.breakIn(changed, [3]);
  const running = dap.execute(changed);
  assert.match(await dap.stopped(), /:3 breakpoint$/);
  await dap.go();
  await running;
  await dap.breakIn(changed, []);
  assert.equal((await dap.execute(changed)).reply.content.status, "ok");
  const again = dap.execute(old);
  assert.match(await dap.stopped(), /:2 breakpoint$/);
  await dap.go();
  await again;
});

test("breakpoints of a cell that ran already stop its functions when a later cell calls them", async () => {
  const code = "const twice = (n: number) => n * 2;\nfunction called(n: number) {\n  return twice(n) + 1;\n}";
  await dap.execute(code);
  assert.deepEqual(await dap.breakIn(code, [3]), [3]);
  const running = dap.execute("called(5)");
  assert.equal(await dap.stopped(), "called:3 breakpoint");
  assert.equal(await dap.evaluate("twice(n)", 0), "10");
  await dap.go();
  await running;
});

test("conditions, hit counts and log messages are heeded", async () => {
  const code = "let total = 0;\nfor (let i = 0; i < 10; i++) {\n  total += i;\n}\ntotal";
  await dap.breakIn(code, [{ line: 3, condition: "i === 4 && total > 0" }]);
  let running = dap.execute(code);
  await dap.stopped();
  assert.deepEqual(await dap.scope("Locals"), { i: "4" });
  await dap.go();
  await running;

  await dap.breakIn(code, [{ line: 3, hitCondition: "% 5" }]);
  running = dap.execute(code);
  for (const expected of ["4", "9"]) {
    await dap.stopped();
    assert.deepEqual(await dap.scope("Locals"), { i: expected });
    await dap.go();
  }
  await running;

  await dap.breakIn(code, [{ line: 3, condition: "i > 7", logMessage: "i is {i}, `total` {total}" }]);
  const { reply, outputs } = await dap.execute(code);
  assert.equal(reply.content.status, "ok");
  assert.equal(printed(outputs), "i is 8, `total` 28\ni is 9, `total` 36\n");
});

test("pause stops a busy loop, also in a timer, and a debugger statement stops by itself", async () => {
  const { ended } = await dap.kernel.begin(
    "let spins = 0; console.log('begun');\nlet on: boolean = true;\nwhile (on) {\n  spins += 1;\n}\nspins > 0",
  );
  await dap.body("pause", { threadId: 1 });
  assert.match(await dap.stopped(), /:[34] pause$/);
  await dap.evaluate("on = false", 0);
  await dap.go();
  assert.equal((await ended).reply.content.status, "ok");

  const timer = dap.execute(
    "await new Promise<void>((resolve) => setTimeout(() => {\n  const inTimer = 5;\n  debugger;\n  resolve();\n}, 10));",
  );
  assert.match(await dap.stopped(), /:3 breakpoint$/);
  assert.equal((await dap.scope("Locals"))?.inTimer, "5");
  await dap.go();
  assert.equal((await timer).reply.content.status, "ok");
});

test("a pause that is wished for while nothing runs comes with the next cell", async () => {
  await dap.body("pause", { threadId: 1 });
  const running = dap.execute("const first = 1;\nfirst");
  assert.match(await dap.stopped(), /:1 pause$/);
  await dap.go();
  assert.equal((await running).reply.content.status, "ok");
});
