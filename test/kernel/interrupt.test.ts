import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Allowed, createInterrupter } from "../../kernel/interrupt.js";
import { shared, type ToUser } from "../../kernel/threads.js";
import { until } from "../until.js";

/** A user thread that runs cell 7: `hears` says whether its event loop lives, `stack` what stands on it when paused. */
function userThread(hears: boolean, stack: () => string[] = () => ["In[7]"]) {
  const view = new Int32Array(new SharedArrayBuffer(4 * shared.size));
  view[shared.running] = 7;
  const heard: string[] = [];
  let press = 0;
  const interrupter = createInterrupter({
    view,
    user(message: ToUser) {
      heard.push(message.type);
      if (message.type !== "interrupt") return;
      press = message.press;
      if (hears) Atomics.add(view, shared.heard, 1);
      if (hears) view[shared.settled] = press;
    },
    async tear(options: { allowed: Allowed; torn(): void; moot(): boolean }) {
      await sleep(1);
      if (options.moot() || !options.allowed(stack())) return false;
      options.torn();
      view[shared.running] = 0;
      view[shared.settled] = press;
      return true;
    },
    unblock: () => () => {},
    spared: (scripts) => scripts.every((script) => script.startsWith("kernel/")),
    log: (text) => assert.fail(text),
  });
  return { view, heard, interrupter };
}

test("an event loop that lives is asked, not torn", async () => {
  const { heard, interrupter } = userThread(true);
  await interrupter.press();
  assert.deepEqual(heard, ["interrupt"]);
});

test("a busy loop is torn", async () => {
  const { heard, interrupter } = userThread(false);
  await interrupter.press();
  assert.deepEqual(heard, ["interrupt", "torn"]);
});

test("a shield is left to end, and the user thread told to wait behind it", async () => {
  const { view, heard, interrupter } = userThread(false);
  view[shared.shield] = 1;
  const pressing = interrupter.press();
  await until(() => view[shared.tearing] === 1, "the wish to tear");
  assert.deepEqual(heard, ["interrupt"]);
  view[shared.shield] = 0;
  await pressing;
  assert.deepEqual(heard, ["interrupt", "torn"]);
  assert.equal(view[shared.tearing], 0);
});

test("work that puts things in order is left to end, but not when the user presses again", async () => {
  const { view, heard, interrupter } = userThread(false);
  view[shared.closing] = 1;
  const pressing = interrupter.press();
  await sleep(150);
  assert.deepEqual(heard, ["interrupt"]);
  await interrupter.press();
  await pressing;
  assert.deepEqual(heard, ["interrupt", "torn"]);
});

test("an event loop that heard and is busy again is torn by the same press", async () => {
  const thread = userThread(false);
  const { view, heard } = thread;
  const pressing = thread.interrupter.press();
  view[shared.heard] = 1;
  await pressing;
  assert.deepEqual(heard, ["interrupt", "interrupt", "torn"]);
});

test("a second press tears through the shield", async () => {
  const { view, heard, interrupter } = userThread(false);
  view[shared.shield] = 1;
  const pressing = interrupter.press();
  await sleep(100);
  await interrupter.press();
  await pressing;
  assert.deepEqual(heard, ["interrupt", "torn"]);
});

test("a cell that ends by itself meanwhile is not torn, nor is the next one", async () => {
  const { view, heard, interrupter } = userThread(false);
  const pressing = interrupter.press();
  view[shared.running] = 8;
  view[shared.settled] = 1;
  await pressing;
  assert.deepEqual(heard, ["interrupt"]);
  assert.equal(view[shared.running], 8);
});

test("what must not be torn is left to end, and what follows is torn", async () => {
  let stack = ["kernel/cell/evaluate.js", "kernel/cell/thread.js"];
  const { heard, interrupter } = userThread(false, () => stack);
  const pressing = interrupter.press();
  await sleep(120);
  assert.deepEqual(heard, ["interrupt"]);
  stack = ["In[7]", "kernel/cell/evaluate.js"];
  await pressing;
  assert.deepEqual(heard, ["interrupt", "torn"]);
});

test("a callback of an older cell that blocks the event loop is torn too", async () => {
  const { view, heard, interrupter } = userThread(false);
  view[shared.running] = 0;
  await interrupter.press();
  assert.deepEqual(heard, ["interrupt", "torn"]);
});
