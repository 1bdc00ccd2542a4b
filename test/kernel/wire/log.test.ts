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

test("a line that repeats is written once, and again after thousands", () => {
  const { lines, log } = collect();
  for (let i = 0; i < 100_000; i++) log("dropped");
  assert.deepEqual(lines, ["dropped", "dropped (1000 times so far)"]);
});

test("a flood of different lines is cut, and its size is said later", () => {
  const { lines, clock, log } = collect();
  for (let i = 0; i < 10_000; i++) log(`problem ${i}`);
  assert.equal(lines.length, 50);
  clock.now += 2000;
  log("another");
  assert.deepEqual(lines.slice(50), ["left out 9950 more of such lines", "another"]);
});

test("a line of any length stays short", () => {
  const { lines, log } = collect();
  log("x".repeat(1_000_000));
  assert.ok((lines[0]?.length ?? 0) < 5000);
});
