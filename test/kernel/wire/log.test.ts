import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "../../../kernel/wire/log.js";

function collect() {
  const lines: string[] = [];
  const clock = { now: 0 };
  return {
    lines,
    clock,
    log: createLog(
      (line) => lines.push(line),
      () => clock.now,
    ),
  };
}

test("a line that repeats is written at powers of ten", () => {
  const { lines, log } = collect();
  for (let i = 0; i < 100_000; i++) log("dropped");
  assert.equal(lines.length, 6);
  assert.deepEqual(lines.slice(0, 2), ["dropped", "dropped (10 times so far)"]);
});

test("a flood of different lines is cut, and its size is said later", () => {
  const { lines, clock, log } = collect();
  for (let i = 0; i < 10_000; i++) log(`problem ${i}`);
  assert.equal(lines.length, 50);
  clock.now += 2000;
  log("another");
  assert.deepEqual(lines.slice(50), ["9950 more lines were left out", "another"]);
});

test("a line of any length stays short", () => {
  const { lines, log } = collect();
  log("x".repeat(1_000_000));
  assert.ok((lines[0]?.length ?? 0) < 5000);
});
