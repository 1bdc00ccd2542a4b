import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { replaceFolder, writeWhole } from "../../setup/folder.js";
import { temporary } from "./killing.js";

test("a folder is replaced as a whole, and a failure leaves the old one", async (context) => {
  const home = temporary(context);
  const folder = join(home, "deep", "folder");
  await replaceFolder(folder, (partial) => writeFileSync(join(partial, "a"), "1"));
  await assert.rejects(
    replaceFolder(folder, (partial) => {
      writeFileSync(join(partial, "a"), "2");
      throw new Error("full");
    }),
    /full/,
  );
  assert.equal(readFileSync(join(folder, "a"), "utf8"), "1");
  await replaceFolder(folder, (partial) => writeFileSync(join(partial, "b"), "3"));
  assert.deepEqual(readdirSync(folder), ["b"]);
  assert.deepEqual(readdirSync(join(home, "deep")), ["folder"]);
});

test("what a killed attempt left behind is removed by the next", async (context) => {
  const home = temporary(context);
  mkdirSync(join(home, "folder.partial-1", "x"), { recursive: true });
  mkdirSync(join(home, "folder.partial-old-2"));
  await replaceFolder(join(home, "folder"), () => {});
  assert.deepEqual(readdirSync(home), ["folder"]);
});

test("a file is written whole or not at all", (context) => {
  const home = temporary(context);
  writeWhole(join(home, "new", "file"), "text");
  assert.equal(readFileSync(join(home, "new", "file"), "utf8"), "text");
  mkdirSync(join(home, "taken"));
  assert.throws(() => writeWhole(join(home, "taken"), "text"));
  assert.ok(existsSync(join(home, "taken")));
  assert.deepEqual(readdirSync(home).sort(), ["new", "taken"]);
});
