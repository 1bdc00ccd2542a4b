/** Networks that really learn: what `npm run bench -- learn` does in full, in seconds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { learnings } from "../../bench/learn/bench.js";
import { isMet, told } from "../../bench/learn/learning.js";
import { compiles } from "../../src/runtime/index.js";

const options = { skip: compiles() ? false : "too slow without TensorFlow" };

for (const { title, run } of Object.values(learnings)) {
  test(title, options, async () => {
    for (const finding of await run("quick")) assert.ok(isMet(finding), `${finding.what}: ${told(finding)}`);
  });
}
