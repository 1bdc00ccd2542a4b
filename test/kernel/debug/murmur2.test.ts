import assert from "node:assert/strict";
import { test } from "node:test";
import { murmur2 } from "../../../kernel/debug/murmur2.js";

// Computed with `murmur2` of @jupyterlab/debugger 4.6.4 (lib/hash.js), which front ends name cells by.
const expected: readonly [text: string, seed: number, hash: number][] = [
  ["", 0, 0],
  ["", 1315005036, 2627200734],
  ["a", 1, 626045324],
  ["ab", 1, 1692487918],
  ["abc", 1, 1621425345],
  ["abcd", 1, 3376380438],
  ["const x = 1;\nx", 1315005036, 918946530],
  ["ä€😀 ∇", 3339675911, 1977584925],
  ["x".repeat(1001), 7, 597969814],
];

test("texts hash as in JupyterLab", () => {
  for (const [text, seed, hash] of expected) assert.equal(murmur2(text, seed), hash, JSON.stringify(text.slice(0, 20)));
});
