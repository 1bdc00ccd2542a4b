// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells hold templates.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { stripVTControlCharacters as plain } from "node:util";
import { errorOf, runSteps, type Step, type Transcript, textOf } from "./user-process.js";

const steps = {
  thrower: {
    code: "function fails(x: number): never {\n  // a comment\n  throw new RangeError(`bad ${x}`);\n}\nlet kept = 1;",
  },
  thrown: { code: "const before = 2;\nif (kept) {\n  fails(before);\n}" },
  afterAwait: { code: "await null;\nconst o: any = {};\no.missing.deeper" },
  notAFunction: { code: "let f: any = 5;\nf()" },
  cause: { code: "throw new Error('outer', { cause: new TypeError('inner') })" },
  notAnError: { code: "throw { code: 5 }" },
  thrownText: { code: "const say = () => {\n  throw 'text' as unknown;\n};\nawait null;\nsay()" },
  rethrown: { code: "try {\n  say();\n} catch (error) {\n  throw error;\n}" },
  rejected: { code: "await Promise.reject('other text')" },
  timerText: { code: "setTimeout(() => { throw 7; }, 10);", linger: 60 },
  hostile: { code: "throw new Proxy({}, { get() { throw new Error('trap'); } })" },
  timer: { code: "setTimeout(() => { throw new Error('in a timer'); }, 20); 'set'", linger: 80 },
  rejection: { code: "void Promise.reject(new Error('nobody cares')); 'made'", linger: 20 },
  lateRejection: {
    code: "void (async () => { await new Promise((r) => setTimeout(r, 30)); throw new Error('much later'); })();",
  },
  meanwhile: { code: "await new Promise((r) => setTimeout(r, 100)); 'undisturbed'" },
  exit: { code: "process.exit(3)" },
  abort: { code: "process.abort()" },
  kill: { code: "process.kill(process.pid)" },
  exitLater: { code: "setTimeout(() => process.exit(), 10); 1", linger: 60 },
  stackText: { code: "try {\n  fails(7);\n} catch (e) {\n  console.log((e as Error).stack);\n}" },
  alive: { code: "kept + before" },
} satisfies Record<string, Step>;

let got: Record<keyof typeof steps, Transcript>;
before(async () => {
  const transcripts = await runSteps(Object.values(steps));
  got = Object.fromEntries(Object.keys(steps).map((name, index) => [name, transcripts[index]])) as typeof got;
});

function lateError(found: Transcript): string {
  const [message, ...more] = found.messages;
  assert.ok(message?.type === "late-error" && more.length === 0, JSON.stringify(found.messages));
  return plain(message.error.traceback.join("\n"));
}

test("a traceback lists the user's frames in TypeScript lines, with the line and a caret", () => {
  const error = errorOf(got.thrown);
  assert.equal(error.ename, "RangeError");
  assert.equal(error.evalue, "bad 2");
  const text = plain(error.traceback.join("\n"));
  assert.match(
    text,
    /at In\[1\]:3:9 in fails\n.*1 │ function fails[^\n]*\n.*2 │ {3}\/\/ a comment\n.*3 │ {3}throw new RangeError[^\n]*\n\s+│ {9}\^/,
  );
  assert.match(text, /at In\[2\]:3:3\n.*3 │ {3}fails\(before\);/);
  assert.doesNotMatch(text, /node:|__scope|\.js/);
  assert.deepEqual(got.thrown.defined, ["before"]);
});

test("a place after an await is found too", () => {
  assert.match(plain(errorOf(got.afterAwait).traceback.join("\n")), /In\[3\]:3:11/);
});

test("messages speak of the user's names", () => {
  assert.equal(errorOf(got.notAFunction).evalue, "f is not a function");
});

test("causes follow the error, and whatever is thrown is shown", () => {
  assert.match(plain(errorOf(got.cause).traceback.join("\n")), /^Error: outer[\s\S]*Caused by:\nTypeError: inner/);
  assert.match(plain(errorOf(got.notAnError).traceback.join("\n")), /code: 5 \}\n {2}at In\[\d+\]:1:1\n/);
  assert.equal(got.hostile.outcome.status, "error");
});

test("what is thrown and is no Error has the place of the throw, where that is a cell's", () => {
  const text = (found: Transcript): string => plain(errorOf(found).traceback.join("\n"));
  assert.match(
    text(got.thrownText),
    /^Thrown string: 'text'\n {2}at In\[7\]:2:3 in say\n.*\n.*\n\s+│ {3}\^\n {2}at In\[7\]:5:1\n/,
  );
  assert.match(text(got.rethrown), /^Thrown string: 'text'\n {2}at In\[8\]:4:3\n/);
  assert.equal(
    text(got.rejected),
    "Thrown string: 'other text'\nNot an Error was thrown, so its place is unknown: throw new Error(…).",
  );
  assert.match(lateError(got.timerText), /^Thrown number: 7\n {2}at In\[10\]:1:20/);
});

test("an exception in a timer is an error of the cell that set it", () => {
  assert.equal(textOf(got.timer), "'set'");
  assert.match(lateError(got.timer), /^Error: in a timer\n {2}at In\[12\]:1:26/);
});

test("a rejection that nobody handles is an error of its cell, reported before the cell ends", () => {
  assert.match(lateError(got.rejection), /^Error: nobody cares\n {2}at In\[13\]/);
});

test("a rejection while another cell runs belongs to the cell that made the promise", () => {
  assert.match(lateError(got.lateRejection), /^Error: much later/);
  assert.deepEqual(got.meanwhile.messages, []);
  assert.equal(textOf(got.meanwhile), "'undisturbed'");
});

test("process.exit, abort and kill are errors of the cell, and the kernel lives", () => {
  for (const found of [got.exit, got.abort, got.kill]) {
    assert.equal(errorOf(found).ename, "ExitError");
    assert.match(errorOf(found).evalue, /would end the kernel/);
  }
  assert.match(lateError(got.exitLater), /^ExitError: process\.exit\(\)/);
  assert.equal(textOf(got.alive), "3");
});

test("error.stack speaks of TypeScript lines and hides the kernel", () => {
  assert.match(got.stackText.stdout, /^RangeError: bad 7\n {4}at fails \(In\[1\]:3:9\)\n {4}at In\[20\]:2:3\n/);
  assert.doesNotMatch(got.stackText.stdout, /kernel/);
});
