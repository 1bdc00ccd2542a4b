import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { errorOf, runSteps } from "../user-process.js";

/** Does a process with that id run? One that ended and that nobody has asked for yet (Z) does not. */
function lives(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z\s]/.test(stdout.trim());
}

const named = {
  plain: { code: "%%bash\necho one; echo two >&2\nx='three  ü'; echo \"$x\" `echo four`" },
  fails: { code: "%%bash\necho before\nexit 3" },
  dies: { code: "%%bash\nkill -SEGV $$" },
  empty: { code: "%%bash\n\n" },
  stdin: { code: "%%bash\nread line; echo \"got '$line' $?\"" },
  live: { code: "%%bash\nfor i in 1 2 3; do echo $i; sleep 0.1; done" },
  sleeps: { code: "%%bash\necho $$; sleep 98765 & echo $!; sleep 98764 | cat", press: [400] },
  stubborn: { code: "%%bash\ntrap '' TERM INT; echo $$; while true; do sleep 0.05; done", press: [400] },
  flood: { code: "%%bash\nwhile true; do echo y; done", press: [300] },
  background: { code: "%%bash\nsleep 98763 & echo $!" },
  after: { code: "%env X=1\n%%bash" },
  works: { code: "1 + 1" },
  large: { code: `%%bash\n# ${"x".repeat(140_000)}` },
} as const;

const steps = Object.values(named);
const running = runSteps(steps);
const told = async (name: keyof typeof named) => (await running)[Object.keys(named).indexOf(name)]!;

test("%%bash prints what the script prints, as it comes", async () => {
  const { stdout, stderr, outcome } = await told("plain");
  assert.deepEqual([stdout, stderr, outcome.status], ["one\nthree  ü four\n", "two\n", "ok"]);
  assert.equal((await told("live")).stdout, "1\n2\n3\n");
});

test("an exit code, a signal, no commands and too many are errors", async () => {
  const failed = await told("fails");
  assert.equal(failed.stdout, "before\n");
  assert.deepEqual(errorOf(failed).ename, "BashError");
  assert.match(errorOf(failed).evalue, /exit code 3/);
  assert.match(errorOf(failed).traceback.join("\n"), /In\[2\]:1:1/);
  assert.match(errorOf(await told("dies")).evalue, /SIGSEGV/);
  assert.match(errorOf(await told("empty")).evalue, /expected commands in the lines below/);
  assert.match(errorOf(await told("large")).evalue, /expected at most \d+ bytes, got 140002/);
});

test("a script finds its input empty, not the kernel's", async () => {
  assert.equal((await told("stdin")).stdout, "got '' 1\n");
});

test("Stop ends a script and all that it started, soon", async () => {
  const quiet = await told("sleeps");
  assert.equal(errorOf(quiet).ename, "KeyboardInterrupt");
  const pids = quiet.stdout.trim().split("\n").map(Number);
  assert.equal(pids.length, 2);
  const stubborn = await told("stubborn");
  assert.equal(errorOf(stubborn).ename, "KeyboardInterrupt");
  pids.push(Number(stubborn.stdout));
  for (const pid of pids) assert.ok(!lives(pid), `${pid} lives`);
  assert.ok(Math.min(quiet.stopping, stubborn.stopping) < 300, `${quiet.stopping}, ${stubborn.stopping} ms`);
  const flood = await told("flood");
  assert.equal(errorOf(flood).ename, "KeyboardInterrupt");
  assert.ok(flood.stdout.startsWith("y\ny\n"));
  assert.equal((await told("works")).outcome.status, "ok");
});

test("what a script leaves in the background ends with the kernel", async () => {
  const { outcome, stdout } = await told("background");
  assert.equal(outcome.status, "ok");
  for (let tries = 0; lives(Number(stdout)) && tries < 100; tries++) await new Promise((done) => setTimeout(done, 20));
  assert.ok(!lives(Number(stdout)));
});
