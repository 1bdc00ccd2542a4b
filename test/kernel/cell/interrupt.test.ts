import assert from "node:assert/strict";
import { before, test } from "node:test";
import { errorOf, runSteps, type Step, type Transcript, textOf } from "./user-process.js";

const wait = "await new Promise((resolve) => setTimeout(resolve, 5));";
const hostOf = `const host = () => (globalThis as any)[Symbol.for("nabla.host")];`;

const named = {
  before: { code: `${hostOf} let torn = 0; host().onTorn(() => { torn++; }); let steps = 0;` },
  busy: { code: "const kept = 'kept'; while (true) steps++;", press: [150] },
  keptAfterBusy: { code: "[kept, torn, steps > 0]" },
  busyAfterAwait: { code: `${wait} for (;;) steps++;`, press: [150] },
  waiting: { code: "const early = 1; await new Promise(() => {});", press: [100] },
  zombie: { code: `let beats = 0; while (true) { ${wait} beats++; console.log("beat"); }`, press: [60], linger: 300 },
  zombieDead: { code: `const seen = beats; await new Promise((r) => setTimeout(r, 100)); beats - seen` },
  graceful: {
    code: `await new Promise((_, reject) => host().signal.addEventListener("abort", () => {
      const error = new Error("fit: stopped at step 7; call fit again to go on."); error.name = "InterruptedError"; reject(error); }));`,
    press: [50],
  },
  finishes: {
    code: `await new Promise<void>((done) => host().signal.addEventListener("abort", () => done())); "tidy"`,
    press: [50],
  },
  shielded: {
    code: `let whole = 0; while (true) host().shield(() => { const end = Date.now() + 30; while (Date.now() < end); whole++; });`,
    press: [100],
  },
  shieldState: { code: "whole > 0" },
  input: { code: `await host().input("name? ")`, press: [50] },
  heardThenBusy: {
    code: `while (true) { ${wait} if (host().signal.aborted) for (;;) steps++; }`,
    press: [50],
  },
  closing: {
    code: `await new Promise((done) => host().signal.addEventListener("abort", done));
      await host().closing(() => new Promise((done) => setTimeout(done, 400))); "in order"`,
    press: [50],
  },
  closesLate: {
    code: `await new Promise((done) => host().signal.addEventListener("abort", done));
      const busy = () => { for (const end = Date.now() + 40; Date.now() < end; ); };
      await host().closing(() => new Promise<void>((done) => setTimeout(() => setImmediate(() => { busy(); done(); }), 200)));
      throw Object.assign(new Error("stopped at step 9"), { name: "InterruptedError" });`,
    press: [50],
  },
  forgotten: {
    code: `let ticks = 0; const mine = host().signal;
      void (async () => { while (!mine.aborted) { ticks++; await new Promise((r) => setTimeout(r, 1)); } ticks = -1; })();`,
  },
  meanwhile: { code: `await new Promise(() => {})`, press: [50] },
  forgottenEnded: { code: `${wait} [ticks, mine.aborted, host().signal.aborted]` },
  freshSignal: {
    code: `let fresh = [true]; let go = () => {};
      void new Promise<void>((r) => { go = r; }).then(() => { fresh = [host().signal.aborted]; });`,
  },
  stopsAgain: { code: `await new Promise(() => {})`, press: [50] },
  freshAgain: { code: `go(); await null; await null; fresh` },
  stuckValue: {
    code: `({ [Symbol.for("nodejs.util.inspect.custom")]: () => { for (;;) steps++; } })`,
    press: [100],
  },
  after: {
    code: `let timers = 0; setTimeout(() => { timers++; console.log("timer"); }, 10); ${wait} console.log("out"); "fine"`,
    linger: 50,
  },
} satisfies Record<string, Step>;

