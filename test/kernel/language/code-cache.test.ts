import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readCode, saveCode } from "../../../kernel/language/code-cache.js";

test("compiled code is kept, and that of other versions goes a month after it was written", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "nabla-code-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "compiled", "typescript-6-v20.bin");
  assert.equal(readCode(file), undefined);
  saveCode(file, Buffer.from("first"));
  const [old, recent] = ["typescript-5-v20.bin.17", "typescript-6-v22.bin"].map((name) =>
    join(folder, "compiled", name),
  );
  const day = 24 * 3600 * 1000;
  for (const [path, days] of [
    [old!, 31],
    [recent!, 20],
  ] as const) {
    writeFileSync(path, "other");
    const written = new Date(Date.now() - days * day);
    utimesSync(path, written, written);
  }
  saveCode(file, Buffer.from("second"));
  assert.equal(String(readCode(file)), "second");
  assert.deepEqual([existsSync(old!), existsSync(recent!)], [false, true]);
  saveCode(join(file, "below a file", "x.bin"), Buffer.from("nowhere"));
});
