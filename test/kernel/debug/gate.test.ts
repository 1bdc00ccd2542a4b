import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { gate } from "../../../kernel/debug/gate.js";
import type { EmittedCell, ToUser } from "../../../kernel/threads.js";

const evaluate = (cell: number): ToUser => ({
  type: "evaluate",
  emitted: { cell, count: cell, js: "", map: "", code: "" },
  silent: false,
});

test("messages keep their order behind a cell that waits for its breakpoints, and pass at once otherwise", async () => {
  const sent: string[] = [];
  const ready = new Map<number, () => void>();
  const pass = gate(
    ({ cell }: EmittedCell) => (cell > 1 ? new Promise((resolve) => ready.set(cell, resolve)) : undefined),
    (message) => sent.push(message.type === "evaluate" ? `cell ${message.emitted.cell}` : message.type),
  );
  pass(evaluate(1));
  assert.deepEqual(sent, ["cell 1"]);
  for (const message of [evaluate(2), { type: "interrupt" }, evaluate(3), { type: "torn" }] as ToUser[]) pass(message);
  assert.deepEqual(sent, ["cell 1"]);
  ready.get(2)?.();
  await turn();
  assert.deepEqual(sent, ["cell 1", "cell 2", "interrupt"]);
  ready.get(3)?.();
  await turn();
  assert.deepEqual(sent, ["cell 1", "cell 2", "interrupt", "cell 3", "torn"]);
});
