import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanMappings } from "../../../src/runtime/pages.js";
import { runAlone } from "./alone.js";

const mapping = (range: string, rights: string, file: string, anonymous: number): string =>
  `${range} ${rights} 00000000 fe:00 1234   ${file}\nSize:  8 kB\nAnonymous:    ${anonymous} kB\nVmFlags: rd mr\n`;

test("only what nobody has written to, and of these files, may be dropped", () => {
  const smaps = [
    mapping("1000-3000", "r--p", "/a b/lib.so.2", 0),
    mapping("3000-5000", "r-xp", "/a b/lib.so.2", 0),
    mapping("5000-7000", "r--p", "/a b/lib.so.2", 4),
    mapping("7000-9000", "rw-p", "/a b/lib.so.2", 0),
    mapping("9000-b000", "r--p", "/other/lib.so.2", 0),
    mapping("7f0000000000-7f0000001000", "rw-p", "", 0),
  ].join("");
  assert.deepEqual(cleanMappings(smaps, ["/a b/lib.so.2"]), [
    { start: 0x1000, bytes: 0x2000 },
    { start: 0x3000, bytes: 0x2000 },
  ]);
});

test("TensorFlow, loaded, leaves less than 100 MB in memory and computes", {
  skip: process.platform !== "linux",
}, () => {
  const { stdout, stderr } = runAlone(`
    const before = process.memoryUsage.rss();
    runtimeInfo();
    const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
    console.log(grown, tf.conv2d(tf.ones([1, 8, 8, 1]), tf.ones([3, 3, 1, 1]), 1, "valid").sum().dataSync()[0]);`);
  const [grown, sum] = stdout.split(" ").map(Number);
  assert.ok(grown! < 100, `${grown} MB ${stderr}`);
  assert.equal(sum, 9 * 36);
});
