import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { environmentAt, inspectEnvironment } from "../../setup/environment.js";
import { runWorker, shelf, temporary } from "./killing.js";
import { makeIndex, onlyFrom } from "./wheels.js";

const packages = ["tinyone", "tinytwo"].map((name) => ({
  name,
  version: "1.0",
  tag: "py3-none-any",
  files: { [`${name}/__init__.py`]: "answer = 42\n" },
}));

function answerOf(home: string, lock: string): string {
  const found = inspectEnvironment(home, lock);
  assert.ok(typeof found !== "string", String(found));
  return execFileSync(found.python, ["-I", "-c", "import tinyone, tinytwo; print(tinytwo.answer)"], {
    encoding: "utf8",
  });
}

test("an environment killed at any moment is not trusted, and the next run makes it whole", async (context) => {
  const home = temporary(context);
  const index = shelf(context);
  const lock = makeIndex(index, packages);
  const env = { ...onlyFrom(index), NABLA_HOME: home };
  let cut = 0;
  for (const moment of [250, 500, 1000, 1700, 2500]) {
    const { code } = await runWorker(["environment", lock], env, moment);
    if (code !== null) continue;
    cut++;
    const found = inspectEnvironment(home, lock);
    assert.ok(typeof found === "string", `killed after ${moment} ms, and trusted`);
  }
  assert.ok(cut >= 2, `only ${cut} runs were cut short`);
  const { code, output } = await runWorker(["environment", lock], env);
  assert.equal(code, 0, output);
  assert.equal(answerOf(home, lock).trim(), "42");
  assert.ok(!existsSync(join(home, "tmp")), "temporary files of the killed runs are still there");

  const stamp = join(environmentAt(home, lock).folder, "nabla.json");
  const text = readFileSync(stamp, "utf8");
  writeFileSync(stamp, text.slice(0, 20));
  assert.match(String(inspectEnvironment(home, lock)), /half made/);
  writeFileSync(stamp, text.replace(/"interpreter":"[^"]*"/, '"interpreter":"/usr/bin/python2"'));
  assert.match(String(inspectEnvironment(home, lock)), /is gone from \/usr\/bin\/python2/);
  writeFileSync(stamp, text);
  appendFileSync(lock, "# changed\n");
  assert.match(String(inspectEnvironment(home, lock)), /not there/);
});

test("a home that is a file is refused, with the way out", async (context) => {
  const folder = temporary(context);
  const lock = makeIndex(shelf(context), packages);
  const home = join(folder, "home");
  writeFileSync(home, "");
  const { code, output } = await runWorker(["environment", lock], { ...process.env, NABLA_HOME: home });
  assert.equal(code, 1);
  assert.match(output, /a file in its place\. Set NABLA_HOME to a folder on another disk/);
});
