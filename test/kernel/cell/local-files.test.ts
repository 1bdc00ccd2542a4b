import assert from "node:assert/strict";
import { test } from "node:test";
import { errorOf, runSteps, textOf } from "./user-process.js";

const write = (name: string, text: string): string =>
  `require("node:fs").writeFileSync(${JSON.stringify(name)}, ${JSON.stringify(text)});`;

test("Stop ends a local module that loops or waits while it is evaluated, and it can be imported again", async () => {
  const loop = "export const started = true; for (;;) { /* never ends */ }";
  const wait = "export const started = true; await new Promise(() => {});";
  const load = (name: string): string => `const { n } = await import("./${name}" as string); n`;
  const [, looped, kept, mended, again, waited, mendedToo, last] = await runSteps([
    {
      code: `let before = 1; ${write("loop.ts", loop)} ${write("wait.ts", wait)} ${write("top.ts", 'export { n } from "./wait";')}`,
    },
    { code: load("loop"), press: [400] },
    { code: "before" },
    { code: write("loop.ts", "export const n = 1;") },
    { code: load("loop") },
    { code: load("top"), press: [400] },
    { code: write("wait.ts", "export const n = await Promise.resolve(2);") },
    { code: load("top") },
  ]);
  assert.equal(errorOf(looped).ename, "KeyboardInterrupt");
  assert.equal(textOf(kept), "1");
  assert.equal(mended?.outcome.status, "ok");
  assert.equal(textOf(again), "1");
  assert.equal(errorOf(waited).ename, "KeyboardInterrupt");
  assert.equal(mendedToo?.outcome.status, "ok");
  assert.equal(textOf(last), "2");
});
