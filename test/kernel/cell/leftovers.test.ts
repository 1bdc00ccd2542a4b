import assert from "node:assert/strict";
import { before, test } from "node:test";
import { runSteps, type Step, type Transcript, textOf } from "./user-process.js";

const sleep = (milliseconds: number): string => `await new Promise((done) => setTimeout(done, ${milliseconds}));`;

const steps = {
  sets: {
    code: `let ticks = 0;
      setInterval(() => { ticks++; }, 5);
      setTimeout(() => console.log("late"), 2000);
      setTimeout(() => {}, 1);
      process.on("SIGUSR2", () => {});
      process.once("SIGUSR2", () => {});`,
    linger: 60,
  },
  reset: { code: "%reset" },
  after: { code: `${sleep(2100)} process.listenerCount("SIGUSR2")` },
  again: { code: "%reset" },
  own: { code: `setTimeout(() => console.log("mine"), 30);\n%reset\n${sleep(100)}` },
  ofFile: {
    code: `import { writeFileSync } from "node:fs";
      writeFileSync("beats.ts", "export let beats = 0; setInterval(() => { beats++; }, 5);");
      1`,
  },
  importing: { code: `import { beats } from "./beats"; beats` },
  keepsFile: { code: "%reset" },
  beating: { code: `import { beats } from "./beats"; const seen = beats; ${sleep(100)} beats > seen` },
  looks: {
    code: `import { promisify } from "node:util";
      [await promisify(setTimeout)(5, "value"), setTimeout.name, setInterval.length, clearTimeout(setTimeout(() => {}, 1))]`,
  },
} satisfies Record<string, Step>;

let got: Record<keyof typeof steps, Transcript>;
before(async () => {
  const transcripts = await runSteps(Object.values(steps));
  got = Object.fromEntries(Object.keys(steps).map((name, index) => [name, transcripts[index]])) as typeof got;
});

test("%reset ends the timers and the listeners that earlier cells left, and counts those that still went on", () => {
  assert.equal(got.reset.stdout, "Forgot ticks.\nEnded 2 timers and 2 listeners of earlier cells.\n");
  assert.equal(textOf(got.after), "0");
  assert.equal(got.sets.stdout, "");
  assert.equal(got.again.stdout, "There were no names to forget.\n");
});

test("%reset leaves alone what its own cell and what a file set up", () => {
  assert.match(got.own.stdout, /mine/);
  assert.equal(textOf(got.beating), "true");
});

test("setTimeout and setInterval look as Node made them", () => {
  assert.equal(textOf(got.looks), `[ 'value', 'setTimeout', ${setInterval.length}, undefined ]`);
});
