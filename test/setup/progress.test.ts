import assert from "node:assert/strict";
import { test } from "node:test";
import { progress, size } from "../../setup/progress.js";

function screen(isTTY: boolean): { isTTY: boolean; columns: number; text: string; write(text: string): void } {
  return {
    isTTY,
    columns: 100,
    text: "",
    write(text) {
      this.text += text;
    },
  };
}

test("a terminal gets one line that grows, with sizes, and keeps only its result", () => {
  const terminal = screen(true);
  const shown = progress("TensorFlow", "bytes", terminal);
  shown.at(137e6, 274e6, "tensorflow_cpu.whl");
  assert.match(terminal.text, /TensorFlow █{12}░{12} 137\.0 MB \/ 274\.0 MB/);
  shown.done("274.0 MB fetched");
  const lines = terminal.text.split("\n");
  assert.equal(lines.length, 2);
  assert.equal(lines[0]?.split("\r\x1b[K").at(-1), "TensorFlow: 274.0 MB fetched");
});

test("a line never wraps: a bar that is drawn over must fit", () => {
  const terminal = { ...screen(true), columns: 30 };
  const shown = progress("A title that is far too long for it", "bytes", terminal);
  shown.at(1e6, 2e6, "and a note");
  for (const line of terminal.text.split("\r\x1b[K")) assert.ok(line.length < 30, line);
});

test("a log gets a few whole lines without control characters", () => {
  const log = screen(false);
  const shown = progress("TensorFlow", "bytes", log);
  for (let done = 0; done <= 200e6; done += 1e6) shown.at(done, 200e6);
  shown.done("200.0 MB fetched");
  assert.deepEqual(log.text.trim().split("\n"), [
    "TensorFlow…",
    "TensorFlow: 50.0 MB of 200.0 MB",
    "TensorFlow: 100.0 MB of 200.0 MB",
    "TensorFlow: 150.0 MB of 200.0 MB",
    "TensorFlow: 200.0 MB fetched",
  ]);
});

test("sizes are written in powers of ten", () => {
  assert.deepEqual([812e3, 274.05e6, 1.236e9].map(size), ["812 kB", "274.1 MB", "1.24 GB"]);
});
