import assert from "node:assert/strict";
import { before, test } from "node:test";
import { errorOf, runSteps, type Step, type Transcript, textOf } from "./user-process.js";

const looping = `const error = new Error("x"); Object.defineProperty(error, "name", { get() { for (;;); } });`;
const broken = {
  "Array.prototype[Symbol.iterator]": "Array.prototype[Symbol.iterator] = null as never;",
  "Promise.prototype.then": "Promise.prototype.then = undefined as never;",
  "Map.prototype.keys": "delete (Map.prototype as any).keys;",
  process: "(globalThis as any).process = null;",
};
const steps: Step[] = [
  { code: `const kept = "kept"; ${looping} throw error;` },
  { code: `${looping} throw error;`, press: [200, 400] },
  ...Object.values(broken).map((code): Step => ({ code })),
  { code: `Set.prototype.add = null as never; await new Promise(() => {})`, press: [200] },
  {
    code: "const mine = Array.prototype.at; Array.prototype.at = function (index) { return mine.call(this, index); }; 1",
  },
  { code: "Array.prototype.at !== mine" },
  { code: "[kept, ...new Map([[1, 2]]).keys(), ...new Set([3]), process.pid > 0]" },
];

let got: Transcript[];
before(async () => {
  got = await runSteps(steps);
});

test("an error with a getter that loops is told all the same, and Stop does not hang in it", () => {
  for (const cell of got.slice(0, 2)) {
    assert.match(errorOf(cell).evalue, /takes longer than 3 s to say what it is/);
    assert.ok(cell.milliseconds < 30_000, `took ${cell.milliseconds} ms`);
  }
});

for (const [index, name] of Object.keys(broken).entries()) {
  test(`a cell that takes ${name} away ends, and is told that it was put back`, () => {
    const cell = got[2 + index] as Transcript;
    assert.equal(cell.outcome.status, "ok");
    assert.match(cell.stderr, /^Put back, because the kernel and packages need it: /);
    assert.ok(cell.stderr.includes(name), cell.stderr);
  });
}

test("Stop ends a cell that waits without what the kernel needs to stop it", () => {
  assert.equal(errorOf(got[6]).ename, "KeyboardInterrupt");
});

test("a function of the user's own in the place of a built-in stays", () => {
  assert.equal(got[7]?.stderr, "");
  assert.equal(textOf(got[8]), "true");
});

test("what was defined before is kept, and built-ins work again", () => {
  assert.equal(textOf(got[9]), "[ 'kept', 1, 3, true ]");
});
