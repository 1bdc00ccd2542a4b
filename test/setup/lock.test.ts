import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { locked } from "../../setup/lock.js";
import { findPython } from "../../setup/python.js";
import { root } from "../root.js";
import { temporary } from "./killing.js";

test("two set-ups work one after the other", async (context) => {
  const home = temporary(context);
  const { file } = await findPython();
  const order: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    order.push(`${name} ends`);
  };
  await Promise.all([locked(file, home, work("one")), locked(file, home, work("two"))]);
  assert.deepEqual(
    order.map((text) => text.split(" ")[1]),
    ["begins", "ends", "begins", "ends"],
  );
});

test("the lock is free again when its holder is killed, or when its work fails", async (context) => {
  const home = temporary(context);
  const { file } = await findPython();
  const lock = pathToFileURL(join(root, "dist/setup/lock.js")).href;
  const script = `import { locked } from ${JSON.stringify(lock)};
    await locked(${JSON.stringify(file)}, ${JSON.stringify(home)}, () => { console.log("held"); return new Promise(() => {}); });`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  holder.kill("SIGKILL");
  await assert.rejects(
    locked(file, home, () => Promise.reject(new Error("broken"))),
    /broken/,
  );
  assert.equal(await locked(file, home, async () => "mine"), "mine");
});