const moving = [
  "while (true) steps++;",
  `${wait} while (true) steps++;`,
  "await new Promise(() => {});",
  "await new Promise(() => setTimeout(() => { for (;;) steps++; }, 5));",
  "const storm = async (): Promise<void> => { steps++; await 0; return storm(); }; await storm();",
];
const tears = Array.from({ length: 200 }, (_, i): Step => ({ code: moving[i % moving.length]!, press: [10, 3000] }));

let got: Record<keyof typeof named, Transcript>;
let torn: Transcript[];
let last: Transcript | undefined;
before(async () => {
  const names = Object.keys(named);
  const end = {
    code: `setTimeout(() => console.log("timer"), 5); ${wait} await null; [torn, kept, ticks]`,
    linger: 60,
  };
  const transcripts = await runSteps([...Object.values(named), ...tears, end]);
  got = Object.fromEntries(names.map((name, index) => [name, transcripts[index]])) as typeof got;
  torn = transcripts.slice(names.length, -1);
  last = transcripts.at(-1);
});

test("a busy loop ends as KeyboardInterrupt, and its definitions stay", () => {
  for (const cell of [got.busy, got.busyAfterAwait, got.stuckValue]) {
    assert.equal(errorOf(cell).ename, "KeyboardInterrupt");
    assert.ok(cell.stopping < 5000, `took ${cell.stopping} ms`);
  }
  assert.deepEqual(got.busy.defined, ["kept"]);
  assert.equal(textOf(got.keptAfterBusy), "[ 'kept', 1, true ]");
});

test("a cell that waits for ever ends soon", () => {
  assert.equal(errorOf(got.waiting).ename, "KeyboardInterrupt");
  assert.ok(got.waiting.stopping < 5000, `took ${got.waiting.stopping} ms`);
  assert.deepEqual(got.waiting.defined, ["early"]);
});

test("a stopped loop of awaits dies at its next output", () => {
  assert.equal(errorOf(got.zombie).ename, "KeyboardInterrupt");
  assert.equal(textOf(got.zombieDead), "0");
  assert.deepEqual(got.zombie.messages, []);
});

test("a library that stops by itself keeps its message, or its result", () => {
  assert.equal(errorOf(got.graceful).ename, "KeyboardInterrupt");
  assert.match(errorOf(got.graceful).evalue, /stopped at step 7/);
  assert.equal(textOf(got.finishes), "'tidy'");
});

test("shielded work is torn between two shields", () => {
  assert.equal(errorOf(got.shielded).ename, "KeyboardInterrupt");
  assert.equal(textOf(got.shieldState), "true");
});

test("what heard Stop and loops all the same needs no second press", () => {
  assert.equal(errorOf(got.heardThenBusy).ename, "KeyboardInterrupt");
  assert.ok(got.heardThenBusy.stopping < 5000, `took ${got.heardThenBusy.stopping} ms`);
});

test("a cell that says that it puts things in order gets the time", () => {
  assert.equal(textOf(got.closing), "'in order'");
});

test("what a cell has come to is told, also when the event loop is late and Stop's own time is up", () => {
  assert.match(errorOf(got.closesLate).evalue, /stopped at step 9/);
});

test("Stop reaches what earlier cells began without await, and what they begin later is not stopped", () => {
  assert.equal(textOf(got.forgottenEnded), "[ -1, true, false ]");
  assert.equal(textOf(got.freshAgain), "[ false ]");
});

test("a question to the user ends with the interrupt", () => {
  assert.equal(errorOf(got.input).ename, "KeyboardInterrupt");
});

test("timers, awaits and output belong to their cell after interrupts of all kinds", () => {
  assert.equal(textOf(got.after), "'fine'");
  assert.deepEqual(got.after.stdout.split("\n").sort(), ["", "out", "timer"]);
});

test("two hundred interrupts in a row, of all kinds, leave a working event loop and all state", () => {
  for (const cell of torn) assert.equal(errorOf(cell).ename, "KeyboardInterrupt");
  assert.match(String(textOf(last)), /^\[ \d{3,}, 'kept', -1 \]$/);
  assert.equal(last?.stdout, "timer\n");
});
